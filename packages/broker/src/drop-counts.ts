import { LANES, type Lane } from "./classification.ts";

/** Why a message was dropped: it was too old; there was no room; one that it needs was dropped before it. */
export const DROP_REASONS = ["age", "room", "incomplete"] as const;

/** One of {@link DROP_REASONS}. */
export type DropReason = (typeof DROP_REASONS)[number];

/** Counts what all queues of a broker drop. */
export class DropCounts {
  readonly #counts = LANES.map(() => ({ age: 0, room: 0, incomplete: 0 }));

  /** `lane` is an index into {@link LANES}. */
  add(lane: number, reason: DropReason): void {
    const counts = this.#counts[lane];
    if (counts) counts[reason]++;
  }

  /** A copy, by the name of the lane. */
  byLane(): Readonly<Record<Lane, Readonly<Record<DropReason, number>>>> {
    const [control, audio, small, large] = this.#counts.map((counts) => ({ ...counts }));
    return { control, audio, "video-small": small, "video-large": large } as ReturnType<DropCounts["byLane"]>;
  }
}
