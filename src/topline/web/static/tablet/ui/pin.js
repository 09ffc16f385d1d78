/* The PIN pad. The digits live in one variable of one open pad and are gone with it. */

import { signIn } from "../data/session.js";
import { announce, avatar, h, icon, setText } from "../lib/dom.js";
import { words } from "../words.en.js";

const SHORTEST = 4;
const LONGEST = 8;
const pausedUntil = new Map(); // person id → performance.now() time: choosing another name and coming back does not hide the pause

export function pinPad(person, { leave }) {
  const w = words.pin;
  let digits = "";
  let busy = false;
  let timer = null;

  const dots = h("div", { class: "pin-dots", role: "img", "aria-label": w.entered(0), data: { testid: "pin-dots" } });
  const message = h("p", { class: "t-pin__message", data: { testid: "pin-message" } });
  const keys = new Map();
  const key = (label, testid, press, content = label, extra = "") => {
    const button = h("button", { class: `keypad__key ${extra}`.trim(), type: "button", "aria-label": label, data: { testid }, on: { click: press } }, content);
    keys.set(testid, button);
    return button;
  };
  const numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => key(String(n), `pin-${n}`, () => add(String(n))));
  const erase = key(w.back, "pin-back", remove, icon("backspace"));
  const ok = key(w.ok, "pin-ok", submit, w.ok, "t-pin__ok");

  const element = h(
    "section",
    { class: "t-pin", "aria-label": w.title(person.display_name), data: { testid: "pin" } },
    avatar(person, "avatar--huge"),
    h("h2", { class: "t-pin__name", text: person.display_name, tabindex: "-1" }),
    dots,
    message,
    h("div", { class: "keypad", role: "group", "aria-label": w.hint }, numbers, erase, key("0", "pin-0", () => add("0")), ok),
    h("button", { class: "button button--quiet t-pin__leave", type: "button", text: w.notMe, data: { testid: "pin-leave" }, on: { click: () => leave() } }),
  );

  function draw() {
    const shown = Math.min(LONGEST, Math.max(SHORTEST, digits.length));
    dots.replaceChildren(...Array.from({ length: shown }, (_, i) => h("span", { class: `pin-dots__dot${i < digits.length ? " is-filled" : ""}` })));
    dots.setAttribute("aria-label", w.entered(digits.length));
    const stopped = busy || secondsLeft() > 0;
    for (const [name, button] of keys) {
      const off = stopped || (name === "pin-ok" && digits.length < SHORTEST) || (name === "pin-back" && digits.length === 0);
      button.toggleAttribute("disabled", off);
    }
    ok.toggleAttribute("aria-busy", busy);
  }

  function say(text, tone = "") {
    setText(message, text);
    message.dataset.tone = tone;
    if (text && tone) announce(text, true);
  }

  function add(digit) {
    if (busy || secondsLeft() > 0 || digits.length >= LONGEST) return;
    digits += digit;
    dots.classList.remove("is-wrong");
    if (message.dataset.tone) say(w.hint);
    draw();
    announce(w.entered(digits.length));
  }

  function remove() {
    digits = digits.slice(0, -1);
    draw();
  }

  const secondsLeft = () => Math.ceil(((pausedUntil.get(person.id) ?? 0) - performance.now()) / 1000);

  function countDown(first = false) {
    clearTimeout(timer);
    const left = secondsLeft();
    if (left <= 0) {
      pausedUntil.delete(person.id);
      say(w.pauseOver);
      announce(w.pauseOver);
      draw();
      return;
    }
    if (first) say(w.paused(words.seconds(left)), "losing");
    else setText(message, w.paused(words.seconds(left)));
    message.dataset.tone = "losing";
    draw();
    timer = setTimeout(countDown, 1000);
  }

  async function submit() {
    if (busy || digits.length < SHORTEST) return;
    const pin = digits;
    digits = "";
    busy = true;
    say(w.busy);
    draw();
    const answer = await signIn(person.id, pin);
    busy = false;
    if (answer.kind === "ok") return;
    refusedBy(answer);
    draw();
    element.querySelector("h2").focus({ preventScroll: true });
  }

  function refusedBy(answer) {
    if (answer.kind === "later") return say(w.noConnection, "neutral");
    if (answer.status === 429) {
      pausedUntil.set(person.id, performance.now() + (answer.retryAfter ?? 30) * 1000);
      return countDown(true);
    }
    if (answer.code === "pin_disabled") return say(w.disabled, "losing");
    if (answer.code === "pin_wrong") {
      void dots.offsetWidth; // start the shake again
      dots.classList.add("is-wrong");
      return say(w.wrong, "losing");
    }
    return say(answer.detail ?? w.failed, "losing");
  }

  function typed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches?.("input, textarea")) return;
    if (/^[0-9]$/.test(event.key)) add(event.key);
    else if (event.key === "Backspace") remove();
    else if (event.key === "Enter" && !event.target.closest?.("button")) submit();
    else if (event.key === "Enter" && event.target.closest?.(".tile")) submit();
    else if (event.key === "Escape") leave();
    else return;
    event.preventDefault();
  }

  addEventListener("keydown", typed);
  say(w.hint);
  if (secondsLeft() > 0) countDown(true);
  draw();

  return {
    element,
    focus: () => element.querySelector("h2").focus({ preventScroll: true }),
    destroy() {
      digits = "";
      clearTimeout(timer);
      removeEventListener("keydown", typed);
      element.remove();
    },
  };
}
