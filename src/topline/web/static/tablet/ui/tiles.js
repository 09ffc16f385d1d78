/* "Who is logging?": everybody's tile, filtered by department or name, and the PIN pad beside it. */

import { isOnline } from "../data/connection.js";
import { device } from "../data/device.js";
import { refused, waiting } from "../data/queue.js";
import { announce, avatar, h, icon, setText, toggle } from "../lib/dom.js";
import { clock, serverNow, today } from "../lib/time.js";
import { words } from "../words.en.js";
import { linkPill } from "./link.js";
import { inOrder, isShown, usedDepartments } from "./people.js";
import { pinPad } from "./pin.js";
import { refusedDialog } from "./refused.js";
import { roving } from "./roving.js";
import { themeButton } from "./theme.js";

export function tilesScreen(root, { message }) {
  const w = words.people;
  let filter = { search: "", departmentId: null };
  let pad = null;
  let drawn = "";
  let tiles = []; // {person, item, button}

  const when = h("span", { class: "number" });
  const link = linkPill();
  const search = h("input", { class: "input", type: "search", "aria-label": w.search, placeholder: w.search, autocomplete: "off", spellcheck: "false", enterkeyhint: "search", "data-testid": "people-search" });
  const chips = h("div", { class: "chips", role: "group", "aria-label": w.departments });
  const grid = h("ul", { class: "t-people", role: "list", "aria-label": w.tiles, data: { testid: "people" } });
  const empty = h("div", { class: "state", hidden: true, data: { testid: "people-empty" } });
  const notice = h("div", { class: "banner banner--neutral", role: "status", hidden: !message, data: { testid: "notice" } }, icon("info"), h("span", { class: "banner__text", text: message ?? "" }));
  const refusedText = h("span", { class: "banner__text" });
  const refusedBanner = h(
    "div",
    { class: "banner banner--losing", hidden: true, data: { testid: "refused-banner" } },
    icon("alert"),
    refusedText,
    h("button", { class: "button button--bad", type: "button", text: words.refused.show, data: { testid: "refused-show" }, on: { click: () => refusedDialog(root) } }),
  );
  const main = h(
    "main",
    { class: "t-who__main" },
    h("header", { class: "t-who__head" }, h("h1", { text: w.title, tabindex: "-1" }), h("div", { class: "t-who__place" }, link.element, when, themeButton())),
    notice,
    refusedBanner,
    h("div", { class: "t-who__filter" }, chips, h("div", { class: "search t-who__search" }, icon("search"), search)),
    grid,
    empty,
  );
  const rest = h("div", { class: "t-rest" });
  const side = h("aside", { class: "t-who__side" }, rest);
  root.append(h("div", { class: "t-who", data: { testid: "screen-people" } }, main, side));
  const rove = roving(grid, () => tiles.filter((tile) => !tile.item.hidden).map((tile) => tile.button));

  function drawTiles() {
    const state = device();
    const signature = JSON.stringify([state.people, state.departments, state.device.department_id]);
    if (signature === drawn) return;
    const first = drawn === "";
    drawn = signature;
    const focused = grid.contains(document.activeElement) ? document.activeElement.dataset.personId : null;
    const names = new Map(state.departments.map((one) => [one.id, one.name]));
    const own = state.device.department_id;
    const used = usedDepartments(state.departments, state.people, own);
    if (first) filter.departmentId = used.some((one) => one.id === own) ? own : null;
    tiles = inOrder(state.people, own).map((person) => tile(person, names.get(person.department_id)));
    grid.replaceChildren(...tiles.map((one) => one.item));
    const all = [...used, { id: null, name: w.everyone }];
    chips.replaceChildren(
      ...all.map((one) =>
        h("button", { class: "chip", type: "button", data: { testid: "department", departmentId: one.id ?? "" }, on: { click: () => choose(one.id) } }, one.id ? null : icon("users"), one.name),
      ),
    );
    toggle(chips, used.length > 0);
    mark();
    show();
    if (focused) tiles.find((one) => one.person.id === focused)?.button.focus({ preventScroll: true });
  }

  function tile(person, department) {
    const button = h(
      "button",
      { class: "tile tile--person", type: "button", "aria-pressed": "false", tabindex: "-1", data: { testid: "person", personId: person.id }, on: { click: () => open(person) } },
      avatar(person, "avatar--large"),
      h("span", { class: "t-person" }, h("span", { text: person.display_name }), department ? h("span", { class: "t-person__where", text: department }) : null),
    );
    return { person, button, item: h("li", {}, button) };
  }

  function choose(departmentId) {
    filter = { search: "", departmentId };
    search.value = "";
    show();
  }

  function show() {
    let count = 0;
    for (const one of tiles) {
      const shown = isShown(one.person, filter);
      toggle(one.item, shown);
      if (shown) count += 1;
    }
    const mixed = filter.search.trim() !== "" || filter.departmentId === null;
    grid.classList.toggle("is-mixed", mixed);
    for (const chip of chips.children) {
      const on = !filter.search.trim() && chip.dataset.departmentId === (filter.departmentId ?? "");
      chip.setAttribute("aria-pressed", String(on));
    }
    toggle(empty, count === 0);
    if (count === 0) {
      const nobody = tiles.length === 0;
      empty.replaceChildren(h("span", { class: "state__icon" }, icon("users")), h("p", { class: "state__title", text: nobody ? w.empty : w.none }), h("p", { class: "state__text", text: nobody ? w.emptyHelp : w.noneHelp }));
    }
    rove.refresh();
    return count;
  }

  function open(person) {
    if (pad?.person.id === person.id) return pad.focus();
    pad?.destroy();
    pad = { person, ...pinPad(person, { leave: () => close(person) }) };
    mark();
    side.append(pad.element);
    side.classList.add("is-open");
    toggle(rest, false);
    arrange();
    return pad.focus();
  }

  function mark() {
    for (const one of tiles) one.button.setAttribute("aria-pressed", String(one.person.id === pad?.person.id));
  }

  // Whoever walked away from a half-typed PIN or a search leaves nothing behind for the next person.
  let lastSign = Date.now();
  const alive = () => (lastSign = Date.now());
  function tidy() {
    if (Date.now() - lastSign < (device()?.organization.idle_seconds ?? 30) * 1000) return;
    alive();
    if (pad) close(pad.person);
    const own = device()?.device.department_id ?? null;
    const home = tiles.some((one) => one.person.department_id === own) ? own : null;
    if (filter.search || filter.departmentId !== home) choose(home);
  }

  function close(person) {
    pad?.destroy();
    pad = null;
    side.classList.remove("is-open");
    toggle(rest, true);
    arrange();
    mark();
    tiles.find((one) => one.person.id === person.id)?.button.focus();
  }

  // On a narrow screen the pad covers the names, so nothing behind it may take focus.
  const wide = matchMedia("(min-width: 60rem) and (min-height: 40rem)");
  const arrange = () => main.toggleAttribute("inert", Boolean(pad) && !wide.matches);
  wide.addEventListener("change", arrange);

  search.addEventListener("input", () => {
    filter.search = search.value;
    announce(w.found(show()));
  });
  search.addEventListener("keydown", (event) => {
    const first = tiles.find((one) => !one.item.hidden);
    if (event.key === "Enter" && first && filter.search.trim()) open(first.person);
    else if (event.key === "ArrowDown" && first) first.button.focus();
    else if (event.key === "Escape" && search.value) choose(filter.departmentId);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  // With a keyboard one simply starts typing the name.
  const typed = (event) => {
    if (pad || event.ctrlKey || event.metaKey || event.altKey || event.target.matches?.("input, textarea") || document.querySelector("dialog[open]")) return;
    if (/^\p{L}$/u.test(event.key)) search.focus();
  };
  addEventListener("keydown", typed);

  function update() {
    const state = device();
    if (!state) return;
    drawTiles();
    link.update();
    tick();
    const count = refused().length;
    toggle(refusedBanner, count > 0);
    setText(refusedText, words.refused.banner(count));
    drawRest(state);
  }

  function tick() {
    setText(when, `${device()?.device.name ?? ""} · ${clock(serverNow())}`);
    const time = rest.querySelector(".t-rest__time");
    if (time) setText(time, clock(serverNow()));
  }

  function drawRest(state) {
    const offline = !isOnline();
    const count = waiting().length;
    const signature = JSON.stringify([offline, count, state.organization.name, state.device.location_name, today()]);
    if (rest.dataset.signature === signature) return;
    rest.dataset.signature = signature;
    const { name } = state.organization;
    const location = state.device.location_name ?? "";
    const house = location.startsWith(name) ? [location] : [name, location].filter(Boolean);
    rest.replaceChildren(
      h("p", { class: "t-rest__time number", text: clock(serverNow()) }),
      h("p", { class: "muted", text: today() }),
      h("p", { class: "t-rest__house", text: house.join(" · ") }),
      offline
        ? h("div", { class: "t-rest__offline", role: "status" }, icon("wifi-off", "icon--large"), h("p", { class: "state__title", text: w.offlineTitle }), h("p", { text: w.offlineHelp }), count ? h("p", { text: w.safe(count) }) : null)
        : h("p", { class: "t-rest__hint" }, icon("user"), w.start),
    );
  }

  const ticking = setInterval(() => (tick(), tidy()), 5000);
  for (const sign of ["pointerdown", "keydown", "input"]) addEventListener(sign, alive, { capture: true, passive: true });
  update();
  main.querySelector("h1").focus({ preventScroll: true });

  return {
    update,
    destroy() {
      pad?.destroy();
      rove.stop();
      clearInterval(ticking);
      for (const sign of ["pointerdown", "keydown", "input"]) removeEventListener(sign, alive, { capture: true });
      wide.removeEventListener("change", arrange);
      removeEventListener("keydown", typed);
    },
  };
}
