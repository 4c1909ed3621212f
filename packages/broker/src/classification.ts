/** The order in which a connection's messages leave, most urgent first. */
export const LANES = ["control", "audio", "video-small", "video-large"] as const;

/** One of {@link LANES}. Acknowledgements and messages of QoS 1 and 2 always take the control lane. */
export type Lane = (typeof LANES)[number];

/** What the broker needs to know of a QoS 0 message to choose what is sent first and what is dropped first. */
export interface Classification {
  readonly lane: Lane;
  /** Older messages are not sent any more. Absent: age does not matter. */
  readonly maxAgeMs?: number | undefined;
  /**
   * True: this message begins a key frame. False: it is of no use without the one before it in its stream, so after a
   * drop everything is skipped up to the next key frame. Absent: every message stands alone.
   */
  readonly keyFrame?: boolean | undefined;
  /** Its receivers have it already: it came over another connection of its publisher, and goes to nobody. */
  readonly repeated?: boolean | undefined;
  /** Names the messages that need each other; absent: the topic. */
  readonly stream?: string | undefined;
}

/**
 * Tells what a message is. Called once for each PUBLISH; undefined is a plain message: never too old, stands alone,
 * in the last lane. The payload is a view that is not valid after the call.
 */
export type Classify = (topic: string, payload: Uint8Array) => Classification | undefined;
