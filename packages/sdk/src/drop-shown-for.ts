import type { Signal } from "@preact/signals-core";

/** Takes away what was shown for `shownMs`; the signal changes only when something goes. */
export function dropShownFor<T extends { readonly atMs: number }>(
  shown: Signal<readonly T[]>,
  { shownMs, nowMs }: { readonly shownMs: number; readonly nowMs: number },
): void {
  const isNew = ({ atMs }: T) => atMs > nowMs - shownMs;
  if (!shown.peek().every(isNew)) shown.value = shown.peek().filter(isNew);
}
