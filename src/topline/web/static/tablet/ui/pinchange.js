/* Choose another PIN. The present one is asked again, because the tablet never kept it. */

import { changePin } from "../data/session.js";
import { announce, h, icon } from "../lib/dom.js";
import { words } from "../words.en.js";
import { openDialog } from "./dialog.js";

const VALID = /^\d{4,8}$/;

// A text field shown as dots: a password field would make the browser offer to keep the PIN on a shared tablet.
function pinField(id, label, help) {
  const input = h("input", { id, class: "input t-code t-secret", type: "text", inputmode: "numeric", autocomplete: "off", maxlength: 8, "aria-describedby": `${id}-help ${id}-error`, "data-testid": id });
  const line = h("p", { class: "field__error", id: `${id}-error`, hidden: true });
  const fail = (message) => {
    line.hidden = !message;
    line.replaceChildren(...(message ? [icon("alert"), message] : []));
    if (message) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  };
  const element = h("div", { class: "field" }, h("label", { class: "field__label", for: id, text: label }), input, help ? h("p", { class: "field__help", id: `${id}-help`, text: help }) : null, line);
  return { element, input, fail };
}

/** `asked`: a manager gave the present PIN, so the person is asked to change it now. */
export function pinDialog(root, { asked }) {
  const w = words.pinChange;
  const current = pinField("pin-current", w.current);
  const fresh = pinField("pin-new", w.fresh, w.freshHelp);
  const again = pinField("pin-again", w.again);
  const submit = h("button", { class: "button button--primary button--large", type: "submit", text: w.submit, data: { testid: "pin-change-submit" } });
  const fields = [current, fresh, again];

  function complain(problems) {
    fields.forEach((field, at) => field.fail(problems[at] ?? null));
    const first = fields.find((field) => field.input.hasAttribute("aria-invalid"));
    first?.input.focus();
    return Boolean(first);
  }

  function explain(answer) {
    if (answer.kind === "later") return [words.pin.noConnection];
    if (answer.status === 429) return [words.pin.paused(words.seconds(answer.retryAfter ?? 30))];
    if (answer.code === "pin_wrong") return [w.wrong];
    if (answer.code === "pin_disabled") return [words.pin.disabled];
    return [null, answer.errors?.[0]?.message ?? answer.detail ?? words.pin.failed];
  }

  async function send(event) {
    event.preventDefault();
    const [now, wanted, repeated] = fields.map((field) => field.input.value.trim());
    if (complain([VALID.test(now) ? null : w.format, VALID.test(wanted) ? null : w.format, wanted === repeated ? null : w.different])) return;
    submit.setAttribute("aria-busy", "true");
    const answer = await changePin(now, wanted);
    submit.removeAttribute("aria-busy");
    if (answer.kind !== "ok") {
      complain(explain(answer));
      return;
    }
    announce(w.done);
    dialog.close();
  }

  const form = h(
    "form",
    { class: "form", novalidate: true, autocomplete: "off", on: { submit: send } },
    asked ? h("p", { class: "muted", text: w.lead }) : null,
    fields.map((field) => field.element),
    h(
      "div",
      { class: "dialog__actions" },
      h("button", { class: "button button--large", type: "button", text: asked ? w.later : words.cancel, data: { testid: "pin-change-later" }, on: { click: () => dialog.close() } }),
      submit,
    ),
  );
  const dialog = openDialog(root, { title: asked ? w.title : w.open, testid: "pin-change", body: form });
  current.input.focus();
}
