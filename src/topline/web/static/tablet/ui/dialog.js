/* A modal question. The browser keeps focus inside, Escape closes, and focus returns to where it was. */

import { h, icon } from "../lib/dom.js";
import { words } from "../words.en.js";

/** Show `body` (elements) under `title`. Answers {element, close}; `closed` runs once however it ends. */
export function openDialog(root, { title, testid, body, closed = () => undefined }) {
  const before = document.activeElement;
  const heading = h("h2", { class: "dialog__title", id: `${testid}-title`, text: title });
  const element = h(
    "dialog",
    { class: "dialog t-dialog", "aria-labelledby": `${testid}-title`, data: { testid } },
    h(
      "div",
      { class: "dialog__inner" },
      h(
        "div",
        { class: "dialog__head" },
        heading,
        h("button", { class: "button button--icon button--quiet", type: "button", "aria-label": words.close, data: { testid: `${testid}-close` }, on: { click: () => element.close() } }, icon("x")),
      ),
      body,
    ),
  );
  element.addEventListener("click", (event) => {
    if (event.target === element) element.close(); // the backdrop
  });
  element.addEventListener("close", () => {
    element.remove();
    if (before?.isConnected) before.focus({ preventScroll: true });
    closed();
  });
  root.append(element);
  element.showModal();
  return { element, close: () => element.close() };
}
