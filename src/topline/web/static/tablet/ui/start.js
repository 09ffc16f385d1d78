/* Before anything is known about this tablet: opening, or nobody answers yet. */

import { refreshDevice } from "../data/device.js";
import { h, icon } from "../lib/dom.js";
import { words } from "../words.en.js";

export function startScreen(root, { failed }) {
  const again = h("button", { class: "button button--primary", type: "button", text: words.retry, data: { testid: "retry" }, on: { click: retry } });
  function retry() {
    again.setAttribute("aria-busy", "true");
    refreshDevice().finally(() => again.removeAttribute("aria-busy"));
  }
  root.append(
    h(
      "main",
      { class: "t-plain", data: { testid: "screen-start" } },
      failed
        ? h("div", { class: "state", role: "status" }, h("span", { class: "state__icon" }, icon("wifi-off")), h("h1", { class: "state__title", text: words.people.offlineTitle }), h("p", { class: "state__text", text: words.people.offlineHelp }), h("div", { class: "state__actions" }, again))
        : h("p", { class: "muted", role: "status", text: words.loading }),
    ),
  );
  return { update() {}, destroy() {} };
}
