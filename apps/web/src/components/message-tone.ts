import { playNotes } from "./test-tone.ts";

/** A lively conversation is no concert. */
const MIN_INTERVAL_MS = 3_000;

/** One short note for a message on the loudspeaker `deviceId`, at most every three seconds. */
export class MessageTone {
  #lastMs = Number.NEGATIVE_INFINITY;

  /** Returns whether it was played. */
  play(deviceId: string, nowMs: number): boolean {
    if (nowMs - this.#lastMs < MIN_INTERVAL_MS) return false;
    this.#lastMs = nowMs;
    // Without a loudspeaker, or before the browser allows sound, the message is still to be seen.
    playNotes(deviceId, [{ frequencyHz: 880, atS: 0, volume: 0.08 }]).catch(() => undefined);
    return true;
  }
}
