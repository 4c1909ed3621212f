import { type Note, playNotes } from "./test-tone.ts";

/** A lively conversation is no concert. */
const MIN_INTERVAL_MS = 3_000;

const MESSAGE_NOTES: readonly Note[] = [{ frequencyHz: 880, atS: 0, volume: 0.08 }];

/** Somebody is at the door, or the door opens: two notes, so that it is no message. */
export const KNOCK_NOTES: readonly Note[] = [
  { frequencyHz: 587.33, atS: 0, volume: 0.1 },
  { frequencyHz: 783.99, atS: 0.16, volume: 0.08 },
];

/** Some short notes on the loudspeaker `deviceId`, at most every three seconds; one for a message when left out. */
export class MessageTone {
  readonly #notes: readonly Note[];
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(notes: readonly Note[] = MESSAGE_NOTES) {
    this.#notes = notes;
  }

  /** Returns whether it was played. */
  play(deviceId: string, nowMs: number): boolean {
    if (nowMs - this.#lastMs < MIN_INTERVAL_MS) return false;
    this.#lastMs = nowMs;
    // Without a loudspeaker, or before the browser allows sound, the message is still to be seen.
    playNotes(deviceId, this.#notes).catch(() => undefined);
    return true;
  }
}
