/* The first screen of a new tablet: a manager's code and a name. */

import { enroll, refreshDevice } from "../data/device.js";
import { queued } from "../data/queue.js";
import { resume } from "../data/sender.js";
import { announce, h, icon } from "../lib/dom.js";
import { words } from "../words.en.js";

function field(id, label, help, attributes) {
  const input = h("input", { id, class: "input", required: true, autocomplete: "off", "aria-describedby": `${id}-help ${id}-error`, ...attributes });
  const error = h("p", { class: "field__error", id: `${id}-error`, hidden: true });
  const element = h(
    "div",
    { class: "field" },
    h("label", { class: "field__label", for: id, text: label }),
    input,
    help ? h("p", { class: "field__help", id: `${id}-help`, text: help }) : null,
    error,
  );
  const fail = (message) => {
    error.replaceChildren(...(message ? [icon("alert"), message] : []));
    error.hidden = !message;
    if (message) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  };
  return { element, input, fail };
}

export function enrollScreen(root, { lost }) {
  const w = words.enroll;
  const kept = queued().length;
  const code = field("enroll-code", w.code, null, { class: "input t-code", inputmode: "text", autocapitalize: "characters", spellcheck: "false", maxlength: "40", "data-testid": "enroll-code" });
  const name = field("enroll-name", w.name, w.nameHelp, { maxlength: "80", "data-testid": "enroll-name" });
  const submit = h("button", { class: "button button--primary button--large button--block", type: "submit", text: w.submit, "data-testid": "enroll-submit" });

  async function send(event) {
    event.preventDefault();
    code.fail(code.input.value.trim() ? null : w.codeMissing);
    name.fail(name.input.value.trim() ? null : w.nameMissing);
    const missing = [code, name].find((one) => one.input.hasAttribute("aria-invalid"));
    if (missing) return missing.input.focus();
    submit.setAttribute("aria-busy", "true");
    const answer = await enroll(code.input.value.trim(), name.input.value.trim());
    submit.removeAttribute("aria-busy");
    if (answer.kind === "ok") {
      resume();
      await refreshDevice();
      return undefined;
    }
    const message = explain(answer);
    const about = answer.errors?.find((one) => one.field === "name") ? name : code;
    about.fail(message);
    about.input.focus();
    return announce(message, true);
  }

  root.append(
    h(
      "main",
      { class: "t-plain", data: { testid: "screen-enroll" } },
      h(
        "form",
        { class: "t-card form", novalidate: true, on: { submit: send } },
        h("div", {}, h("h1", { text: w.title, tabindex: "-1" }), h("p", { class: "muted t-lead", text: w.lead })),
        lost || kept
          ? h("div", { class: "banner banner--neutral", role: "alert" }, icon("alert"), h("span", { class: "banner__text", text: [lost ? w.lost : "", kept ? w.kept(kept) : ""].join(" ").trim() }))
          : null,
        code.element,
        name.element,
        submit,
      ),
    ),
  );
  code.input.focus();
  return { update() {}, destroy() {} };
}

function explain(answer) {
  const w = words.enroll;
  if (answer.kind === "later") return words.pin.noConnection;
  if (answer.status === 429) return w.tooMany(words.seconds(answer.retryAfter ?? 60));
  const name = answer.errors?.find((one) => one.field === "name");
  return name?.message ?? (answer.code === "enrollment_code_invalid" ? w.wrong : (answer.detail ?? w.wrong));
}
