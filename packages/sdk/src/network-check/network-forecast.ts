/** What was measured of the way to a broker and back. */
export interface NetworkFigures {
  /** The median. */
  readonly roundTripMs: number;
  /** How much one round trip differs from the next, in the mean. */
  readonly jitterMs: number;
  /** What goes up, at least; null where we may send nothing. Bits a second. */
  readonly upBps: number | null;
  /** What comes down, at least; null where we may receive nothing of what we send. */
  readonly downBps: number | null;
}

/** What to expect of a meeting. */
export interface NetworkForecast {
  /** How the others will see us, and how we will see them: sharp, smaller, or hardly at all. */
  readonly sending: MediaForecast;
  readonly receiving: MediaForecast;
  /** Whether people will fall into each other's words. */
  readonly talking: "easy" | "delayed" | "hard";
}

/** "sound": pictures will hardly come through. "none": sound will not, either. "unknown": it was not measured. */
export type MediaForecast = "full" | "smaller" | "sound" | "none" | "unknown";

/** A camera of 720p with sound: what a meeting begins with (docs/decisions/0010-rate-control.md). */
const FULL_BPS = 1_500_000;
/** The smallest picture that is worth looking at, with sound and what belongs to it. */
const PICTURE_BPS = 200_000;
/** Sound at its least, with headers and control. */
const SOUND_BPS = 40_000;

/** What is added between microphone and ear besides the way: frame, jitter buffer, device. */
const OWN_DELAY_MS = 70;
/** One-way, mouth to ear: fine up to the first, hard beyond the second (ITU-T G.114). */
const EASY_DELAY_MS = 150;
const HARD_DELAY_MS = 400;

/** What to expect with these figures. The others' way to the broker is taken to be like ours. */
export function networkForecast({ roundTripMs, jitterMs, upBps, downBps }: NetworkFigures): NetworkForecast {
  // From us to the broker and on to somebody else is two halves of a round trip; jitter is waited for.
  const delayMs = roundTripMs + 2 * jitterMs + OWN_DELAY_MS;
  const late = delayMs > HARD_DELAY_MS ? "hard" : "delayed";
  return {
    sending: mediaForecast(upBps),
    receiving: mediaForecast(downBps),
    talking: delayMs <= EASY_DELAY_MS ? "easy" : late,
  };
}

function mediaForecast(bps: number | null): MediaForecast {
  if (bps === null) return "unknown";
  if (bps >= FULL_BPS) return "full";
  if (bps >= PICTURE_BPS) return "smaller";
  return bps >= SOUND_BPS ? "sound" : "none";
}
