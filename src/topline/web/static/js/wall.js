// The wall keeps itself true for days: the stream says only "changed", the fragment is then fetched with its ETag.
// A slow conditional request runs beside an open stream as a heartbeat, because a dead connection looks open; without a
// stream the fragment is polled. After too long without an answer the wall turns grey and says so.

const wall = document.querySelector("[data-wall]");
const notice = document.querySelector("[data-wall-stale]");
const canvas = document.querySelector("[data-confetti]");
const { stream: streamUrl, fragment: fragmentUrl } = wall.dataset;
const POLL_MS = 1000 * (Number(wall.dataset.pollSeconds) || 15);
const STALE_MS = 1000 * (Number(wall.dataset.staleSeconds) || 90);
const HEARTBEAT_MS = Math.min(45_000, STALE_MS / 2);
const TIMEOUT_MS = 10_000;
const LONGEST_WAIT_MS = 60_000;
const SEEN_KEY = "topline.celebrated";

let etag = null;
let contact = Date.now();
let source = null;
let attempts = 0;
let loading = false;
let again = false;
let timer = 0;

const calm = matchMedia("(prefers-reduced-motion: reduce)");

// --- Taking over the new picture without rebuilding what stayed the same, so that bars glide and nothing flashes.

const same = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName;

const morph = (old, fresh) => {
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  if (old.nodeType !== Node.ELEMENT_NODE) return;
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  morphChildren(old, fresh);
};

const morphChildren = (old, fresh) => {
  const [before, after] = [[...old.childNodes], [...fresh.childNodes]];
  if (before.length !== after.length || before.some((node, at) => !same(node, after[at]))) {
    old.replaceChildren(...after);
    return;
  }
  before.forEach((node, at) => morph(node, after[at]));
};

const versionOf = (root) => root.querySelector("[data-version]")?.dataset.version;

const show = (html) => {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  const fresh = parsed.querySelector("[data-wall]") ?? parsed.body;
  const [ours, theirs] = [versionOf(wall), versionOf(fresh)];
  if (ours && theirs && ours !== theirs) {
    // The program was upgraded: take the new styles and scripts too.
    location.reload();
    return;
  }
  morphChildren(wall, document.importNode(fresh, true));
  celebrate();
};

// --- Contact

const touched = () => {
  contact = Date.now();
  judge();
};

const judge = () => {
  const stale = Date.now() - contact > STALE_MS;
  wall.classList.toggle("is-stale", stale);
  if (notice.hidden === stale) notice.hidden = !stale;
};

const plan = () => {
  clearTimeout(timer);
  const open = source?.readyState === EventSource.OPEN;
  timer = setTimeout(load, (open ? HEARTBEAT_MS : POLL_MS) * (0.9 + Math.random() * 0.2));
};

async function load() {
  if (!fragmentUrl) return;
  if (loading) {
    again = true;
    return;
  }
  loading = true;
  try {
    const answer = await fetch(fragmentUrl, {
      headers: { "HX-Request": "true", ...(etag ? { "If-None-Match": etag } : {}) },
      cache: "no-store",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (answer.status === 304) touched();
    if (answer.ok && !answer.redirected) {
      const html = await answer.text();
      etag = answer.headers.get("ETag");
      touched();
      show(html);
    }
  } catch {
    // No answer: the clock of staleness runs on, and the next turn comes by itself.
  } finally {
    loading = false;
    judge();
    if (again) {
      again = false;
      setTimeout(load, 200);
    } else {
      plan();
    }
  }
}

// --- Stream

const reopen = () => {
  source?.close();
  source = null;
  const wait = Math.min(LONGEST_WAIT_MS, 1000 * 2 ** attempts) * (0.5 + Math.random() / 2);
  attempts += 1;
  setTimeout(listen, wait);
  plan();
};

let soon = 0;
const changed = () => {
  // A burst of logs is one picture.
  clearTimeout(soon);
  soon = setTimeout(load, 120);
};

function listen() {
  if (!streamUrl) return;
  source = new EventSource(streamUrl);
  source.onopen = () => {
    attempts = 0;
    touched();
    changed();
  };
  source.addEventListener("changed", changed);
  source.onmessage = changed;
  source.onerror = reopen;
}

// --- Celebrating: once for each celebration, remembered on this display.

const seen = () => {
  try {
    return JSON.parse(localStorage.getItem(SEEN_KEY) ?? "[]");
  } catch {
    return [];
  }
};

const celebrate = () => {
  const id = wall.querySelector("[data-celebration]")?.dataset.celebration;
  if (!id) return;
  const known = seen();
  if (known.includes(id)) return;
  try {
    localStorage.setItem(SEEN_KEY, JSON.stringify([...known, id].slice(-30)));
  } catch {
    return; // Without memory it would celebrate at every change.
  }
  if (!calm.matches) confetti();
};

const confetti = () => {
  const pen = canvas.getContext("2d");
  const [width, height] = [canvas.width, canvas.height] = [innerWidth, innerHeight];
  const style = getComputedStyle(wall);
  const colors = ["--celebrating", "--winning", "--accent", "--losing"].map((name) => style.getPropertyValue(name));
  const pieces = Array.from({ length: 160 }, (_, at) => ({
    x: Math.random() * width,
    y: -Math.random() * height * 0.6 - 20,
    fall: height * (0.22 + Math.random() * 0.22),
    sway: 20 + Math.random() * 40,
    turn: Math.random() * 6,
    size: height / 120 + Math.random() * (height / 90),
    color: colors[at % colors.length],
  }));
  const begin = performance.now();
  const LAST_MS = 5000;
  canvas.hidden = false;
  const frame = (now) => {
    const t = (now - begin) / 1000;
    pen.clearRect(0, 0, width, height);
    if (now - begin > LAST_MS) {
      canvas.hidden = true;
      return;
    }
    pen.globalAlpha = Math.min(1, (LAST_MS - (now - begin)) / 1000);
    for (const piece of pieces) {
      pen.save();
      pen.translate(piece.x + Math.sin(t * 2 + piece.turn) * piece.sway, piece.y + piece.fall * t);
      pen.rotate(piece.turn + t * 3);
      pen.fillStyle = piece.color;
      pen.fillRect(-piece.size / 2, -piece.size / 4, piece.size, piece.size / 2);
      pen.restore();
    }
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
};

// A picture that stands for weeks burns into some panels: it wanders by a few pixels, too slowly to be seen.
let step = 0;
const drift = () => {
  step = (step + 1) % 8;
  const angle = (step * Math.PI) / 4;
  wall.style.setProperty("--drift-x", `${(3 * Math.cos(angle)).toFixed(1)}px`);
  wall.style.setProperty("--drift-y", `${(3 * Math.sin(angle)).toFixed(1)}px`);
};

celebrate();
listen();
plan();
setInterval(judge, 5000);
setInterval(drift, 300_000);
addEventListener("online", load);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && load());
