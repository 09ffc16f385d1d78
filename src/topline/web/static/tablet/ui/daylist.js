/* "My day": each log with its details and its state, and what the person can still do about it. */

import { photoIt, putAway, undoIt } from "../data/acts.js";
import { shrink } from "../data/photo.js";
import { announce, h, icon, keyed, toggle } from "../lib/dom.js";
import { clock, shortDate } from "../lib/time.js";
import { words } from "../words.en.js";
import { answerDialog } from "./answer.js";
import { pinDialog } from "./pinchange.js";
import { detailsOf, reasonOf, stateOf } from "./text.js";

const CAMERA_MS = 180_000;

export function dayList(root, { hold }) {
  const w = words.day;
  const empty = h("div", { class: "t-day__empty" }, h("p", { text: w.empty }), h("p", { class: "muted", text: w.emptyHelp }));
  const list = h("ul", { class: "t-day__list", role: "list", data: { testid: "my-day" } });
  const earlierTitle = h("h3", { class: "t-day__earlier", text: w.earlier });
  const earlier = h("ul", { class: "t-day__list", role: "list", data: { testid: "earlier" } });
  const camera = h("input", { type: "file", accept: "image/*", capture: "environment", class: "visually-hidden", tabindex: "-1", "aria-hidden": "true", data: { testid: "photo-input" } });
  const problem = h("p", { class: "banner banner--losing", role: "alert", hidden: true });
  const element = h(
    "section",
    { class: "t-day", "aria-label": w.title },
    h("h2", { text: w.title }),
    problem,
    empty,
    list,
    earlierTitle,
    earlier,
    camera,
    h("button", { class: "button button--quiet t-day__pin", type: "button", data: { testid: "pin-change-open" }, on: { click: () => pinDialog(root, { asked: false }) } }, icon("key"), words.pinChange.open),
  );
  let photoFor = null;

  camera.addEventListener("change", async () => {
    const [file] = camera.files;
    const row = photoFor;
    camera.value = "";
    hold(0);
    if (!file || !row) return;
    toggle(problem, false);
    try {
      await photoIt(row, await shrink(file));
      announce(words.photo.added);
    } catch (error) {
      problem.textContent = error.message === "too_big" ? words.photo.tooBig : words.photo.unreadable;
      toggle(problem, true);
    }
  });
  camera.addEventListener("cancel", () => hold(0));

  function takePhoto(row) {
    photoFor = row;
    hold(CAMERA_MS);
    camera.click();
  }

  function row(one) {
    const state = stateOf(one);
    const time = clock(one.occurred_at);
    const action = (text, testid, label, name, click, tone = "") =>
      h("button", { class: `button t-day__act ${tone}`.trim(), type: "button", "aria-label": label, data: { testid }, on: { click } }, icon(name), text);
    return h(
      "li",
      { class: "t-day__row", data: { testid: "log", logId: one.id, state: one.state } },
      h("div", { class: "t-day__top" }, h("strong", { text: one.behavior_name }), h("span", { class: "number muted", text: one.earlier && one.business_date ? shortDate(one.business_date) : time })),
      h("p", { class: "t-day__details", text: detailsOf(one) }),
      one.reject_note && one.state === "rejected" ? h("p", { class: "t-day__said", text: w.managerNote(one.reject_note) }) : null,
      one.answer || one.answerQueued ? h("p", { class: "t-day__said", text: w.yourAnswer(one.answer ?? one.answerQueued) }) : null,
      h(
        "div",
        { class: "t-day__state" },
        h("span", { class: `pill${state.tone ? ` pill--${state.tone}` : ""}`, data: { testid: "log-state" } }, state.icon ? icon(state.icon) : null, state.text),
        one.answerQueued ? h("span", { class: "pill pill--neutral", text: w.answerSaved }) : null,
        one.photoQueued ? h("span", { class: "pill pill--neutral", text: w.photoSaved }) : null,
        one.has_evidence ? h("span", { class: "pill" }, icon("camera"), w.photoThere) : null,
        one.refusedKind ? h("span", { class: "pill pill--losing", data: { testid: "log-failed" } }, icon("alert"), w.failed[one.refusedKind](reasonOf(one))) : null,
      ),
      one.canUndo ? action(w.undo, "log-undo", w.undoOf(one.behavior_name, time), "undo", () => undoIt(one), "button--quiet t-day__undo") : null,
      h(
        "div",
        { class: "t-day__acts" },
        one.needsPhoto && !one.photoQueued && one.state !== "undoing" && one.state !== "refused"
          ? action(w.addPhoto, "log-photo", w.photoOf(one.behavior_name, time), "camera", () => takePhoto(one))
          : null,
        one.canAnswer ? action(w.answer, "log-answer", w.answerOf(one.behavior_name, time), "message", () => answerDialog(root, one), "button--bad") : null,
        one.refusedKey ? action(w.understood, "log-understood", w.understood, "check", () => putAway(one.refusedKey)) : null,
      ),
    );
  }

  function draw(target, rows, isEarlier) {
    keyed(
      target,
      rows.map((one) => ({ ...one, earlier: isEarlier })),
      (one) => one.id,
      (one) => JSON.stringify(one),
      row,
    );
  }

  function update(view) {
    toggle(empty, view.rows.length === 0);
    draw(list, view.rows, false);
    toggle(earlierTitle, view.earlier.length > 0);
    draw(earlier, view.earlier, true);
  }

  return { element, update };
}
