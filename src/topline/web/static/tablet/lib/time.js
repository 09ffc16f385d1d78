/* The tablet's clock, corrected by what the server says, and how times are shown. */

const TOLERANCE_MS = 1500; // below this the difference is the network's, not the clock's

let offset = 0; // server minus device, milliseconds
let last = 0;
let zone;
let locale = "en";

export const deviceNow = () => Date.now();
export const serverNow = () => Date.now() + offset;
export const clockOffset = () => offset;

/** Learn from an answer: the server's time and when we asked and heard (device milliseconds). Returns true when the correction changed. */
export function learnClock(serverTime, asked, heard) {
  const server = Date.parse(serverTime);
  if (Number.isNaN(server)) return false;
  const seen = server - (asked + heard) / 2;
  const wanted = Math.abs(seen) <= TOLERANCE_MS ? 0 : Math.round(seen);
  if (Math.abs(wanted - offset) <= TOLERANCE_MS) return false;
  offset = wanted;
  return true;
}

export function setClock(saved) {
  if (Number.isFinite(saved)) offset = saved;
}

/**
 * The instant of a tap as the tablet claims it: its own clock, corrected by the last known difference, and never
 * before the tap before it, so that a correction in between cannot change their order.
 */
export function tapTime() {
  last = Math.max(serverNow(), last + 1);
  return { occurred_at: new Date(last).toISOString(), device_at: new Date(deviceNow()).toISOString(), offset_ms: offset };
}

export function startAfter(instant) {
  const ms = Date.parse(instant ?? "");
  if (Number.isFinite(ms) && ms < serverNow() + 120_000) last = Math.max(last, ms);
}

export function setPlace(organization) {
  zone = organization?.zone || undefined;
  locale = organization?.locale || "en";
}

const cache = new Map();
function format(key, options) {
  const id = `${key}|${locale}|${zone}`;
  if (!cache.has(id)) cache.set(id, make(options));
  return cache.get(id);
}

function make(options) {
  try {
    return new Intl.DateTimeFormat(locale, { timeZone: zone, ...options });
  } catch {
    return new Intl.DateTimeFormat("en", options); // an unknown zone or locale must not blank the screen
  }
}

/** "14:02" at the hotel. */
export function clock(instant) {
  return format("clock", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(instant));
}

/** "Friday 18 September" for a business date "2026-09-18": a calendar date, so no zone may move it. */
export function longDate(date) {
  return dayFirst({ weekday: "long", day: "numeric", month: "long", timeZone: "UTC" }, new Date(`${date}T12:00:00Z`));
}

export function shortDate(date) {
  return dayFirst({ day: "numeric", month: "short", timeZone: "UTC" }, new Date(`${date}T12:00:00Z`));
}

export function today() {
  return dayFirst({ weekday: "long", day: "numeric", month: "long" }, new Date(serverNow()));
}

/** Weekday, day, month: the order of Topline's other pages, in every language. */
function dayFirst(options, date) {
  const parts = Object.fromEntries(make(options).formatToParts(date).map(({ type, value }) => [type, value]));
  return [parts.weekday, parts.day, parts.month].filter(Boolean).join(" ");
}
