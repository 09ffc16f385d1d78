// Small behaviors every page has: menus, "as of" times, values of meters, steppers, date presets, being offline.
// All listen on the document, so that parts swapped in by htmx need no wiring.

const all = (selector, root = document) => root.querySelectorAll(selector);

// Menus are <details>: one open at a time, Escape and a click elsewhere close it.
document.addEventListener("click", (event) => {
  for (const menu of all("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of all("details[data-menu][open]")) {
    menu.open = false;
    menu.querySelector("summary")?.focus();
  }
});

// <span data-ago="2026-09-18T17:42:00Z">: minutes ago, in the page's language, kept true while the page stays open.
const words = new Intl.RelativeTimeFormat(document.documentElement.lang || "en", { numeric: "auto" });
const ago = (seconds) => {
  if (seconds < 60) return words.format(0, "minute");
  if (seconds < 3600) return words.format(-Math.floor(seconds / 60), "minute");
  if (seconds < 86400) return words.format(-Math.floor(seconds / 3600), "hour");
  return words.format(-Math.floor(seconds / 86400), "day");
};
const tick = () => {
  for (const element of all("[data-ago]")) {
    const then = Date.parse(element.dataset.ago);
    if (!Number.isNaN(then)) element.textContent = ago(Math.max(0, (Date.now() - then) / 1000));
  }
};

// <… data-value="0.62"> → --value, the share a meter shows (the page may not carry inline styles).
const setValues = (root) => {
  for (const element of all("[data-value]", root)) {
    element.style.setProperty("--value", String(Math.min(1, Math.max(0, Number(element.dataset.value) || 0))));
  }
};

const fill = (root) => {
  setValues(root);
  tick();
};
fill(document);
setInterval(tick, 20_000);
document.addEventListener("htmx:load", (event) => fill(event.detail.elt));

document.addEventListener("click", (event) => {
  const step = event.target.closest?.("[data-stepper] [data-step]");
  if (step) {
    const input = step.closest("[data-stepper]").querySelector("input");
    if (Number(step.dataset.step) > 0) input.stepUp();
    else input.stepDown();
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
  const preset = event.target.closest?.("button[data-range-start]");
  if (preset) {
    const range = preset.closest("[data-range]");
    const [start, end] = all('input[type="date"]', range);
    start.value = preset.dataset.rangeStart;
    end.value = preset.dataset.rangeEnd;
    for (const other of all("button[data-range-start]", range)) other.setAttribute("aria-pressed", String(other === preset));
    end.dispatchEvent(new Event("change", { bubbles: true }));
  }
  if (event.target.closest?.("[data-reload]")) location.reload();
  if (event.target.closest?.("[data-print]")) print();
  const copy = event.target.closest?.("[data-copy]");
  if (copy) {
    navigator.clipboard?.writeText(copy.dataset.copy).then(() => {
      if (copy.dataset.copied) document.dispatchEvent(new CustomEvent("topline:toast", { detail: { message: copy.dataset.copied, tone: "winning" } }));
    });
  }
});

const offline = () => {
  for (const element of all("[data-offline-banner]")) element.hidden = navigator.onLine;
};
addEventListener("online", offline);
addEventListener("offline", offline);
offline();
