// The verification queue: numbers that follow decisions, "all that match", the summary of the bar, reasons by key.
// Everything listens on the document, because the list is swapped whole.

const queue = () => document.querySelector("[data-queue]");
const form = () => document.getElementById("queue-form");
const number = (n) => n.toLocaleString(document.documentElement.lang);
const put = (text, n) => (text ?? "").replace("{n}", number(n));
const plural = (n, one, many) => put(n === 1 ? one : many, n);

// --- numbers: the title, the tab's title, the badges of the navigation ---

const showTitle = (matching) => {
  const title = document.querySelector("[data-queue-title]");
  if (!title || queue()?.dataset.waits !== "1") return;
  const words = matching === 0 ? title.dataset.none : plural(matching, title.dataset.one, title.dataset.many);
  const sub = document.querySelector(".page-head__sub");
  if (sub) sub.hidden = matching === 0;
  if (title.textContent === words) return;
  title.textContent = words;
  document.title = `${words} · ${document.title.split(" · ").at(-1)}`;
};

const showBadge = (count) => {
  for (const link of document.querySelectorAll('a[href="/verify"]:is(.nav__link, .bottom-bar__link)')) {
    let badge = link.querySelector(".badge");
    if (count > 0 && !badge) {
      badge = document.createElement("span");
      badge.className = "badge";
      link.append(badge);
    }
    if (count > 0) badge.textContent = number(count);
    else badge?.remove();
  }
};

const readNumbers = () => {
  const list = queue();
  if (!list) return;
  if (list.dataset.waits === "1") showTitle(Number(list.dataset.matching));
  showBadge(Number(list.dataset.toCheck));
  const chip = document.querySelector("[data-unusual-chip]");
  const unusual = Number(list.dataset.unusual);
  if (chip) {
    chip.querySelector("span").textContent = put(chip.dataset.unusualChip, unusual);
    chip.hidden = unusual === 0 && !chip.hasAttribute("aria-current");
  }
};

document.addEventListener("queue", (event) => {
  const list = queue();
  if (!list) return;
  list.dataset.matching = event.detail.matching;
  list.dataset.toCheck = event.detail.to_check;
  list.dataset.unusual = event.detail.unusual;
  readNumbers();
  document.getElementById("log")?.close();
});

// A list that runs empty fetches what comes next by itself; an empty one is read anew and says what to do.
const refill = (event) => {
  if (event.detail.requestConfig?.verb === "get") return;
  const rows = queue()?.querySelectorAll("[data-row]").length ?? 0;
  const more = document.querySelector("#pager a");
  if (rows < 8 && more) more.click();
  else if (rows === 0 && queue()?.querySelector("table")) htmx.ajax("GET", location.href, { target: "#queue", swap: "outerHTML" });
};

document.addEventListener("htmx:afterRequest", refill);
document.addEventListener("htmx:afterSettle", (event) => {
  const badge = document.querySelector("[data-queue-badge]");
  if (badge) {
    showBadge(Number(badge.dataset.queueBadge));
    badge.remove();
  }
  if (event.target.matches?.("#queue")) readNumbers();
});

// --- choosing: what the bar says, and all that match ---

const scope = () => form()?.elements.namedItem("scope");
const isWhole = () => scope()?.value === "filter";

// Another selection is another decision: a new id, so that only the very same click is taken for a retry.
const freshBatch = () => {
  const field = form()?.elements.namedItem("batch_id");
  if (!field) return;
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  field.value = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
};

const summary = (bar, boxes) => {
  const target = bar.querySelector(".bulk-bar__summary");
  if (!target) return;
  const rows = boxes.map((box) => box.closest("[data-row]"));
  const people = new Set(rows.map((row) => row.dataset.person)).size;
  const behaviors = new Set(rows.map((row) => row.dataset.behavior)).size;
  const words = bar.dataset;
  target.textContent = isWhole() ? "" : `${plural(people, words.onePerson, words.people)}, ${plural(behaviors, words.oneBehavior, words.behaviors)}`;
};

const showChoice = () => {
  const list = form();
  const bar = list?.querySelector("[data-bulk-bar]");
  if (!bar) return;
  const every = [...list.querySelectorAll("[data-select]:not(:disabled)")];
  const chosen = every.filter((box) => box.checked);
  const matching = Number(queue().dataset.matching);
  const all = chosen.length > 0 && chosen.length === every.length;
  const toggle = bar.querySelector("[data-match-switch]");
  toggle.hidden = !all || matching <= every.length;
  toggle.querySelector("span").textContent = isWhole() ? toggle.dataset.some : put(toggle.dataset.all, matching);
  bar.classList.toggle("is-whole", !toggle.hidden);
  const count = bar.querySelector(".bulk-bar__count");
  const verify = bar.querySelector("[data-bulk-verify] span");
  count.textContent = isWhole() ? put(bar.dataset.whole, matching) : put(bar.dataset.chosen, chosen.length);
  const at = Math.min(matching, 500);
  verify.textContent = isWhole() ? put(matching > 500 ? bar.dataset.most : bar.dataset.each, at) : put(bar.dataset.each, chosen.length);
  summary(bar, chosen);
};

document.addEventListener("topline:selected", () => {
  const field = scope();
  if (!field) return;
  // Polls settle too, and say that nothing changed: only another selection ends "all that match".
  const now = [...form().querySelectorAll("[data-select]:checked")].map((box) => box.value).join();
  if (form().dataset.chosen !== now) {
    form().dataset.chosen = now;
    field.value = "ids";
    freshBatch();
  }
  showChoice();
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-match-switch]")) {
    scope().value = isWhole() ? "ids" : "filter";
    freshBatch();
    showChoice();
  }
  // "Verify the next 500" and "Verify the rest" mean the filter, whatever is chosen.
  const rest = event.target.closest?.("[data-next], [data-accept-rest]");
  if (rest) {
    scope().value = "filter";
    if (rest.dataset.acceptRest !== undefined) form().elements.namedItem("view").value = rest.dataset.acceptRest;
  }
});

// "Show them": what is chosen stays chosen.
let kept = null;
document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, target } = event.detail;
  if (elt.hasAttribute("data-keep-selection")) {
    kept = new Set([...form().querySelectorAll("[data-select]:checked")].map((box) => box.value));
  }
  if (target?.hasAttribute("data-detail")) {
    target.replaceChildren(document.querySelector("[data-detail-blank]").content.cloneNode(true));
  }
});
document.addEventListener("htmx:afterSwap", () => {
  if (!kept || !form()) return;
  for (const box of form().querySelectorAll("[data-select]:not(:disabled)")) box.checked = kept.has(box.value);
  kept = null;
});

// --- the dialog of reasons: empty each time, reasons by number, Enter in a row looks at it ---

document.addEventListener("click", (event) => {
  if (!event.target.closest?.('[data-dialog-open="reject"]')) return;
  const asked = document.getElementById("reject-form");
  asked.reset();
  for (const message of asked.querySelectorAll(".field__error")) message.remove();
  if (event.target.closest("[data-bulk-bar]")) {
    asked.querySelector('[data-dialog-text="what"]').textContent = form().querySelector(".bulk-bar__count").textContent;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const dialog = document.getElementById("reject");
  if (dialog?.open) {
    if (event.target.matches("textarea")) return;
    const reason = dialog.querySelectorAll('[name="reason"]')[Number(event.key) - 1];
    if (!reason) return;
    event.preventDefault();
    reason.checked = true;
    reason.focus();
    return;
  }
  if (event.key === "Enter" && event.target.matches("[data-row]")) event.target.querySelector("[data-open-detail]")?.click();
});

readNumbers();
showChoice();
