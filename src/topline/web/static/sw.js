/*
 * The tablet's service worker: opens the app without the server. It keeps one complete version of the shell and its
 * files and never touches /api: those answers are never stored.
 *
 * The shell is asked from the network first, because it names the version of everything else; its files carry that
 * version in their path and never change, so they come from the cache first.
 */

const SHELL = "/tablet";
const PREFIX = "tablet-";
const SHELL_WAIT_MS = 3000;

self.addEventListener("install", (event) => {
  event.waitUntil(refresh().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener("message", (event) => {
  if (event.data?.type === "refresh") event.waitUntil(refresh().catch(() => undefined));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && url.pathname === SHELL) event.respondWith(shell(event));
  else if (url.pathname.startsWith("/static/")) event.respondWith(file(request));
});

/** The shell: fresh when the server answers in time, else the kept one. A new version is fetched completely beside it. */
async function shell(event) {
  try {
    const response = await fetchShell(AbortSignal.timeout(SHELL_WAIT_MS));
    if (isShell(response)) {
      event.waitUntil(keep(response.clone()).catch(() => undefined));
      return response;
    }
    if (response.status < 500) return response.redirected ? Response.redirect(response.url) : response; // the server's to say
  } catch {
    // nobody answered in time
  }
  return (await caches.match(SHELL)) ?? Response.error();
}

async function file(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

function fetchShell(signal) {
  return fetch(SHELL, { cache: "no-cache", credentials: "same-origin", signal });
}

function isShell(response) {
  return response.ok && !response.redirected && (response.headers.get("content-type") ?? "").startsWith("text/html");
}

async function refresh() {
  const response = await fetchShell();
  if (isShell(response)) await keep(response);
}

let keeping = Promise.resolve();

/** One at a time: two pages opening at once must not build the same version twice. */
function keep(response) {
  keeping = keeping.catch(() => undefined).then(() => keepVersion(response));
  return keeping;
}

/** Store this shell with every file it needs. The old version goes only when the new one is complete. */
async function keepVersion(response) {
  const html = await response.clone().text();
  const version = /\/static\/([^/"'\s]+)\//.exec(html)?.[1];
  if (!version) return;
  const name = PREFIX + version;
  const cache = await caches.open(name);
  if (!(await cache.match("/static/complete"))) {
    await crawl(html, "html", new URL(SHELL, self.location.origin), cache);
    await cache.put("/static/complete", new Response(version));
  }
  await cache.put(SHELL, response);
  for (const other of await caches.keys()) if (other.startsWith(PREFIX) && other !== name) await caches.delete(other);
  for (const client of await self.clients.matchAll()) client.postMessage({ type: "version", version });
}

/** Fetch what a text refers to, and what that refers to: the modules name each other, the stylesheets their fonts. */
async function crawl(text, kind, base, cache, seen = new Set()) {
  const found = [...references(text, kind, base)].filter((url) => !seen.has(url));
  for (const url of found) seen.add(url);
  await Promise.all(
    found.map(async (url) => {
      const response = (await cache.match(url)) ?? (await fetch(url, { credentials: "same-origin" }));
      if (!response.ok) throw new Error(`${url}: ${response.status}`);
      const inside = /javascript|css|manifest/.exec(response.headers.get("content-type") ?? "")?.[0];
      await cache.put(url, response.clone());
      if (inside) await crawl(await response.text(), inside, new URL(url), cache, seen);
    }),
  );
}

const REFERENCES = {
  html: /(?:href|src|data-icons)="([^"]+)"/g,
  javascript: /^(?:import|export)\b[^;"=]*"(\.[^"]+)"/gm,
  css: /(?:url\(|@import\s+)\s*["']?([^"')]+)["']?/g,
  manifest: /"src"\s*:\s*"([^"]+)"/g,
};

function* references(text, kind, base) {
  for (const match of text.matchAll(REFERENCES[kind])) {
    const url = new URL(match[1], base);
    url.hash = "";
    if (url.origin === self.location.origin && url.pathname.startsWith("/static/")) yield url.href;
  }
}
