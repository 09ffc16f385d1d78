/* Money is whole minor units. Text goes to integers digit by digit, never through a fraction. */

const MAX_DIGITS = 12;

/** Minor units of what was typed ("40", "40.5", "1,250.00", "1.250,00"), null when empty, NaN when it is not an amount. */
export function parseMinor(text, digits) {
  const typed = text.trim().replace(/[\s’']/g, "");
  if (!typed) return null;
  const match = /^(\d[\d.,]*?)(?:[.,](\d+))?$/.exec(typed);
  if (!match) return NaN;
  let [, whole, fraction = ""] = match;
  if (fraction.length > digits) {
    // "1,250": the last group is thousands, not a fraction, when it is exactly three digits
    if (fraction.length !== 3) return NaN;
    whole += fraction;
    fraction = "";
  }
  const groups = whole.split(/[.,]/);
  if (groups.slice(1).some((group) => group.length !== 3)) return NaN;
  const all = groups.join("") + fraction.padEnd(digits, "0");
  const trimmed = all.replace(/^0+(?=\d)/, "");
  return trimmed.length > MAX_DIGITS ? NaN : Number.parseInt(trimmed, 10);
}

/** "$40" or "$40.50", in the hotel's manner. */
export function showMinor(minor, currency, digits, locale) {
  const negative = minor < 0 ? "-" : "";
  const all = String(Math.abs(minor)).padStart(digits + 1, "0");
  const whole = all.slice(0, all.length - digits);
  const fraction = all.slice(all.length - digits);
  const plain = /[1-9]/.test(fraction) ? `${negative}${whole}.${fraction}` : `${negative}${whole}`;
  const shown = plain.includes(".") ? digits : 0;
  const format = new Intl.NumberFormat(locale, { style: "currency", currency, minimumFractionDigits: shown, maximumFractionDigits: shown });
  return format.format(plain);
}

/** An example of a valid amount, for the error sentence. */
export function exampleAmount(digits) {
  return digits > 0 ? `40.${"5".padEnd(digits, "0")}` : "40";
}
