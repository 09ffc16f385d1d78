/*
 * Who is signed in on this tablet. The record (session id, person, last known day) outlives a reload so that the person
 * can go on without the server; the PIN is never kept, and Done, idleness or expiry wipe the record.
 */

import { call } from "../lib/api.js";
import { deleteKey, readKey, writeKey } from "../lib/db.js";
import { serverNow, startAfter } from "../lib/time.js";
import { isSignedOut } from "./answers.js";
import { isOnline, noted } from "./connection.js";
import { withLog } from "./day.js";
import { emit, on, tellOthers } from "./events.js";
import { queued } from "./queue.js";
import { flush } from "./sender.js";

const MEMORY = "session";
const FLUSH_MS = 4000;
const REFRESH_MS = 1500;

let current = null; // {session_id, expires_at, person, me, active_at}
let changes = 0; // counts confirmed changes, so that an older answer of /me cannot overwrite a newer log
let loading = null;
let refreshTimer = null;
let failed = false;

export const session = () => current;
export const loadFailed = () => failed;
export const who = () => (current ? { session_id: current.session_id, person_id: current.person.id } : null);

/** Bring back the signed-in person after a reload, unless the tablet lay idle too long meanwhile. */
export async function restoreSession(idleSeconds) {
  const saved = await readKey(MEMORY).catch(() => null);
  if (!saved) return null;
  const idle = Math.abs(Date.now() - saved.active_at) > idleSeconds * 1000;
  if (idle || Date.parse(saved.expires_at) <= serverNow()) {
    current = saved;
    await signOut("idle");
    return null;
  }
  current = saved;
  startAfter(queued().at(-1)?.occurred_at);
  return current;
}

async function save() {
  if (!current) return;
  await writeKey(MEMORY, current).catch(() => undefined);
}

/** The day changed: keep it, and let the tablet's other pages take it over. */
async function saveDay() {
  await save();
  tellOthers("day");
}

/** Ask with the PIN. Answers the raw answer of `call`; on success the person is signed in. */
export async function signIn(personId, pin) {
  const answer = noted(await call("POST", "/api/auth/pin", { json: { person_id: personId, pin } }));
  if (answer.kind !== "ok") return answer;
  const { session_id, expires_at, person, must_change_pin = false } = answer.body;
  current = { session_id, expires_at, person, must_change_pin, me: null, active_at: Date.now() };
  failed = false;
  await save();
  await deleteKey("logout_due").catch(() => undefined); // the old cookie is replaced, nothing left to end
  tellOthers("session");
  await refreshMe();
  emit("session");
  return answer;
}

/** Choose another PIN. Answers the raw answer of `call`; nothing of either PIN is kept. */
export async function changePin(currentPin, newPin) {
  const answer = noted(await call("POST", "/api/auth/pin/change", { json: { current_pin: currentPin, new_pin: newPin } }));
  if (answer.kind === "ok" && current) {
    current.must_change_pin = false;
    await save();
  }
  return answer;
}

/** End this sign-in: `reason` "done" | "idle" | "expired". The queue stays. */
export async function signOut(reason) {
  if (!current) return;
  const leaving = current;
  const bound = queued().some((e) => e.state === "waiting" && e.person_id === leaving.person.id && (e.kind === "answer" || e.kind === "evidence"));
  if (reason === "done" && bound && isOnline()) await flush(FLUSH_MS);
  if (current !== leaving) return;
  current = null;
  clearTimeout(refreshTimer);
  const forgotten = deleteKey(MEMORY).catch(() => undefined);
  emit("signed-out", reason); // in the same breath, or another event shows the names before they know why
  await forgotten;
  tellOthers("session");
  if (reason !== "expired") await endOnServer();
}

/** The server could not be told of a sign-out: tell it when it answers again and nobody signed in since. */
export async function endOnServer() {
  const answer = await call("POST", "/api/auth/logout", { json: {}, keepalive: true });
  if (answer.kind === "later") await writeKey("logout_due", true).catch(() => undefined);
  else await deleteKey("logout_due").catch(() => undefined);
}

export async function settleSignOut() {
  if (!current && (await readKey("logout_due").catch(() => null))) await endOnServer();
}

/** Load the person's day. A change confirmed while the answer was on its way makes that answer old: ask again. */
export function refreshMe() {
  clearTimeout(refreshTimer);
  loading ??= load().finally(() => (loading = null));
  return loading;
}

async function load() {
  for (let round = 0; round < 3 && current; round += 1) {
    const before = changes;
    const asking = current.session_id;
    const answer = noted(await call("GET", "/api/tablet/me"));
    if (current?.session_id !== asking) return;
    if (isSignedOut(answer)) return void (await over(answer.code));
    if (answer.kind !== "ok") {
      failed = true;
      emit("me");
      return;
    }
    if (answer.body.session_id !== asking) return void (await over("session_other"));
    if (before !== changes && round < 2) continue;
    failed = false;
    current.me = answer.body;
    current.person = { ...current.person, ...answer.body.person };
    await saveDay();
    emit("me");
    return;
  }
}

async function over(code) {
  if (code === "device_unknown") emit("device-lost");
  await signOut("expired");
}

/** Note that the person is there. Written at most every two seconds. */
export function touch() {
  if (!current) return;
  const now = Date.now();
  if (now - current.active_at < 2000) return;
  current.active_at = now;
  tellOthers("active", now);
  save();
}

on("other:active", (at) => {
  if (current) current.active_at = Math.max(current.active_at, at);
  emit("active-elsewhere", at);
});

on("other:session", async () => {
  const saved = await readKey(MEMORY).catch(() => null);
  if ((saved?.session_id ?? null) === (current?.session_id ?? null)) return;
  current = saved ?? null;
  emit(current ? "session" : "signed-out", "elsewhere");
});

on("other:day", async () => {
  const saved = await readKey(MEMORY).catch(() => null);
  if (!current || saved?.session_id !== current.session_id) return;
  changes += 1;
  current.me = saved.me;
  emit("me");
});

on("confirmed", ({ entry, log, today, behavior }) => {
  changes += 1;
  if (!current?.me || entry.person_id !== current.person.id) return;
  current.me = withLog(current.me, log, today, behavior);
  saveDay();
  clearTimeout(refreshTimer);
  refreshTimer = setTimeout(refreshMe, REFRESH_MS); // place and streak follow
});

on("session-over", (id) => {
  if (current?.session_id === id || id === undefined) signOut("expired");
});
