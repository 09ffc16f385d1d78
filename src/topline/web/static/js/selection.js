// Choosing many rows: <form data-selection> with inputs [data-select], [data-select-all], and one [data-bulk-bar].
// Shift-click chooses a range; J and K move, X chooses, V and R press the row's (or, with a selection, the bar's)
// [data-key="v"] and [data-key="r"]; ? opens the dialog named in data-keys-help.

let last = null;
let current = null;

const boxes = (form) => [...form.querySelectorAll("[data-select]:not(:disabled)")];
const rowOf = (element) => element.closest("[data-row], tr, .list-row");

const say = (element, count) => {
  element.dataset.countText ??= "";
  const text = element.dataset.countText.replace("{n}", count.toLocaleString(document.documentElement.lang));
  const target = element.matches("button, a") ? element.querySelector("span") ?? element : element;
  if (target.textContent !== text) target.textContent = text;
};

const refresh = (form) => {
  const every = boxes(form);
  const chosen = every.filter((box) => box.checked);
  for (const box of every) rowOf(box)?.classList.toggle("is-selected", box.checked);
  for (const box of form.querySelectorAll("[data-select-all]")) {
    box.checked = every.length > 0 && chosen.length === every.length;
    box.indeterminate = chosen.length > 0 && chosen.length < every.length;
  }
  for (const bar of form.querySelectorAll("[data-bulk-bar]")) {
    bar.hidden = chosen.length === 0;
    for (const element of bar.querySelectorAll("[data-count-text]")) say(element, chosen.length);
  }
  form.dispatchEvent(new CustomEvent("topline:selected", { bubbles: true, detail: { count: chosen.length } }));
};

document.addEventListener("click", (event) => {
  const box = event.target.closest?.("[data-select]");
  const form = box?.closest("[data-selection]");
  if (!form) return;
  const every = boxes(form);
  if (event.shiftKey && last && every.includes(last)) {
    const [from, to] = [every.indexOf(last), every.indexOf(box)].sort((a, b) => a - b);
    for (const between of every.slice(from, to + 1)) between.checked = box.checked;
  }
  last = box;
  refresh(form);
});

document.addEventListener("change", (event) => {
  const form = event.target.closest?.("[data-selection]");
  if (!form) return;
  if (event.target.matches("[data-select-all]")) for (const box of boxes(form)) box.checked = event.target.checked;
  if (event.target.matches("[data-select], [data-select-all]")) refresh(form);
});

document.addEventListener("click", (event) => {
  const clear = event.target.closest?.("[data-select-none]");
  const form = clear?.closest("[data-selection]");
  if (!form) return;
  for (const box of boxes(form)) box.checked = false;
  refresh(form);
});

const move = (form, step) => {
  const rows = boxes(form).map(rowOf);
  if (!rows.length) return;
  const at = rows.indexOf(current);
  const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + step))];
  current?.classList.remove("is-current");
  current = next;
  current.classList.add("is-current");
  current.tabIndex = -1;
  current.focus({ preventScroll: true });
  current.scrollIntoView({ block: "nearest" });
};

const press = (form, key) => {
  const bar = form.querySelector("[data-bulk-bar]:not([hidden])");
  const button = (bar ?? current)?.querySelector(`[data-key="${key}"]:not(:disabled)`);
  button?.click();
  return Boolean(button);
};

document.addEventListener("keydown", (event) => {
  const form = document.querySelector("[data-selection]");
  if (!form || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]")) return;
  if (current && !current.isConnected) current = null;
  const acts = {
    j: () => move(form, 1),
    k: () => move(form, -1),
    x: () => current?.querySelector("[data-select]")?.click(),
    v: () => press(form, "v"),
    r: () => press(form, "r"),
    "?": () => document.querySelector(`[data-dialog-open="${form.dataset.keysHelp}"]`)?.click(),
  };
  const act = acts[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
});

// Rows swapped by htmx keep the bar true; the row after a removed one becomes current, so that V V V walks the list.
let following = -1;
document.addEventListener("htmx:beforeSwap", () => {
  // Pressed by keyboard inside a row, the focus would be lost with it.
  current ??= document.querySelector("[data-selection] :focus-visible")?.closest("[data-row]") ?? null;
  const form = current?.closest("[data-selection]");
  following = form ? boxes(form).map(rowOf).indexOf(current) : -1;
});
const settled = () => {
  for (const form of document.querySelectorAll("[data-selection]")) {
    refresh(form);
    if (following >= 0 && !current?.isConnected) {
      const rows = boxes(form).map(rowOf);
      current = null;
      if (rows.length) {
        current = rows[Math.min(following, rows.length - 1)];
        current.classList.add("is-current");
        current.tabIndex = -1;
        current.focus({ preventScroll: true });
      }
    }
  }
  following = -1;
};
document.addEventListener("htmx:afterSettle", settled);
// A swap that deletes its target settles on what is gone, and nobody hears of it.
document.addEventListener("htmx:afterRequest", settled);

for (const form of document.querySelectorAll("[data-selection]")) refresh(form);
