/* Talking to the server. Every call ends in one of three ways: an answer, a refusal with a code, or nobody answered. */

const TIMEOUT_MS = 10_000;

/**
 * What came back. `kind`:
 * - "ok": the server did it; `body` is its JSON (or null).
 * - "refused": the server said no; `status`, `code`, `detail`, `retryAfter` (seconds or null).
 * - "later": nobody answered, or the server cannot now (5xx, 408, 425); try again with the same id.
 */
export async function call(method, path, { json, blob, timeout = TIMEOUT_MS, keepalive = false } = {}) {
  const headers = { accept: "application/json, application/problem+json" };
  if (json !== undefined) headers["content-type"] = "application/json";
  if (blob) headers["content-type"] = blob.type;
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), timeout);
  const asked = Date.now();
  try {
    const response = await fetch(path, {
      method,
      headers,
      body: blob ?? (json === undefined ? undefined : JSON.stringify(json)),
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
      keepalive,
      signal: stop.signal,
    });
    return await read(response, asked);
  } catch {
    return { kind: "later", status: 0, retryAfter: null };
  } finally {
    clearTimeout(timer);
  }
}

async function read(response, asked) {
  const { status } = response;
  const retryAfter = seconds(response.headers.get("retry-after"));
  if (status === 204) return { kind: "ok", status, body: null, asked, heard: Date.now() };
  const type = response.headers.get("content-type") ?? "";
  const isJson = /^application\/([\w.-]+\+)?json\b/.test(type);
  const body = isJson ? await response.json() : null;
  // A hotel's Wi-Fi login page, or a proxy in front, answers in HTML: that is not Topline's answer, so ask again later.
  if (!isJson || status >= 500 || status === 408 || status === 425) return { kind: "later", status, retryAfter };
  if (response.ok) return { kind: "ok", status, body, asked, heard: Date.now() };
  const waitFor = Number.isFinite(body?.retry_after) ? Math.ceil(body.retry_after) : retryAfter;
  return { kind: "refused", status, code: body?.code ?? `http_${status}`, detail: body?.detail ?? null, errors: body?.errors ?? [], retryAfter: waitFor };
}

function seconds(header) {
  if (!header) return null;
  if (/^\d+$/.test(header.trim())) return Number.parseInt(header, 10);
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - Date.now()) / 1000));
}
