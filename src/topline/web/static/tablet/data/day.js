/* Pure: a person's day as the server knows it plus what still waits on this tablet. Nothing here reads a clock. */

const DAY_MS = 24 * 3600 * 1000;
const stands = (log) => log.status === "pending" || log.status === "verified";

/** Whether an instant lies in the business day that ends at `turnsAt`. */
function inDay(instant, turnsAt) {
  const at = Date.parse(instant);
  const end = Date.parse(turnsAt);
  return Number.isNaN(end) || (at < end && at >= end - DAY_MS);
}

/** The snapshot for the next business day: the tablet was on, without the server, when the day turned. */
export function turned(me, now) {
  const end = Date.parse(me.turns_at);
  if (Number.isNaN(end) || now < end) return me;
  const date = new Date(Date.parse(`${me.business_date}T12:00:00Z`) + DAY_MS).toISOString().slice(0, 10);
  return turned(
    {
      ...me,
      business_date: date,
      turns_at: new Date(end + DAY_MS).toISOString(),
      today: { ...me.today, count: 0, points: 0 },
      behaviors: me.behaviors.map((behavior) => ({ ...behavior, count: 0 })),
      place: null,
    },
    now,
  );
}

/**
 * What the screen shows: {date, today, streak_days, place, behaviors, rows, earlier}. A log that both the server and the
 * queue know is counted once, by its id.
 */
export function dayView(snapshot, entries, now) {
  const me = turned(snapshot, now);
  const known = new Map(me.logs.map((log) => [log.id, log]));
  const own = entries.filter((entry) => entry.person_id === me.person.id);
  const byKey = new Map(own.map((entry) => [entry.key, entry]));
  const behaviors = new Map(me.behaviors.map((behavior) => [behavior.id, { ...behavior }]));
  const today = { ...me.today };
  let extra = 0;
  const add = (behaviorId, sign, points) => {
    const behavior = behaviors.get(behaviorId);
    if (behavior) behavior.count = Math.max(0, behavior.count + sign);
    today.count = Math.max(0, today.count + sign);
    extra += sign * points;
  };
  const rows = [];
  for (const entry of own.filter((one) => one.kind === "log" && !known.has(one.id))) {
    const undone = byKey.has(`undo:${entry.id}`);
    const points = behaviors.get(entry.behavior_id)?.points ?? 0;
    if (entry.state === "waiting" && !undone && inDay(entry.occurred_at, me.turns_at)) add(entry.behavior_id, 1, points);
    rows.push(localRow(entry, undone, me));
  }
  for (const log of me.logs) {
    const undo = byKey.get(`undo:${log.id}`);
    const undoing = undo?.state === "waiting" && stands(log);
    if (undoing && log.business_date === me.business_date) add(log.behavior_id, -1, log.points);
    rows.push(serverRow(log, { undo, undoing, answer: byKey.get(`answer:${log.id}`), photo: byKey.get(`evidence:${log.id}`), behavior: behaviors.get(log.behavior_id) }));
  }
  for (const row of rows) if (row.local) row.photoQueued = byKey.has(`evidence:${row.id}`);
  rows.sort((a, b) => (a.occurred_at < b.occurred_at ? 1 : -1));
  today.points = Math.max(0, today.points + extra);
  return {
    date: me.business_date,
    today,
    streak_days: me.streak_days + (snapshot.today.count === 0 && today.count > 0 ? 1 : 0),
    place: placeWith(me.place, extra),
    behaviors: [...behaviors.values()],
    rows: rows.filter((row) => row.business_date === me.business_date),
    earlier: rows.filter((row) => row.business_date !== me.business_date),
  };
}

function localRow(entry, undone, me) {
  const behavior = me.behaviors.find((one) => one.id === entry.behavior_id);
  return {
    ...entry.body,
    id: entry.id,
    local: true,
    behavior_id: entry.behavior_id,
    behavior_name: entry.behavior_name,
    occurred_at: entry.occurred_at,
    business_date: entry.state === "refused" || inDay(entry.occurred_at, me.turns_at) ? me.business_date : null,
    place_label: behavior?.place_label ?? "room",
    state: entry.state === "refused" ? "refused" : undone ? "undoing" : "saved",
    refusedKey: entry.state === "refused" ? entry.key : null,
    code: entry.code,
    detail: entry.detail,
    needsPhoto: behavior?.verification === "evidence",
    canUndo: entry.state === "waiting" && !undone,
    undo_until: null,
  };
}

function serverRow(log, { undo, undoing, answer, photo, behavior }) {
  const failed = [undo, answer, photo].find((entry) => entry?.state === "refused");
  const needsPhoto = behavior?.verification === "evidence" && !log.has_evidence && log.status === "pending";
  let state = log.status;
  if (undoing) state = "undoing";
  else if (state === "pending" && behavior?.verification === "self_reported") state = "self_reported";
  else if (needsPhoto && photo?.state !== "waiting") state = "needs_photo";
  return {
    ...log,
    local: false,
    place_label: behavior?.place_label ?? "room",
    state,
    refusedKey: failed?.key ?? null,
    refusedKind: failed?.kind ?? null,
    code: failed?.code ?? null,
    detail: failed?.detail ?? null,
    needsPhoto,
    photoQueued: photo?.state === "waiting",
    answerQueued: answer?.state === "waiting" ? answer.body.text : null,
    canUndo: log.can_undo && !undo,
    canAnswer: log.can_answer && !answer,
  };
}

/** The place with points that are still on this tablet added to one's own. The rank itself is the server's to say. */
function placeWith(place, extra) {
  if (!place || extra === 0) return place;
  const needed = place.next ? place.next.points_needed - extra : 0;
  return {
    ...place,
    points: place.points + extra,
    next: needed > 0 ? { ...place.next, points_needed: needed } : null,
    neighbours: (place.neighbours ?? []).map((one) => (one.is_me ? { ...one, points: one.points + extra } : one)),
  };
}

/** The snapshot after the server confirmed a log, an undo, an answer or a photo. Counts come with it, or are stepped. */
export function withLog(me, log, today, behavior) {
  const before = me.logs.find((one) => one.id === log.id);
  const logs = before ? me.logs.map((one) => (one.id === log.id ? log : one)) : [log, ...me.logs];
  logs.sort((a, b) => (a.occurred_at < b.occurred_at ? 1 : -1));
  const step = log.business_date === me.business_date ? (stands(log) ? 1 : 0) - (before && stands(before) ? 1 : 0) : 0;
  const points = log.business_date === me.business_date ? log.points - (before?.points ?? 0) : 0;
  const counts = today ?? { ...me.today, count: me.today.count + step, points: me.today.points + points };
  const behaviors = me.behaviors.map((one) => {
    if (behavior && one.id === behavior.id) return { ...one, ...behavior };
    return !behavior && one.id === log.behavior_id ? { ...one, count: Math.max(0, one.count + step) } : one;
  });
  return { ...me, logs, today: { ...me.today, ...counts }, behaviors };
}
