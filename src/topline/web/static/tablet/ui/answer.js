/* The one answer a person may give to a rejection. */

import { answerIt } from "../data/acts.js";
import { h, icon } from "../lib/dom.js";
import { words } from "../words.en.js";
import { openDialog } from "./dialog.js";
import { detailsOf, stateOf } from "./text.js";

const LONGEST = 500;

export function answerDialog(root, row) {
  const w = words.answer;
  const text = h("textarea", { id: "answer-text", class: "input", rows: 4, maxlength: LONGEST, "aria-describedby": "answer-error answer-help", "data-testid": "answer-text" });
  const error = h("p", { class: "field__error", id: "answer-error", hidden: true }, icon("alert"), w.missing);

  async function send(event) {
    event.preventDefault();
    const said = text.value.trim();
    error.hidden = said !== "";
    text.toggleAttribute("aria-invalid", said === "");
    if (!said) return text.focus();
    await answerIt(row, said);
    return dialog.close();
  }

  const form = h(
    "form",
    { class: "form", novalidate: true, on: { submit: send } },
    h(
      "div",
      { class: "t-answer__about" },
      h("strong", { text: row.behavior_name }),
      h("span", { class: "muted", text: detailsOf(row) }),
      h("span", { class: "pill pill--losing", text: stateOf(row).text }),
      row.reject_note ? h("span", { text: words.day.managerNote(row.reject_note) }) : null,
    ),
    h("div", { class: "field" }, h("label", { class: "field__label", for: "answer-text", text: w.field }), text, h("p", { class: "field__help", id: "answer-help", text: w.help }), error),
    h(
      "div",
      { class: "dialog__actions" },
      h("button", { class: "button button--large", type: "button", text: words.cancel, on: { click: () => dialog.close() } }),
      h("button", { class: "button button--primary button--large", type: "submit", text: w.submit, data: { testid: "answer-submit" } }),
    ),
  );
  const dialog = openDialog(root, { title: w.title, testid: "answer", body: form });
  text.focus();
}
