/* What a signed-in person can do. Each act is on the disk when its promise resolves; the sender does the rest. */

import { tapTime } from "../lib/time.js";
import { acknowledge, addAnswer, addEvidence, addLog, addUndo } from "./queue.js";
import { kick } from "./sender.js";
import { session, touch } from "./session.js";

function signed() {
  const { session_id, person } = session();
  return { session_id, person_id: person.id, person_name: person.display_name };
}

/** Record one tap under the id the tablet made when the tile was armed. */
export async function logIt(id, behavior, details) {
  touch();
  await addLog({ ...signed(), ...tapTime(), id, behavior_id: behavior.id, behavior_name: behavior.name, body: details });
  kick();
}

const about = (row) => ({ ...signed(), ...tapTime(), id: row.id, behavior_id: row.behavior_id, behavior_name: row.behavior_name });

export async function undoIt(row) {
  touch();
  await addUndo({ ...about(row), body: {} });
  kick();
}

export async function answerIt(row, text) {
  touch();
  await addAnswer({ ...about(row), body: { text } });
  kick();
}

export async function photoIt(row, photo) {
  touch();
  await addEvidence({ ...about(row), body: { photo } });
  kick();
}

export function putAway(key) {
  touch();
  return acknowledge(key);
}
