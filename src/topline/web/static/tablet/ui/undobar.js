/* The big Undo for the last log. It stays until the person leaves the screen. */

import { undoIt } from "../data/acts.js";
import { announce, h, icon, setText, toggle } from "../lib/dom.js";
import { clock, serverNow } from "../lib/time.js";
import { words } from "../words.en.js";
import { detailsOf } from "./text.js";

export function undoBar() {
  const w = words.undo;
  let last = null; // the row as it was logged
  let lastAt = 0;
  const title = h("p", { class: "t-undo__title" });
  const line = h("p", { class: "t-undo__line" });
  const button = h("button", { class: "button button--large t-undo__button", type: "button", data: { testid: "undo" }, on: { click: takeBack } }, icon("undo"), w.action);
  const element = h("div", { class: "t-undo", hidden: true, role: "group", data: { testid: "undo-bar" } }, h("div", { class: "t-undo__text" }, title, line), button);

  async function takeBack() {
    if (!last) return;
    toggle(button, false);
    await undoIt(last);
    announce(w.undone(last.behavior_name));
  }

  function show(row) {
    last = row;
    lastAt = serverNow();
    element.hidden = false;
    draw(row);
  }

  function draw(row) {
    const gone = !row || row.state === "undone" || row.state === "undoing";
    const tooLate = Boolean(row && !gone && row.undo_until && Date.parse(row.undo_until) < serverNow());
    const decided = Boolean(row && !gone && row.local === false && !row.can_undo);
    const details = detailsOf({ ...last, note: null });
    const when = serverNow() - lastAt < 30_000 ? w.now : clock(lastAt);
    setText(title, gone ? w.undone(last.behavior_name) : w.logged(last.behavior_name));
    setText(line, gone ? w.undoneHelp : [details === words.details.none ? null : details, row.state === "saved" ? w.onTablet : null, when, tooLate || decided ? w.tooLate : null].filter(Boolean).join(" · "));
    element.dataset.state = gone ? "undone" : "logged";
    toggle(button, !gone && !tooLate && !decided);
    toggle(element, row?.state !== "refused");
  }

  /** Follow the log: confirmed, undone from the list, refused. */
  function update(view) {
    if (!last) return;
    const row = [...view.rows, ...view.earlier].find((one) => one.id === last.id) ?? null;
    draw(row);
  }

  return { element, show, update };
}
