import { soundLevelDbov } from "../sound-level.ts";

/** Below this, in −dBov, nobody hears anything in a meeting. */
const INAUDIBLE_DBOV = 60;

/** Whose voice is louder than this quiet level by {@link BELOW_VOICE_DB} is not missed below it: the noise of a room. */
const QUIET_DBOV = 50;

/** What libopus takes for its own silence, too. */
const BELOW_VOICE_DB = 25;

/** Who comes to speak more softly is known for it within ten seconds of speech. */
const FORGET_DB_PER_S = 2;

/** The end of a word, and the breath after it, are sent: as long as libopus waits. */
const HANGOVER_MS = 200;

/** In a pause, something is sent so often: as libopus does. */
const SIGN_INTERVAL_MS = 400;

/** In a pause, what is sent next begins at most so long after what was sent last, whatever the frames are that lie between. */
export const PAUSE_MS = SIGN_INTERVAL_MS + 20;

/** A word begins somewhere in a frame: the loudest part of this length counts. */
const PART_SAMPLES = 240;

/**
 * What becomes of a frame of sound. "last": it is sent, faded to silence, and says that a pause begins. "sign": silence that is sent to say
 * that the pause goes on.
 */
export type SilenceChoice = "send" | "last" | "leave-out" | "sign";

/** Tells pauses in speech from speech (docs/protocol.md, F9). By samples alone; no clock. */
export class SilenceGate {
  /** In −dBov: the loudest that was said lately, forgotten by and by while something is said. */
  #voiceDbov = INAUDIBLE_DBOV;
  #quietMs = 0;
  /** From the begin of what was sent last to that of the next frame; undefined outside of a pause. */
  #pauseMs: number | undefined;

  /** A frame of speech, -1 to 1. */
  choose(samples: Float32Array, { durationMs }: { readonly durationMs: number }): SilenceChoice {
    const levelDbov = loudestPartDbov(samples);
    const isVoice = levelDbov < this.#silenceDbov;
    if (isVoice || this.#pauseMs === undefined) {
      this.#voiceDbov = Math.min(levelDbov, this.#voiceDbov + (FORGET_DB_PER_S * durationMs) / 1000);
    }
    if (isVoice) {
      this.reset();
      return "send";
    }
    this.#quietMs += durationMs;
    if (this.#pauseMs === undefined) return this.#begin(durationMs);
    // Frames can get longer: the one after this must not begin too late.
    if (this.#pauseMs < SIGN_INTERVAL_MS && this.#pauseMs + durationMs <= PAUSE_MS) {
      this.#pauseMs += durationMs;
      return "leave-out";
    }
    this.#pauseMs = durationMs;
    return "sign";
  }

  /** What comes next does not follow what was. */
  reset(): void {
    this.#quietMs = 0;
    this.#pauseMs = undefined;
  }

  /** What is not louder is silence. */
  get #silenceDbov(): number {
    return Math.min(INAUDIBLE_DBOV, Math.max(QUIET_DBOV, this.#voiceDbov + BELOW_VOICE_DB));
  }

  #begin(durationMs: number): SilenceChoice {
    if (this.#quietMs < HANGOVER_MS) return "send";
    this.#pauseMs = durationMs;
    return "last";
  }
}

function loudestPartDbov(samples: Float32Array): number {
  let loudest = Number.POSITIVE_INFINITY;
  for (let at = 0; at < samples.length; at += PART_SAMPLES) {
    loudest = Math.min(loudest, soundLevelDbov(samples.subarray(at, at + PART_SAMPLES)));
  }
  return loudest;
}
