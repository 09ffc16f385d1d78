/* The staff tablet: decides which screen is shown and wires what happens to what is seen. */

import { isOnline, restoreConnection } from "./data/connection.js";
import { device, forgetDevice, refreshDevice, restoreDevice } from "./data/device.js";
import { on } from "./data/events.js";
import { readQueue, waiting } from "./data/queue.js";
import { configure, kick } from "./data/sender.js";
import { refreshMe, restoreSession, session, settleSignOut, signOut, who } from "./data/session.js";
import { announce, loadIcons } from "./lib/dom.js";
import { words } from "./words.en.js";
import { enrollScreen } from "./ui/enroll.js";
import { logScreen } from "./ui/log.js";
import { startScreen } from "./ui/start.js";
import { applyTheme } from "./ui/theme.js";
import { tilesScreen } from "./ui/tiles.js";
import { keepUpToDate } from "./worker.js";

const root = document.getElementById("app");
let screen = null;
let unknown = false; // the server does not know this tablet
let lost = false; // and it did once
let notice = null; // one sentence for the next tiles screen

function show(name, make, options = {}) {
  if (screen?.name === name) return screen.update();
  screen?.destroy();
  root.replaceChildren();
  scrollTo(0, 0);
  screen = { name, ...make(root, options) };
  return undefined;
}

function route() {
  const person = session()?.person;
  if (person) return show(`log ${person.id}`, logScreen);
  if (unknown) return show("enroll", enrollScreen, { lost });
  if (device()) {
    const message = notice;
    notice = null;
    return show("people", tilesScreen, { message });
  }
  return show(isOnline() ? "start" : "start offline", startScreen, { failed: !isOnline() });
}

let drawing = false;
function update() {
  if (drawing) return;
  drawing = true;
  queueMicrotask(() => {
    drawing = false;
    screen?.update();
  });
}

on("queue", update);
on("me", update);
on("device", () => {
  unknown = false;
  route();
});
on("session", route);
on("signed-out", (reason) => {
  notice = reason === "expired" ? words.people.expired : null;
  if (reason === "idle") announce(words.idle.over);
  route();
  refreshDevice();
});
on("device-lost", async () => {
  if (unknown) return;
  unknown = true;
  lost = lost || Boolean(device()) || waiting().length > 0;
  if (session()) await signOut("expired");
  if (device()) await forgetDevice();
  route();
});
on("connection", (online) => {
  screen?.connection?.(online);
  if (online) {
    kick({ hurry: true });
    settleSignOut();
    refreshDevice();
  }
  route();
  update();
});

// Any of these may mean the connection is back. A real answer decides.
function look() {
  if (document.visibilityState !== "visible") return;
  kick({ hurry: true });
  refreshDevice();
}
addEventListener("online", look);
document.addEventListener("visibilitychange", look);

async function start() {
  applyTheme();
  document.documentElement.lang = "en";
  loadIcons(document.body.dataset.icons);
  configure(who);
  try {
    await readQueue();
    await restoreConnection();
    await restoreDevice();
    await restoreSession(device()?.organization.idle_seconds ?? 30);
  } catch {
    announce(words.link.notSaved, true); // the browser keeps nothing for us: logging will say so too
  }
  route();
  navigator.storage?.persist?.().catch(() => undefined);
  kick();
  const state = await refreshDevice();
  if (state === "unknown") unknown = true;
  if (session()) refreshMe();
  settleSignOut();
  route();
  keepUpToDate(() => !session() && screen?.name === "people" && !document.querySelector(".t-pin, dialog[open]"));
}

start();
