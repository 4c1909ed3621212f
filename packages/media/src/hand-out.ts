import type { Picture } from "./codec.ts";

/**
 * Gives `picture` to all `takers`, each of which takes its own over: the last one gets this picture, the others
 * references to it. `clone` returns undefined where there can be none, and then only the last one gets it. Without takers it is closed.
 */
export function handOut<P extends Picture>(
  picture: P,
  takers: readonly ((picture: P) => void)[],
  clone: (picture: P) => P | undefined,
): void {
  const last = takers.at(-1);
  for (const take of takers.slice(0, -1)) {
    const copy = clone(picture);
    if (copy !== undefined) take(copy);
  }
  if (last === undefined) picture.close();
  else last(picture);
}
