/*
 * Brings the queue to the server: one page of the tablet at a time (Web Locks), in order, again and again with the same
 * ids until each entry is confirmed or refused.
 */

import { call } from "../lib/api.js";
import { BATCH_MAX, batchBody, meaning, nextParcel, pause, readBatch, singleRequest } from "./answers.js";
import { noted } from "./connection.js";
import { emit } from "./events.js";
import { claim, readQueue, settle } from "./queue.js";

const LOCK = "topline-sender";

let who = () => null;
let timer = null;
let running = null;
let wanted = false;
let failures = 0;
let notBefore = 0; // performance.now() time; the wall clock may jump
let held = false; // the server asked for a pause: do not cut it short
let halted = false; // the tablet is not enrolled: sending is pointless until it is again
let limit = BATCH_MAX;
const gone = new Set(); // sign-ins the server no longer knows

export function configure(currentPerson) {
  who = currentPerson;
}

/** There may be something to send. `hurry`: the connection came back, so do not sit out the pause of a failed try. */
export function kick({ hurry = false } = {}) {
  if (halted) return;
  wanted = true;
  if (hurry && !held) {
    notBefore = 0;
    failures = 0;
  }
  if (!running) schedule();
}

/** The tablet was enrolled (again). */
export function resume() {
  halted = false;
  kick({ hurry: true });
}

/** Wait until the queue was walked once, at most `ms`. For photos and answers of a person who is leaving. */
export async function flush(ms) {
  kick();
  const late = new Promise((resolve) => setTimeout(resolve, ms));
  await Promise.race([late, (async () => {
    while (wanted || running) await (running ?? new Promise((resolve) => setTimeout(resolve, 50)));
  })()]);
}

function schedule() {
  clearTimeout(timer);
  timer = setTimeout(run, Math.max(0, notBefore - performance.now()));
}

async function run() {
  if (running) return;
  wanted = false;
  running = exclusively(drain).catch(() => later(null));
  const again = await running;
  running = null;
  if (again === "later" || wanted) {
    wanted = true;
    schedule();
  }
}

function exclusively(work) {
  return navigator.locks ? navigator.locks.request(LOCK, work) : work();
}

async function drain() {
  for (;;) {
    const person = who();
    const parcel = nextParcel(await readQueue(), person && !gone.has(person.session_id) ? person : null, limit);
    if (!parcel || halted) {
      limit = BATCH_MAX;
      failures = 0;
      return "empty";
    }
    const outcome = parcel.single ? await sendOne(parcel.single) : await sendBatch(parcel.batch);
    if (outcome !== "sent") return outcome;
    failures = 0;
    held = false;
  }
}

async function sendOne(chosen) {
  const [entry] = await claim([chosen.key]);
  if (!entry) return "sent"; // taken back in the meantime
  const { method, path, options } = singleRequest(entry);
  const signedIn = who()?.session_id;
  const answer = noted(await call(method, path, options));
  switch (meaning(answer)) {
    case "done":
      if (!answer.body?.log) return later(answer);
      emit("confirmed", { entry, log: answer.body.log, today: answer.body.today, behavior: answer.body.behavior });
      await settle([{ key: entry.key, done: true }]);
      return "sent";
    case "later":
      return later(answer);
    case "device":
      return lostDevice();
    case "session":
      gone.add(signedIn);
      emit("session-over", signedIn);
      return "sent"; // goes on by the device's own right
    default:
      return refuse(entry, answer);
  }
}

async function sendBatch(chosen) {
  const entries = await claim(chosen.map((entry) => entry.key));
  if (!entries.length) return "sent";
  const answer = noted(await call("POST", "/api/behavior-logs/batch", { json: batchBody(entries), timeout: 30_000 }));
  switch (meaning(answer)) {
    case "done": {
      const { settled, open } = readBatch(entries, answer.body?.results);
      for (const one of settled) if (one.done && one.log) emit("confirmed", { entry: one.entry, log: one.log });
      if (settled.length) await settle(settled);
      return open ? later(answer) : "sent";
    }
    case "later":
      return later(answer);
    case "device":
      return lostDevice();
    case "session":
      return later(answer); // the tablet itself may always send: something between us and the server is odd
    default:
      // One bad entry must not hold back the others: halve until it stands alone.
      if (entries.length === 1) return refuse(entries[0], answer);
      limit = Math.ceil(entries.length / 2);
      return "sent";
  }
}

async function refuse(entry, answer) {
  const about = answer.errors?.[0] ?? answer;
  await settle([{ key: entry.key, code: about.code, detail: about.message ?? answer.detail }]);
  emit("refused", entry);
  return "sent";
}

function lostDevice() {
  halted = true;
  emit("device-lost");
  return "halted";
}

function later(answer) {
  failures += 1;
  held = Boolean(answer?.retryAfter);
  notBefore = performance.now() + (held ? answer.retryAfter * 1000 : pause(failures, Math.random()));
  return "later";
}
