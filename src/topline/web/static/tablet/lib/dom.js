/* Building and changing the page. Text only ever enters as text nodes, so nothing a person typed becomes markup. */

const SVG = "http://www.w3.org/2000/svg";

/** An element. `props`: attributes; `on` listeners by event; `class`; `data` attributes; `text`. False and null are left out. */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    else if (name === "data") Object.assign(element.dataset, value);
    else if (name === "class") element.className = value;
    else if (name === "text") element.textContent = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

let sprite = "/static/icons.svg";
let known = null;

/** Learn which icons exist, so that a behavior with an unknown icon still gets one. Failing to load only means plain names are trusted. */
export async function loadIcons(url) {
  sprite = url;
  try {
    const text = await (await fetch(url)).text();
    known = new Set([...text.matchAll(/<symbol id="([^"]+)"/g)].map((match) => match[1]));
  } catch {
    known = null;
  }
}

/** A decorative icon; the words beside it carry the meaning. */
export function icon(name, extra = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `icon ${extra}`.trim());
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${sprite}#${name && (!known || known.has(name)) ? name : "circle-check"}`);
  svg.append(use);
  return svg;
}

export function avatar(person, extra = "") {
  return h("span", { class: `avatar avatar--${(person.color ?? 0) % 6} ${extra}`.trim(), "aria-hidden": "true", text: person.initials });
}

/** Set text or an attribute only when it differs: keeps screen readers and the renderer quiet. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function setAttr(element, name, value) {
  if (value === null || value === false) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value === true ? "" : String(value));
}

export function toggle(element, shown) {
  if (element.hidden === shown) element.hidden = !shown;
}

/** Make `parent` hold one child per item, by key. A child is rebuilt only when its signature changed; focus inside survives the others. */
export function keyed(parent, items, keyOf, signatureOf, build) {
  const before = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let at = parent.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    const signature = signatureOf(item);
    let child = before.get(key);
    before.delete(key);
    if (child && child.dataset.signature !== signature) {
      const fresh = build(item);
      const hook = child.contains(document.activeElement) ? document.activeElement.dataset.testid : null;
      if (child === at) at = fresh;
      child.replaceWith(fresh);
      child = fresh;
      if (hook) child.querySelector(`[data-testid="${hook}"]`)?.focus();
    } else if (!child) child = build(item);
    child.dataset.key = key;
    child.dataset.signature = signature;
    if (child === at) at = at.nextElementSibling;
    else parent.insertBefore(child, at);
  }
  for (const gone of before.values()) gone.remove();
}

let polite = null;
let assertive = null;

/** Say a sentence to a screen reader. The same sentence twice is said twice. */
export function announce(text, urgent = false) {
  polite ??= document.getElementById("say");
  assertive ??= document.getElementById("say-now");
  const place = urgent ? assertive : polite;
  place.textContent = "";
  setTimeout(() => (place.textContent = text), 30);
}
