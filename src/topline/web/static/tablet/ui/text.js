/* Data to words: the small sentences several parts of the screen share. */

import { device } from "../data/device.js";
import { showMinor } from "../lib/money.js";
import { words } from "../words.en.js";

export function money(minor) {
  const { currency, currency_digits: digits, locale } = device()?.organization ?? {};
  return currency ? showMinor(minor, currency, digits ?? 2, locale) : String(minor);
}

/** "Room 512 · accepted · $40", or "no details". */
export function detailsOf(row) {
  const d = words.details;
  const parts = [
    row.place && (row.place_label === "table" ? d.tableIs(row.place) : d.roomIs(row.place)),
    row.outcome && d[row.outcome]?.toLowerCase(),
    Number.isInteger(row.amount_minor) && money(row.amount_minor),
    Number.isInteger(row.covers) && d.coversAre(row.covers),
    row.note,
  ].filter(Boolean);
  return parts.length ? parts.join(" · ") : d.none;
}

/** Why something was refused, in a sentence a person can act on. */
export function reasonOf({ code, detail }) {
  if (words.problems[code]) return words.problems[code];
  if (detail) return detail.replace(/\.$/, "");
  const http = /^http_(\d+)$/.exec(code ?? "");
  return http ? words.http(http[1]) : words.unknownProblem;
}

/** The words and tone of a row's state: {text, tone, icon}. */
export function stateOf(row) {
  const s = words.day.status;
  switch (row.state) {
    case "saved":
      return { text: s.saved, tone: "neutral", icon: "tablet" };
    case "undoing":
      return { text: s.undoing, tone: "neutral", icon: "tablet" };
    case "verified":
      return { text: s.verified, tone: "winning", icon: "check" };
    case "rejected":
      return { text: s.rejected(words.day.reasons[row.reject_reason] ?? row.reject_reason ?? ""), tone: "losing", icon: "x" };
    case "refused":
      return { text: s.refused(reasonOf(row)), tone: "losing", icon: "alert" };
    case "needs_photo":
      return { text: s.needs_photo, tone: "neutral", icon: "camera" };
    default:
      return { text: s[row.state] ?? row.state, tone: "", icon: null };
  }
}
