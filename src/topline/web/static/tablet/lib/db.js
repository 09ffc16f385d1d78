/* IndexedDB with promises: `queue` holds what the server has not confirmed, `kv` the signed-in person and the last tile list. */

const NAME = "topline-tablet";
const VERSION = 1;

let opening = null;

function open() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("queue", { keyPath: "key" });
      request.result.createObjectStore("kv");
    };
    request.onsuccess = () => {
      const db = request.result;
      const forget = () => (opening = null);
      db.onclose = forget;
      db.onversionchange = () => {
        db.close();
        forget();
      };
      resolve(db);
    };
    request.onerror = () => {
      opening = null;
      reject(request.error);
    };
  });
  return opening;
}

/** The result of one IndexedDB request. */
export function got(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * Run `work(transaction)` and answer with its value once everything is committed. Inside `work` await only requests of
 * that transaction. `strict` waits until the bytes are on the disk: a tablet that loses power keeps the tap.
 */
export async function transact(stores, work, { write = false, strict = false } = {}) {
  const db = await open();
  const transaction = db.transaction(stores, write ? "readwrite" : "readonly", { durability: strict ? "strict" : "relaxed" });
  const finished = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
  });
  let value;
  try {
    value = await work(transaction);
  } catch (error) {
    try {
      transaction.abort();
    } catch {
      // already finished: nothing to take back
    }
    await finished.catch(() => undefined);
    throw error;
  }
  await finished;
  return value;
}

export const readKey = (key) => transact(["kv"], (t) => got(t.objectStore("kv").get(key)));
export const writeKey = (key, value) => transact(["kv"], (t) => got(t.objectStore("kv").put(value, key)), { write: true });
export const deleteKey = (key) => transact(["kv"], (t) => got(t.objectStore("kv").delete(key)), { write: true });
