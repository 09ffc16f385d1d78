/* Registers the service worker and takes a new version when nobody is signed in. */

const HOUR_MS = 3_600_000;

/** This page's version: the folder its own scripts came from. */
const version = /\/static\/([^/]+)\//.exec(import.meta.url)?.[1];

/** `free()` says whether a reload would disturb nobody right now. */
export async function keepUpToDate(free) {
  if (!("serviceWorker" in navigator)) return;
  let newer = false;
  const reloadWhenFree = () => {
    if (newer && free()) location.reload();
  };
  navigator.serviceWorker.addEventListener("message", ({ data }) => {
    if (data?.type !== "version" || !data.version || data.version === version) return;
    newer = true;
    reloadWhenFree();
  });
  setInterval(reloadWhenFree, 10_000);
  try {
    const registration = await navigator.serviceWorker.register("/sw.js", { scope: "/tablet", updateViaCache: "none" });
    const ready = await navigator.serviceWorker.ready;
    ready.active?.postMessage({ type: "refresh" });
    setInterval(() => {
      registration.update().catch(() => undefined);
      ready.active?.postMessage({ type: "refresh" });
    }, HOUR_MS);
  } catch {
    // without it the tablet works, but does not open offline; the server's address must be https for that
  }
}
