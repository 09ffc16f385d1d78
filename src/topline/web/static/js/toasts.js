// Toasts. The server answers with HX-Trigger: {"toast": {"message", "undo_url", "tone"}}; scripts dispatch "topline:toast".
// A toast with Undo stays until it is used or closed; others leave after eight seconds, later while pointed at or focused.

const STAY_MS = 8000;
const region = document.querySelector("[data-toasts]");
const template = document.getElementById("toast-template");

const leaveLater = (toast) => {
  let timer = setTimeout(() => toast.remove(), STAY_MS);
  const hold = () => clearTimeout(timer);
  const release = () => {
    clearTimeout(timer);
    timer = setTimeout(() => toast.remove(), STAY_MS / 2);
  };
  toast.addEventListener("pointerenter", hold);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("pointerleave", release);
  toast.addEventListener("focusout", release);
};

const show = ({ message, undo_url: undoUrl, tone, key }) => {
  if (!region || !template || !message) return;
  const toast = template.content.firstElementChild.cloneNode(true);
  toast.querySelector("[data-toast-message]").textContent = message;
  if (tone === "winning" || tone === "losing") toast.classList.add(`toast--${tone}`);
  const undo = toast.querySelector("[data-toast-undo]");
  if (undoUrl) undo.dataset.toastUndo = undoUrl;
  else undo.remove();
  // Of toasts with the same key the newest stands for all: thirty quick decisions are not thirty toasts.
  if (key) for (const old of region.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)) old.remove();
  if (key) toast.dataset.key = key;
  while (region.children.length > 2) region.firstElementChild.remove();
  region.append(toast);
  if (!undoUrl) leaveLater(toast);
};

for (const toast of region?.children ?? []) {
  if (!toast.querySelector("[data-toast-undo]")) leaveLater(toast);
}

const readProblem = (xhr) => {
  try {
    return JSON.parse(xhr.responseText).detail || "";
  } catch {
    return "";
  }
};

const undo = async (button) => {
  const toast = button.closest("[data-toast]");
  button.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(button.dataset.toastUndo, { method: "POST", headers: { "HX-Request": "true", Accept: "text/html, application/json" } });
    if (!answer.ok) {
      const problem = await answer.json().catch(() => ({}));
      throw new Error(problem.detail || "");
    }
    toast.remove();
    const trigger = answer.headers.get("HX-Trigger");
    if (trigger?.startsWith("{")) {
      const said = JSON.parse(trigger).toast;
      if (said) sessionStorage.setItem("topline.toast", JSON.stringify(said));
    }
    // What was undone may show in many places at once: the page is read again rather than patched.
    location.reload();
  } catch (error) {
    button.removeAttribute("aria-busy");
    show({ message: error.message || document.body.dataset.wordFailed || "", tone: "losing" });
  }
};

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-toast-undo]");
  if (button) undo(button);
  if (event.target.closest?.("[data-toast-close]")) event.target.closest("[data-toast]").remove();
});

document.addEventListener("toast", (event) => show(event.detail.value ?? event.detail));
document.addEventListener("topline:toast", (event) => show(event.detail));
document.addEventListener("htmx:responseError", (event) => {
  show({ message: readProblem(event.detail.xhr) || document.body.dataset.wordFailed, tone: "losing" });
});
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, () => show({ message: document.body.dataset.wordNoAnswer, tone: "losing" }));
}

const kept = sessionStorage.getItem("topline.toast");
if (kept) {
  sessionStorage.removeItem("topline.toast");
  show(JSON.parse(kept));
}
