// What was typed into a form is kept while its sender confirms that it is them: <form data-keep>. Only in this tab, never
// passwords, and gone as soon as it was put back or the person went elsewhere.

const key = (form) => `kept:${new URL(form.action, location.href).pathname}`;
const kept = (control) => control.name && !["password", "hidden", "file", "submit", "button"].includes(control.type);

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.hasAttribute("data-keep")) return;
  const values = [...form.elements].filter(kept).map((control) => [control.name, control.value, Boolean(control.checked)]);
  sessionStorage.setItem(key(form), JSON.stringify(values));
});

const cameFromConfirming = () => {
  try {
    const from = new URL(document.referrer);
    return from.origin === location.origin && from.pathname === "/confirm";
  } catch {
    return false;
  }
};

if (location.pathname !== "/confirm") {
  const back = cameFromConfirming();
  for (const form of document.querySelectorAll("form[data-keep]")) {
    const values = JSON.parse(sessionStorage.getItem(key(form)) ?? "[]");
    if (back) {
      for (const [name, value, checked] of values) {
        const controls = [...form.elements].filter((control) => control.name === name);
        const control = controls.find((one) => ["checkbox", "radio"].includes(one.type) && one.value === value) ?? controls[0];
        if (!control) continue;
        if (["checkbox", "radio"].includes(control.type)) control.checked = checked;
        else control.value = value;
      }
    }
    sessionStorage.removeItem(key(form));
  }
}
