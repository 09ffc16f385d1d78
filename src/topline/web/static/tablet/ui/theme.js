/* Dark unless the person standing here chose otherwise. */

import { h, icon } from "../lib/dom.js";
import { words } from "../words.en.js";

const KEY = "topline-tablet-theme";

export function applyTheme(theme = localStorage.getItem(KEY) ?? "dark") {
  document.documentElement.dataset.theme = theme;
  const color = getComputedStyle(document.documentElement).getPropertyValue("--bg").trim();
  document.querySelector('meta[name="theme-color"]')?.setAttribute("content", color);
}

export function themeButton() {
  const button = h("button", { class: "button button--icon button--quiet", type: "button", data: { testid: "theme" } });
  const draw = () => {
    const other = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    button.setAttribute("aria-label", words.theme[other]);
    button.replaceChildren(icon(other === "light" ? "sun" : "moon"));
    return other;
  };
  button.addEventListener("click", () => {
    const other = draw();
    localStorage.setItem(KEY, other);
    applyTheme(other);
    draw();
  });
  draw();
  return button;
}
