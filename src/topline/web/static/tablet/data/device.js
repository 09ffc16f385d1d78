/* This tablet: which people it shows, and whether the server still knows it. The last list survives a reload. */

import { call } from "../lib/api.js";
import { deleteKey, readKey, writeKey } from "../lib/db.js";
import { clockOffset, learnClock, setClock, setPlace } from "../lib/time.js";
import { isOnline, noted } from "./connection.js";
import { emit } from "./events.js";

const EVERY_MS = 60_000;

let state = null;
let timer = null;
let asking = null;

export const device = () => state;

export async function restoreDevice() {
  const [saved, offset] = await Promise.all([readKey("state"), readKey("clock_offset")]);
  setClock(offset);
  use(saved ?? null);
}

function use(next) {
  state = next;
  setPlace(state?.organization);
}

/** Ask the server. Answers "ok", "unknown" (not enrolled), or "later". */
export function refreshDevice() {
  asking ??= ask().finally(() => (asking = null));
  return asking;
}

async function ask() {
  const answer = noted(await call("GET", "/api/tablet/state"));
  plan();
  if (answer.kind === "refused" && answer.status === 401) {
    await forgetDevice();
    return "unknown";
  }
  if (answer.kind !== "ok") return "later";
  if (learnClock(answer.body.server_time, answer.asked, answer.heard)) writeKey("clock_offset", clockOffset()).catch(() => undefined);
  use(answer.body);
  emit("device");
  await writeKey("state", withoutClock(answer.body)).catch(() => undefined);
  return "ok";
}

function withoutClock({ server_time: _, ...rest }) {
  return rest;
}

/** Look again: each minute, and every few seconds while nobody answers, at uneven times so that tablets do not return in step. */
function plan() {
  clearTimeout(timer);
  const wait = isOnline() ? EVERY_MS : 4000 + Math.random() * 4000;
  timer = setTimeout(refreshDevice, wait);
}

export async function forgetDevice() {
  clearTimeout(timer);
  use(null);
  await deleteKey("state").catch(() => undefined);
  emit("device-lost");
}

/** Enroll with a manager's code. Answers the raw answer of `call`. */
export async function enroll(code, name) {
  return noted(await call("POST", "/api/devices/enroll", { json: { code, name } }));
}
