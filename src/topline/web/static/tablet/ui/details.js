/* Optional details of a log. Only what the behavior asks for is shown; nothing is required. */

import { device } from "../data/device.js";
import { h, icon } from "../lib/dom.js";
import { exampleAmount, parseMinor } from "../lib/money.js";
import { words } from "../words.en.js";
import { openDialog } from "./dialog.js";
import { money } from "./text.js";

const PLACE_MAX = 10;
const NOTE_MAX = 500;
const COVERS_MAX = 500;
const AMOUNT_MAX = 1_000_000; // in whole units of the currency

function field(id, label, control, error) {
  return h(
    "div",
    { class: "field" },
    h("label", { class: "field__label", for: id }, label, " ", h("span", { class: "field__optional", text: words.optional })),
    control,
    error,
  );
}

const errorLine = (id) => h("p", { class: "field__error", id, hidden: true });

function mark(input, line, message) {
  line.hidden = !message;
  line.replaceChildren(...(message ? [icon("alert"), message] : []));
  if (message) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

/** `submit(body)` gets {outcome?, place?, amount_minor?, covers?, note?}; `closed` runs when the dialog ends without it too. */
export function detailsDialog(root, { behavior, outcome, submit, closed }) {
  const w = words.details;
  const { currency, currency_digits: digits = 2 } = device()?.organization ?? {};
  const place = h("input", { id: "d-place", class: "input", maxlength: PLACE_MAX, autocomplete: "off", "data-testid": "details-place" });
  const amount = h("input", { id: "d-amount", class: "input input--number", inputmode: "decimal", autocomplete: "off", maxlength: 16, "aria-describedby": "d-amount-error", "data-testid": "details-amount" });
  const amountError = errorLine("d-amount-error");
  const covers = h("input", { id: "d-covers", class: "input input--number", inputmode: "numeric", autocomplete: "off", maxlength: 3, "aria-describedby": "d-covers-error", "data-testid": "details-covers" });
  const coversError = errorLine("d-covers-error");
  const note = h("textarea", { id: "d-note", class: "input", rows: 2, maxlength: NOTE_MAX, "data-testid": "details-note" });
  let chosen = outcome;

  const step = (by) => {
    const now = Number.parseInt(covers.value, 10) || 0;
    covers.value = String(Math.min(COVERS_MAX, Math.max(1, now + by)));
    mark(covers, coversError, null);
  };
  const choices = h(
    "div",
    { class: "segmented", role: "radiogroup", "aria-label": w.outcome },
    ["offered", "accepted", "declined"].map((value) => {
      const radio = h("input", { type: "radio", name: "d-outcome", value, checked: value === chosen, data: { testid: `details-${value}` }, on: { change: () => (chosen = value) } });
      return h("label", { class: "segmented__option" }, radio, h("span", { class: "segmented__label", text: w[value] }));
    }),
  );

  function send(event) {
    event.preventDefault();
    const minor = behavior.asks_amount ? parseMinor(amount.value, digits) : null;
    const count = behavior.asks_covers && covers.value.trim() ? Number(covers.value.trim()) : null;
    const tooMuch = minor !== null && minor > AMOUNT_MAX * 10 ** digits;
    mark(amount, amountError, Number.isNaN(minor) ? w.badAmount(exampleAmount(digits)) : tooMuch ? w.tooMuch(money(AMOUNT_MAX * 10 ** digits)) : null);
    mark(covers, coversError, count === null || (Number.isInteger(count) && count >= 1 && count <= COVERS_MAX) ? null : w.badCovers);
    const wrong = [amount, covers].find((input) => input.hasAttribute("aria-invalid"));
    if (wrong) return wrong.focus();
    const body = {};
    if (chosen) body.outcome = chosen;
    if (behavior.place_label && place.value.trim()) body.place = place.value.trim();
    if (minor !== null) body.amount_minor = minor;
    if (count !== null) body.covers = count;
    if (note.value.trim()) body.note = note.value.trim();
    submit(body);
    return dialog.close();
  }

  const form = h(
    "form",
    { class: "form", novalidate: true, on: { submit: send } },
    behavior.asks_outcome ? choices : null,
    h(
      "div",
      { class: "t-details__row" },
      behavior.place_label ? field("d-place", w[behavior.place_label], place) : null,
      behavior.asks_amount ? field("d-amount", w.amount(currency ?? ""), amount, amountError) : null,
      behavior.asks_covers
        ? field(
            "d-covers",
            w.covers,
            h(
              "div",
              { class: "stepper" },
              h("button", { class: "button button--icon", type: "button", "aria-label": w.fewer, on: { click: () => step(-1) } }, icon("minus")),
              covers,
              h("button", { class: "button button--icon", type: "button", "aria-label": w.more, on: { click: () => step(1) } }, icon("plus")),
            ),
            coversError,
          )
        : null,
    ),
    field("d-note", w.note, note),
    h(
      "div",
      { class: "dialog__actions" },
      h("button", { class: "button button--large", type: "button", text: words.cancel, data: { testid: "details-cancel" }, on: { click: () => dialog.close() } }),
      h("button", { class: "button button--primary button--large", type: "submit", text: w.submit, data: { testid: "details-submit" } }),
    ),
  );
  const dialog = openDialog(root, { title: behavior.name, testid: "details", body: form, closed });
  const first = [behavior.place_label && place, behavior.asks_amount && amount, note].find(Boolean);
  first.focus();
}
