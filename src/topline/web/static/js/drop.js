// Files: drop or choose, then send with progress. <form data-upload> posts by XMLHttpRequest, because only that tells how much was sent.
// The answer goes where data-upload-target says; a redirect is followed; a problem is shown as a toast.

const nameFiles = (drop) => {
  const input = drop.querySelector('input[type="file"]');
  const size = new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit: "kilobyte", maximumFractionDigits: 0 });
  drop.querySelector("[data-drop-file]").textContent = [...input.files].map((file) => `${file.name} · ${size.format(Math.max(1, file.size / 1000))}`).join(", ");
  drop.classList.remove("drop--error");
};

for (const name of ["dragenter", "dragover"]) {
  document.addEventListener(name, (event) => {
    const drop = event.target.closest?.("[data-drop]");
    if (!drop) return;
    event.preventDefault();
    drop.classList.add("is-over");
  });
}
document.addEventListener("dragleave", (event) => {
  const drop = event.target.closest?.("[data-drop]");
  if (drop && !drop.contains(event.relatedTarget)) drop.classList.remove("is-over");
});
document.addEventListener("drop", (event) => {
  const drop = event.target.closest?.("[data-drop]");
  if (!drop) return;
  event.preventDefault();
  drop.classList.remove("is-over");
  const input = drop.querySelector('input[type="file"]');
  if (!event.dataTransfer.files.length) return;
  input.files = event.dataTransfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
});
document.addEventListener("change", (event) => {
  const drop = event.target.closest?.("[data-drop]");
  if (drop) nameFiles(drop);
});

const toast = (message) => document.dispatchEvent(new CustomEvent("topline:toast", { detail: { message, tone: "losing" } }));

const finish = (form, request) => {
  delete form.dataset.sending;
  for (const button of form.querySelectorAll('[aria-busy="true"]')) button.removeAttribute("aria-busy");
  const goTo = request.getResponseHeader("HX-Redirect");
  if (goTo) {
    location.assign(goTo);
    return;
  }
  const isPage = (request.getResponseHeader("Content-Type") ?? "").startsWith("text/html");
  const target = form.dataset.uploadTarget ? document.querySelector(form.dataset.uploadTarget) : null;
  if (isPage && target) {
    target.innerHTML = request.responseText;
    globalThis.htmx?.process(target);
    return;
  }
  if (request.status < 400) {
    location.assign(request.responseURL || location.href);
    return;
  }
  let detail = "";
  try {
    detail = JSON.parse(request.responseText).detail;
  } catch {
    // Not a problem document: the general sentence is shown.
  }
  toast(detail || document.body.dataset.wordFailed);
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.hasAttribute("data-upload") || event.defaultPrevented) return;
  event.preventDefault();
  const box = form.querySelector("[data-drop-progress]");
  const meter = box?.querySelector(".meter");
  const request = new XMLHttpRequest();
  request.open(form.method || "POST", form.action);
  request.setRequestHeader("HX-Request", "true");
  request.upload.onprogress = (progress) => {
    if (!meter || !progress.lengthComputable) return;
    const share = progress.loaded / progress.total;
    meter.style.setProperty("--value", String(share));
    meter.setAttribute("aria-valuenow", String(Math.round(share * 100)));
  };
  request.onload = () => {
    if (box) box.hidden = true;
    finish(form, request);
  };
  request.onerror = () => {
    if (box) box.hidden = true;
    finish(form, request);
    toast(document.body.dataset.wordNoAnswer);
  };
  if (box) box.hidden = false;
  request.send(new FormData(form, event.submitter));
});
