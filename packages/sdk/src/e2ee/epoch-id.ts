import type { EpochId } from "@mqtt-meet/protocol";

/** One epoch in one text: its number and who made it. */
export function epochKey({ number, by }: EpochId): string {
  return `${number}.${by}`;
}

export function sameEpoch(a: EpochId | undefined, b: EpochId | undefined): boolean {
  return a?.number === b?.number && a?.by === b?.by;
}

/** Whether `a` replaces `b`: a higher number, or the same of a smaller peer. */
export function replaces(a: EpochId, b: EpochId | undefined): boolean {
  if (b === undefined || a.number !== b.number) return a.number > (b?.number ?? 0);
  return a.by < b.by;
}
