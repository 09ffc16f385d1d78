/* A shared tablet must not stay open as somebody: without a touch it returns to the names, with a visible countdown. */

import { on } from "../data/events.js";
import { session, touch } from "../data/session.js";
import { announce, h, setText } from "../lib/dom.js";
import { words } from "../words.en.js";

const WARN_MS = 5000;
const SIGNS = ["pointerdown", "keydown", "input", "wheel", "touchmove"];

/** Watch for `seconds` without a sign of life, then call `over`. `hold(ms)` waits for the camera, which hides this page. */
export function watchIdle(root, seconds, over) {
  let last = Date.now();
  let heldUntil = 0;
  let done = false;
  const title = h("p", { class: "t-idle__title" });
  const panel = h(
    "div",
    { class: "t-idle", role: "group", "aria-label": words.idle.help, hidden: true, data: { testid: "idle" } },
    h("div", {}, title, h("p", { text: words.idle.help })),
    h("button", { class: "button", type: "button", text: words.idle.stay, data: { testid: "idle-stay" } }),
  );
  root.append(panel);

  const alive = () => {
    last = Date.now();
    panel.hidden = true;
    touch();
  };
  const elsewhere = on("active-elsewhere", (at) => {
    last = Math.max(last, at);
  });

  function check() {
    if (done) return;
    const now = Date.now();
    if (now < heldUntil) last = now;
    const left = seconds * 1000 - (now - Math.max(last, session()?.active_at ?? 0));
    if (left <= 0) {
      stop();
      over();
    } else if (left <= WARN_MS) {
      if (panel.hidden) announce(words.idle.announced, true);
      panel.hidden = false;
      setText(title, words.idle.title(Math.ceil(left / 1000)));
    } else panel.hidden = true;
  }

  const timer = setInterval(check, 250);
  for (const sign of SIGNS) addEventListener(sign, alive, { capture: true, passive: true });
  document.addEventListener("visibilitychange", check);

  function stop() {
    done = true;
    clearInterval(timer);
    elsewhere();
    for (const sign of SIGNS) removeEventListener(sign, alive, { capture: true });
    document.removeEventListener("visibilitychange", check);
    panel.remove();
  }

  return { stop, hold: (ms) => (heldUntil = ms ? Date.now() + ms : 0) };
}
