/* A person's own screen: what to log, how the day stands, and the way back. */

import { isOnline } from "../data/connection.js";
import { dayView } from "../data/day.js";
import { device } from "../data/device.js";
import { queued } from "../data/queue.js";
import { loadFailed, refreshMe, session, signOut } from "../data/session.js";
import { announce, avatar, h, icon, setText, toggle } from "../lib/dom.js";
import { longDate, serverNow } from "../lib/time.js";
import { words } from "../words.en.js";
import { behaviorTiles } from "./behaviors.js";
import { dayList } from "./daylist.js";
import { watchIdle } from "./idle.js";
import { linkPill } from "./link.js";
import { pinDialog } from "./pinchange.js";
import { statsRow } from "./stats.js";
import { undoBar } from "./undobar.js";

const IDLE_SECONDS = 30;

export function logScreen(root) {
  const w = words.log;
  const { person } = session();
  const link = linkPill();
  const where = h("span", { class: "t-me__where" });
  const done = h("button", { class: "button t-done", type: "button", text: w.done, data: { testid: "done" }, on: { click: leave } });
  const stats = statsRow();
  const undo = undoBar();
  const tiles = behaviorTiles(root, { logged: (row) => undo.show(row) });
  const state = h("div", { class: "state", hidden: true });
  const day = dayList(root, { hold: (ms) => idle.hold(ms) });
  const name = h("h1", { class: "t-me__name", text: person.display_name, tabindex: "-1" });

  const screen = h(
    "div",
    { class: "t-log", data: { testid: "screen-log", personId: person.id } },
    h("header", { class: "t-log__head" }, h("div", { class: "t-me" }, avatar(person, "avatar--medium"), h("div", { class: "t-me__text" }, name, where)), h("div", { class: "t-log__tools" }, link.element, done)),
    h("main", { class: "t-log__main" }, stats.element, h("h2", { class: "visually-hidden", text: w.behaviors }), state, tiles.element),
    h("aside", { class: "t-log__side" }, day.element, undo.element),
  );
  root.append(screen);
  const idle = watchIdle(root, device()?.organization.idle_seconds ?? IDLE_SECONDS, () => signOut("idle"));

  async function leave() {
    done.setAttribute("aria-busy", "true");
    await signOut("done");
  }

  function update() {
    const current = session();
    if (!current || current.person.id !== person.id) return;
    link.update();
    toggle(state, !current.me || current.me.behaviors.length === 0);
    if (!current.me) return void drawState(current);
    const view = dayView(current.me, queued(), serverNow());
    setText(where, [person.department_name, longDate(view.date)].filter(Boolean).join(" · "));
    stats.update(view);
    tiles.update(view.behaviors);
    day.update(view);
    undo.update(view);
    if (!view.behaviors.length) drawState(current);
  }

  function drawState({ me }) {
    const failed = !me && loadFailed();
    const title = me ? w.none : failed ? w.loadFailed : words.loading;
    const help = me ? w.noneHelp : failed ? w.loadFailedHelp : "";
    if (state.dataset.title === title) return;
    state.dataset.title = title;
    state.replaceChildren(
      h("span", { class: "state__icon" }, icon(failed ? "alert" : "clipboard-check")),
      h("p", { class: "state__title", text: title }),
      h("p", { class: "state__text", text: help }),
      failed ? h("div", { class: "state__actions" }, h("button", { class: "button button--primary", type: "button", text: words.retry, on: { click: retry } })) : "",
    );
  }

  function retry(event) {
    event.currentTarget.setAttribute("aria-busy", "true");
    delete state.dataset.title;
    refreshMe().then(update);
  }

  update();
  name.focus({ preventScroll: true });
  announce(w.signedIn(person.display_name));
  const minute = setInterval(update, 15_000); // the day may turn, "just now" gets old

  if (session().must_change_pin && isOnline()) pinDialog(root, { asked: true });

  return {
    update,
    connection(online) {
      announce(online ? words.link.back : words.link.offline("").trim());
      if (online && isOnline()) refreshMe();
    },
    destroy() {
      clearInterval(minute);
      idle.stop();
      tiles.destroy();
      for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
    },
  };
}
