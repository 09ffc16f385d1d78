/* The pill that says how the tablet stands with the server: offline since when, how much waits, what is being sent. */

import { isOnline, offlineSince } from "../data/connection.js";
import { waiting } from "../data/queue.js";
import { h, icon, setText, toggle } from "../lib/dom.js";
import { clock } from "../lib/time.js";
import { words } from "../words.en.js";

export function linkPill() {
  const text = h("span");
  const mark = h("span", { class: "t-link__icon" }, icon("wifi-off"));
  const element = h("span", { class: "pill pill--large pill--neutral t-link", hidden: true, data: { testid: "link" } }, mark, text);

  function update() {
    const count = waiting().length;
    const online = isOnline();
    const parts = online ? [] : [words.link.offline(clock(offlineSince()))];
    if (count) parts.push(online ? words.link.sending(count) : words.link.waiting(count));
    setText(text, parts.join(" · "));
    element.dataset.state = online ? (count ? "sending" : "ok") : "offline";
    element.dataset.waiting = String(count);
    element.classList.toggle("pill--neutral", !online);
    toggle(mark, !online);
    toggle(element, parts.length > 0);
  }
  update();
  return { element, update };
}
