/* The row of numbers: today against target, points, streak, own place with its neighbours and what the next mark needs. */

import { h, keyed, setText, toggle } from "../lib/dom.js";
import { ordinal, words } from "../words.en.js";

function stat(label, testid) {
  const value = h("span");
  const of = h("span", { class: "stat__of" });
  const element = h("div", { class: "stat t-stat", data: { testid } }, h("dt", { class: "stat__label", text: label }), h("dd", { class: "stat__value" }, value, of));
  return { element, set: (text, rest = "") => (setText(value, text), setText(of, rest)) };
}

export function statsRow() {
  const w = words.log;
  const today = stat(w.today, "stat-today");
  const points = stat(w.points, "stat-points");
  const streak = stat(w.streak, "stat-streak");
  const place = stat(w.place, "stat-place");
  const ladder = h("ol", { class: "t-ladder", role: "list", "aria-label": w.neighbours, data: { testid: "neighbours" } });
  const element = h("div", { class: "t-stats" }, h("dl", { class: "t-stats__row" }, today.element, points.element, streak.element, place.element), ladder);

  function update(view) {
    today.set(String(view.today.count), view.today.target ? ` / ${view.today.target}` : "");
    points.set(String(view.today.points));
    streak.set(w.days(view.streak_days));
    const rank = view.place?.rank;
    const next = view.place?.next;
    place.set(rank ? ordinal(rank) : "–", rank ? (next ? ` · ${w.morePoints(next.points_needed, next.rank)}` : rank === 1 ? ` · ${w.first}` : "") : ` ${w.noPlace}`);
    const around = rank ? (view.place.neighbours ?? []) : [];
    toggle(ladder, around.length > 1);
    keyed(
      ladder,
      around.map((one, index) => ({ ...one, index })), // two hidden colleagues may share rank and name
      (one) => String(one.index),
      (one) => JSON.stringify(one),
      (one) =>
        h(
          "li",
          { class: `t-ladder__row${one.is_me ? " is-me" : ""}` },
          h("span", { class: "t-ladder__rank", text: ordinal(one.rank) }),
          h("span", { class: "truncate", text: one.is_me ? w.you : one.display_name }),
          h("span", { class: "number", text: String(one.points) }),
        ),
    );
  }
  return { element, update };
}
