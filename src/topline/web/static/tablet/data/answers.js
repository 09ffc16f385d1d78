/* Pure: what to send next, and what the server's answers mean for each entry. No network, no disk, no clock. */

export const BATCH_MAX = 200;

/**
 * The next parcel, or null. Logs and undos go first, in order of device time, because the device's cookie is enough for
 * them; answers and photos need their person signed in. `who` is {session_id, person_id} or null.
 */
export function nextParcel(entries, who, limit = BATCH_MAX) {
  const ready = entries.filter((entry) => entry.state === "waiting");
  const core = ready.filter((entry) => entry.kind === "log" || entry.kind === "undo");
  if (core.length === 1 && who && core[0].session_id === who.session_id) return { single: core[0] };
  if (core.length) return { batch: core.slice(0, limit) };
  const own = ready.find((entry) => who && entry.person_id === who.person_id);
  return own ? { single: own } : null;
}

/** The request for one entry. */
export function singleRequest(entry) {
  const path = `/api/behavior-logs/${entry.id}`;
  if (entry.kind === "undo") return { method: "POST", path: `${path}/undo`, options: {} };
  if (entry.kind === "answer") return { method: "POST", path: `${path}/answer`, options: { json: { text: entry.body.text } } };
  if (entry.kind === "evidence") return { method: "PUT", path: `${path}/evidence`, options: { blob: entry.body.photo, timeout: 60_000 } };
  return { method: "POST", path: "/api/behavior-logs", options: { json: logBody(entry) } };
}

/** The same fields whether a log goes alone or in a batch, so that a retry is the same request. */
export function logBody(entry) {
  const body = { id: entry.id, behavior_id: entry.behavior_id, occurred_at: entry.occurred_at };
  for (const name of ["outcome", "place", "amount_minor", "covers", "note"]) {
    const value = entry.body?.[name];
    if (value !== null && value !== undefined && value !== "") body[name] = value;
  }
  return body;
}

export function batchBody(entries) {
  const logs = entries.filter((entry) => entry.kind === "log");
  const undos = entries.filter((entry) => entry.kind === "undo");
  return {
    logs: logs.map((entry) => ({ ...logBody(entry), session_id: entry.session_id })),
    undos: undos.map((entry) => ({ id: entry.id, session_id: entry.session_id, undone_at: entry.occurred_at })),
  };
}

/** Pair each entry of a batch with its result. Entries without one stay for the next try (`open`). */
export function readBatch(entries, results) {
  const byKey = new Map((results ?? []).map((result) => [`${result.kind}:${result.id}`, result]));
  const settled = [];
  let open = 0;
  for (const entry of entries) {
    const result = byKey.get(entry.key);
    if (!result) open += 1;
    else if (result.result === "refused") settled.push({ key: entry.key, entry, code: result.code, detail: result.detail });
    else settled.push({ key: entry.key, entry, done: true, log: result.log });
  }
  return { settled, open };
}

const NOT_ABOUT_THE_ENTRY = new Set([405, 429]);

/** Whether the person's sign-in is over. With only the tablet's own cookie left, the server says "forbidden". */
export function isSignedOut(answer) {
  return answer.kind === "refused" && (answer.status === 401 || answer.code === "forbidden");
}

/**
 * What an answer of `call` asks the sender to do with a parcel:
 * "done" | "later" (same again after a pause) | "session" (sign-in over) | "device" (tablet not enrolled) | "refused".
 */
export function meaning(answer) {
  if (answer.kind === "ok") return "done";
  if (answer.kind === "later" || NOT_ABOUT_THE_ENTRY.has(answer.status) || answer.code === "cross_site") return "later";
  if (answer.code === "device_unknown") return "device";
  return isSignedOut(answer) ? "session" : "refused";
}

/** Pause before try number `failures` + 1: doubling from one second to fifteen, with jitter so that tablets do not return in step. */
export function pause(failures, random) {
  const full = Math.min(15_000, 1000 * 2 ** Math.max(0, failures - 1));
  return full * (0.5 + random / 2);
}
