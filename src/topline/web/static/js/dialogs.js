// Dialogs: open by data-dialog-open, close by data-dialog-close, Escape or a click outside; the focus returns to the opener.
// And the one confirm dialog that data-confirm (forms, buttons, links) and hx-confirm share.

const openers = new WeakMap();

const openDialog = (dialog, opener) => {
  if (!dialog || dialog.open) return;
  openers.set(dialog, opener ?? document.activeElement);
  dialog.showModal();
  const first = dialog.querySelector("[autofocus], .dialog__inner input:not([type=hidden]), .dialog__inner select, .dialog__inner textarea");
  first?.focus();
};

const fillFrom = (dialog, opener) => {
  if (!opener.dataset.dialogSet) return;
  for (const [name, value] of Object.entries(JSON.parse(opener.dataset.dialogSet))) {
    for (const input of dialog.querySelectorAll(`[name="${CSS.escape(name)}"]`)) input.value = value;
    for (const text of dialog.querySelectorAll(`[data-dialog-text="${CSS.escape(name)}"]`)) text.textContent = value;
    if (name === "action") dialog.querySelector("form")?.setAttribute("action", value);
  }
};

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-dialog-open]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialogOpen);
    if (dialog) {
      event.preventDefault();
      fillFrom(dialog, opener);
      openDialog(dialog, opener);
    }
    return;
  }
  const dialog = event.target.closest?.("dialog");
  if (!dialog) return;
  const outside = event.target === dialog;
  if (outside || event.target.closest("[data-dialog-close]")) dialog.close();
});

document.addEventListener("close", (event) => {
  const dialog = event.target;
  if (!(dialog instanceof HTMLDialogElement)) return;
  const opener = openers.get(dialog);
  openers.delete(dialog);
  if (opener?.isConnected) opener.focus();
}, true);

// A form in a dialog that htmx sent and the server accepted closes its dialog, unless it says data-dialog-stay.
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt;
  const dialog = form.closest?.("dialog[open]");
  // A 422 is swapped like an answer, but it asks for something: the dialog stays.
  const accepted = event.detail.successful && event.detail.xhr.status < 400;
  if (dialog && accepted && form.matches("form:not([data-dialog-stay])")) dialog.close();
});

const ask = (element, text, yes) => {
  const dialog = document.getElementById("confirm-dialog");
  if (!dialog) {
    yes();
    return;
  }
  const button = dialog.querySelector("[data-confirm-yes]");
  const title = dialog.querySelector(".dialog__title");
  title.dataset.first ??= title.textContent;
  button.dataset.first ??= button.textContent.trim();
  title.textContent = element.dataset.confirmTitle || title.dataset.first;
  dialog.querySelector("[data-confirm-text]").textContent = text;
  (button.querySelector("span") ?? button).textContent = element.dataset.confirmYes || button.dataset.first;
  button.className = `button button--${element.dataset.confirmTone === "danger" ? "danger" : "primary"}`;
  button.onclick = () => {
    dialog.close();
    yes();
  };
  openDialog(dialog, document.activeElement);
  button.focus();
};

const confirmed = new WeakSet();

document.addEventListener("submit", (event) => {
  const form = event.target;
  const source = event.submitter?.dataset.confirm ? event.submitter : form;
  if (!source.dataset.confirm || confirmed.has(form)) {
    confirmed.delete(form);
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  const submitter = event.submitter;
  ask(source, source.dataset.confirm, () => {
    confirmed.add(form);
    form.requestSubmit(submitter);
  });
}, true);

document.addEventListener("htmx:confirm", (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  ask(event.detail.elt, event.detail.question, () => event.detail.issueRequest(true));
});
