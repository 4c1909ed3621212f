import type { Device } from "@mqtt-meet/sdk/browser";

/** What was plugged in between two lists. Nothing, when the first list had no ids: then only a permission came. */
export function newDevices(before: readonly Device[], now: readonly Device[]): readonly Device[] {
  const known = new Set(before.filter(({ id }) => id !== "").map(({ kind, id }) => `${kind} ${id}`));
  const knownKinds = new Set(before.filter(({ id }) => id !== "").map(({ kind }) => kind));
  return now.filter(
    ({ kind, id, label }) => id !== "" && label !== "" && knownKinds.has(kind) && !known.has(`${kind} ${id}`),
  );
}
