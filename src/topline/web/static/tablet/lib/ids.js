/* UUID version 7 (RFC 9562 §5.7), made on the tablet: a retry carries the same id, so the server knows it is the same log. */

let lastMs = 0;
let counter = 0;

/** A fresh id; ids made later sort later, also within one millisecond and when the clock steps back. */
export function uuidv7(now = Date.now()) {
  const random = crypto.getRandomValues(new Uint8Array(10));
  if (now > lastMs) {
    lastMs = now;
    counter = ((random[0] << 8) | random[1]) & 0x7ff;
  } else {
    counter += 1;
    if (counter > 0xfff) {
      lastMs += 1;
      counter = 0;
    }
  }
  const time = lastMs.toString(16).padStart(12, "0");
  const low = [...random.slice(2)];
  low[0] = (low[0] & 0x3f) | 0x80;
  const tail = low.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, "0")}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}
