/* Whether Topline answers, and since when it does not. Believed from real answers; the browser's own flag only hints. */

import { deleteKey, readKey, writeKey } from "../lib/db.js";
import { emit, on, tellOthers } from "./events.js";

let lostAt = null; // ISO instant of the first failure, null while connected

export const isOnline = () => lostAt === null;
export const offlineSince = () => lostAt;

/** After a reload without the server the banner still says since when. */
export async function restoreConnection() {
  lostAt = (await readKey("offline_since").catch(() => null)) ?? null;
  if (navigator.onLine === false) connectionLost();
}

export function connectionOk() {
  if (lostAt === null) return;
  lostAt = null;
  deleteKey("offline_since").catch(() => undefined);
  tellOthers("online");
  emit("connection", true);
}

export function connectionLost() {
  if (lostAt !== null) return;
  lostAt = new Date().toISOString();
  writeKey("offline_since", lostAt).catch(() => undefined);
  emit("connection", false);
}

/** Note what an answer of `call` says about the connection, and hand it on. */
export function noted(answer) {
  if (answer.kind === "later") connectionLost();
  else connectionOk();
  return answer;
}

addEventListener("offline", connectionLost);
on("other:online", connectionOk);
