/*
 * What this tablet still owes the server. Every entry is on the disk before the screen calls it recorded, and leaves only
 * when the server confirmed it, the person took it back, or a person acknowledged a refusal.
 *
 * Entry: key "<kind>:<log id>", kind "log" | "undo" | "answer" | "evidence", id (the log's), session_id, person_id,
 * person_name, behavior_id, behavior_name, occurred_at (claim), device_at, offset_ms, body, state "waiting" | "refused",
 * tries, code, detail.
 */

import { got, transact } from "../lib/db.js";
import { emit, on, tellOthers } from "./events.js";

let entries = [];

const inOrder = (a, b) => (a.occurred_at === b.occurred_at ? (a.key < b.key ? -1 : 1) : a.occurred_at < b.occurred_at ? -1 : 1);

export const queued = () => entries;
export const waiting = () => entries.filter((entry) => entry.state === "waiting");
export const refused = () => entries.filter((entry) => entry.state === "refused");

/** Entries straight from the disk, in order of the tablet's time: another page of this tablet may have changed them. */
export async function readQueue() {
  entries = (await transact(["queue"], (t) => got(t.objectStore("queue").getAll()))).sort(inOrder);
  return entries;
}

async function change(work, strict = true) {
  const value = await transact(["queue"], (t) => work(t.objectStore("queue")), { write: true, strict });
  await readQueue();
  tellOthers("queue");
  emit("queue");
  return value;
}

on("other:queue", async () => {
  await readQueue().catch(() => undefined);
  emit("queue");
});

const fresh = (kind, entry) => ({ ...entry, kind, key: `${kind}:${entry.id}`, state: "waiting", tries: 0, code: null, detail: null });

/** Keep a tap. Resolves once it is on the disk. The same id again changes nothing. */
export function addLog(entry) {
  return change(async (store) => {
    if (!(await got(store.get(`log:${entry.id}`)))) await got(store.put(fresh("log", entry)));
  });
}

/**
 * Take a log back. A tap that never left the tablet is simply removed ("removed"); one that may have been sent, even if
 * no answer came, needs an undo on the server ("queued"); one the server refused is put away ("removed").
 */
export function addUndo(entry) {
  return change(async (store) => {
    const log = await got(store.get(`log:${entry.id}`));
    if (log && (log.tries === 0 || log.state === "refused")) {
      for (const kind of ["log", "answer", "evidence"]) await got(store.delete(`${kind}:${entry.id}`));
      return "removed";
    }
    await got(store.put(fresh("undo", entry)));
    return "queued";
  });
}

export function addAnswer(entry) {
  return change((store) => got(store.put(fresh("answer", entry))));
}

/** Keep a photo until it is sent. It is removed from the tablet with the server's confirmation. */
export function addEvidence(entry) {
  return change((store) => got(store.put(fresh("evidence", entry))));
}

/** Mark entries as possibly sent, before the request leaves. Answers with those that are still there to send. */
export function claim(keys) {
  return change(async (store) => {
    const claimed = [];
    for (const key of keys) {
      const entry = await got(store.get(key));
      if (!entry || entry.state !== "waiting") continue;
      entry.tries += 1;
      await got(store.put(entry));
      claimed.push(entry);
    }
    return claimed;
  });
}

/** Apply the server's word on each entry: `[{key, done: true} | {key, code, detail}]`. */
export function settle(results) {
  return change(async (store) => {
    for (const result of results) {
      const entry = await got(store.get(result.key));
      if (!entry) continue;
      if (result.done) await got(store.delete(result.key));
      else await refuse(store, entry, result);
    }
  });
}

async function refuse(store, entry, { code, detail }) {
  if (entry.kind === "log") {
    const undo = await got(store.get(`undo:${entry.id}`));
    for (const kind of ["undo", "answer", "evidence"]) await got(store.delete(`${kind}:${entry.id}`));
    if (undo) {
      // the person had taken it back already: refused or undone is the same to them
      await got(store.delete(entry.key));
      return;
    }
  }
  const kept = { ...entry, state: "refused", code, detail };
  delete kept.body?.photo; // a refused photo is of no further use, and it may show guests
  await got(store.put(kept));
}

/** A person has read why it was refused. */
export function acknowledge(key) {
  return change(async (store) => {
    const entry = await got(store.get(key));
    if (entry?.state === "refused") await got(store.delete(key));
  });
}
