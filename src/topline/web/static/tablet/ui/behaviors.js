/* The tiles of what can be logged. The first tap arms one for three seconds, the second logs it. */

import { logIt } from "../data/acts.js";
import { announce, h, icon, keyed, setAttr, setText, toggle } from "../lib/dom.js";
import { uuidv7 } from "../lib/ids.js";
import { words } from "../words.en.js";
import { detailsDialog } from "./details.js";

const ARMED_MS = 3000;
const REST_MS = 350; // a hasty extra tap right after the confirming one must not arm the tile again

export function behaviorTiles(root, { logged }) {
  const w = words.log;
  const element = h("ul", { class: "t-tiles", role: "list", data: { testid: "behaviors" } });
  const tiles = new Map(); // behavior id → tile
  let armed = null; // {tile, id, timer, bar, outcome}
  const resting = new Set(); // timers of tiles that take a breath

  function build(behavior) {
    const tile = { behavior };
    tile.title = h("span", { class: "t-tile__name" });
    tile.hint = h("span", { class: "tile__hint", text: w.tapAgain, hidden: true });
    tile.plus = h("span", { class: "t-tile__plus", "aria-hidden": "true", text: "+1" });
    tile.count = h("span");
    tile.of = h("span", { class: "stat__of" });
    tile.pill = h("span", { class: "pill" });
    tile.meter = h("span", { class: "meter t-tile__meter", "aria-hidden": "true" });
    tile.extra = h("div", { class: "t-tile__extra", hidden: true });
    tile.bar = h("span", { class: "t-tile__timer", "aria-hidden": "true" });
    tile.button = h(
      "button",
      { class: "t-tile__tap", type: "button", data: { testid: "behavior-tap" }, on: { click: () => tap(tile) } },
      h("span", { class: "tile__head" }, h("span", { class: "tile__icon" }, icon(behavior.icon, "icon--medium")), h("span", { class: "t-tile__title" }, tile.title, tile.hint), tile.plus),
      h("span", { class: "tile__foot" }, h("span", { class: "tile__count" }, tile.count, tile.of), tile.pill),
      tile.meter,
    );
    tile.item = h("li", { class: "tile t-tile", data: { testid: "behavior", behaviorId: behavior.id, state: "idle" } }, tile.button, tile.extra, tile.bar);
    for (const sign of ["pointerdown", "focusin"]) tile.extra.addEventListener(sign, () => armed?.tile === tile && startTimer());
    tiles.set(behavior.id, tile);
    draw(tile);
    return tile.item;
  }

  function draw(tile) {
    const { behavior } = tile;
    const isArmed = armed?.tile === tile;
    const reached = behavior.target > 0 && behavior.count >= behavior.target;
    setText(tile.title, behavior.name);
    setText(tile.count, String(behavior.count));
    setText(tile.of, behavior.target ? ` / ${behavior.target}` : "");
    const label = reached ? w.reached : w.each(behavior.points);
    if (tile.pill.dataset.label !== label) {
      tile.pill.dataset.label = label;
      tile.pill.className = `pill${reached ? " pill--winning" : ""}`;
      tile.pill.replaceChildren(...(reached ? [icon("check"), label] : [label]));
    }
    toggle(tile.meter, behavior.target > 0);
    tile.meter.classList.toggle("meter--winning", reached);
    tile.meter.style.setProperty("--value", behavior.target > 0 ? String(Math.min(1, behavior.count / behavior.target)) : "0");
    tile.item.classList.toggle("tile--armed", isArmed);
    if (isArmed || tile.item.dataset.state === "armed") tile.item.dataset.state = isArmed ? "armed" : "idle";
    toggle(tile.hint, isArmed);
    setAttr(tile.button, "aria-label", isArmed ? w.confirm(behavior.name) : w.arm(behavior.name, behavior.count, behavior.target));
  }

  function tap(tile) {
    if (tile.button.getAttribute("aria-disabled") === "true") return;
    if (armed?.tile === tile) confirm(armed.outcome ? { outcome: armed.outcome } : {});
    else arm(tile);
  }

  function arm(tile) {
    disarm();
    const { behavior } = tile;
    armed = { tile, id: uuidv7(), timer: null, moving: null, outcome: behavior.asks_outcome ? "offered" : null };
    drawExtra(tile);
    toggle(tile.extra, true);
    draw(tile);
    startTimer();
    announce(w.armed(behavior.name));
  }

  function drawExtra(tile) {
    const { behavior } = tile;
    const d = words.details;
    const choices = behavior.asks_outcome
      ? h(
          "div",
          { class: "t-outcome", role: "group", "aria-label": d.outcome },
          ["offered", "accepted", "declined"].map((value) =>
            h("button", { class: "t-outcome__choice", type: "button", "aria-pressed": String(armed.outcome === value), text: d[value], data: { testid: `outcome-${value}`, value }, on: { click: () => choose(tile, value) } }),
          ),
        )
      : null;
    const asks = [behavior.place_label, behavior.asks_amount && "amount", behavior.asks_covers && "covers"].filter(Boolean).map((key) => d.openShort[key]);
    const text = asks.length ? d.open(asks.join(", ").replace(/^./, (c) => c.toUpperCase())) : d.openNote;
    tile.extra.replaceChildren(
      ...[choices, h("button", { class: "t-outcome__more", type: "button", text, data: { testid: "details-open" }, on: { click: () => details(tile) } })].filter(Boolean),
    );
  }

  function choose(tile, value) {
    if (armed?.tile !== tile) return;
    armed.outcome = value;
    for (const button of tile.extra.querySelectorAll("[data-value]")) button.setAttribute("aria-pressed", String(button.dataset.value === value));
    startTimer();
  }

  /** Three seconds from now, seen as a shrinking line. The line's animation and the timer are always stopped together. */
  function startTimer() {
    stopTimer();
    const mine = armed;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    mine.moving = mine.tile.bar.animate([{ transform: "scaleX(1)" }, { transform: "scaleX(0)" }], { duration: ARMED_MS, easing: still ? "steps(3)" : "linear", fill: "forwards" });
    mine.timer = setTimeout(() => armed === mine && disarm(), ARMED_MS);
  }

  function stopTimer() {
    clearTimeout(armed?.timer);
    armed?.moving?.cancel();
  }

  function disarm() {
    if (!armed) return;
    stopTimer();
    const { tile } = armed;
    const held = tile.extra.contains(document.activeElement);
    armed = null;
    toggle(tile.extra, false);
    draw(tile);
    if (held) tile.button.focus({ preventScroll: true });
  }

  function details(tile) {
    if (armed?.tile !== tile) return;
    stopTimer(); // no hurry while writing
    const mine = armed;
    detailsDialog(root, {
      behavior: tile.behavior,
      outcome: mine.outcome,
      submit: (body) => armed === mine && confirm(body),
      closed: () => armed === mine && disarm(),
    });
  }

  async function confirm(body) {
    const { tile, id } = armed;
    const { behavior } = tile;
    disarm();
    rest(tile);
    flash(tile);
    try {
      await logIt(id, behavior, body);
    } catch {
      tile.item.dataset.state = "idle";
      return announceFailure();
    }
    const { count, target } = tile.behavior;
    announce(w.logged(behavior.name, count, target));
    return logged({ id, behavior_id: behavior.id, behavior_name: behavior.name, place_label: behavior.place_label, ...body });
  }

  function announceFailure() {
    announce(w.notStored, true);
    const banner = h("div", { class: "banner banner--losing", role: "alert" }, icon("alert"), h("span", { class: "banner__text", text: w.notStored }));
    element.before(banner);
    setTimeout(() => banner.remove(), 10_000);
  }

  function rest(tile) {
    tile.button.setAttribute("aria-disabled", "true");
    const timer = setTimeout(() => {
      resting.delete(timer);
      tile.button.removeAttribute("aria-disabled");
    }, REST_MS);
    resting.add(timer);
  }

  function flash(tile) {
    tile.item.dataset.state = "idle";
    void tile.item.offsetWidth; // start the "+1" again
    tile.item.dataset.state = "logged";
    const timer = setTimeout(() => {
      resting.delete(timer);
      if (tile.item.dataset.state === "logged") tile.item.dataset.state = "idle";
    }, 1200);
    resting.add(timer);
  }

  function update(behaviors) {
    for (const behavior of behaviors) {
      const tile = tiles.get(behavior.id);
      if (!tile) continue;
      tile.behavior = behavior;
      draw(tile);
    }
    keyed(element, behaviors, (one) => one.id, (one) => one.icon ?? "", build);
    for (const id of [...tiles.keys()]) if (!behaviors.some((one) => one.id === id)) tiles.delete(id);
  }

  function destroy() {
    if (armed) stopTimer();
    armed = null;
    for (const timer of resting) clearTimeout(timer);
  }

  return { element, update, destroy };
}
