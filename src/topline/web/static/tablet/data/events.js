/* Who wants to know what: inside this page, and between the pages of this tablet. */

const listeners = new Map();
const channel = "BroadcastChannel" in self ? new BroadcastChannel("topline-tablet") : null;

export function on(name, listener) {
  if (!listeners.has(name)) listeners.set(name, new Set());
  listeners.get(name).add(listener);
  return () => listeners.get(name).delete(listener);
}

export function emit(name, detail) {
  for (const listener of [...(listeners.get(name) ?? [])]) listener(detail);
}

/** Tell the other pages of this tablet only. They hear it as `other:<name>`. */
export function tellOthers(name, detail) {
  channel?.postMessage({ name, detail });
}

if (channel) channel.onmessage = ({ data }) => emit(`other:${data.name}`, data.detail);
