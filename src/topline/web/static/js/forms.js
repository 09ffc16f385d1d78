// Forms: a button is busy while its form is on the way, a second send is held back, the first wrong field gets the focus,
// passwords can be shown, and data-autosubmit forms send themselves when a choice changes.

const release = (form) => {
  delete form.dataset.sending;
  for (const button of form.querySelectorAll('[aria-busy="true"]')) button.removeAttribute("aria-busy");
  for (const button of document.querySelectorAll(`button[form="${CSS.escape(form.id || "-")}"][aria-busy="true"]`)) button.removeAttribute("aria-busy");
};

const busy = (form, submitter) => {
  form.dataset.sending = "1";
  // The pressed button's own name and value must still be sent, so it turns busy only after the browser has read the form.
  setTimeout(() => {
    if (form.dataset.sending) (submitter ?? form.querySelector('[type="submit"]'))?.setAttribute("aria-busy", "true");
  });
  // A page that never comes (a download, a broken connection) must not leave the form locked.
  setTimeout(() => release(form), 20_000);
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented && !form.hasAttribute("data-upload")) return;
  if (form.dataset.sending) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  if (form.method === "dialog" || form.target === "_blank" || form.hasAttribute("data-download")) return;
  busy(form, event.submitter);
});

// htmx would send a second press after the first is answered; while one is on the way, further ones are dropped.
const underway = new WeakSet();
document.addEventListener("htmx:confirm", (event) => {
  if (event.detail.verb !== "get" && underway.has(event.detail.elt)) event.preventDefault();
});
document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, requestConfig } = event.detail;
  if (requestConfig.verb === "get") return;
  underway.add(elt);
  if (elt instanceof HTMLFormElement) busy(elt, requestConfig.triggeringEvent?.submitter);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const { elt } = event.detail;
  underway.delete(elt);
  if (elt instanceof HTMLFormElement) release(elt);
});
addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.querySelectorAll("form[data-sending]")) release(form);
});

const focusFirstError = (root) => root.querySelector('[aria-invalid="true"]')?.focus();
focusFirstError(document);
document.addEventListener("htmx:load", (event) => focusFirstError(event.detail.elt));

document.addEventListener("click", (event) => {
  const reveal = event.target.closest?.("[data-reveal]");
  if (!reveal) return;
  const input = document.getElementById(reveal.dataset.reveal);
  const show = input.type === "password";
  input.type = show ? "text" : "password";
  reveal.setAttribute("aria-pressed", String(show));
});

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form?.hasAttribute("data-autosubmit")) form.requestSubmit();
});
