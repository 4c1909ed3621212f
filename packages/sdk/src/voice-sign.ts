import { CLEARLY_LOUDER, LOUD_LEVEL } from "./loud-level.ts";

/** How often it is repeated while somebody speaks (docs/protocol.md, M11). */
const REPEAT_MS = 1_000;

/** What is louder than was said is not said more often. */
const SOONEST_MS = 200;

/** A breath between two sentences is no end. */
const PAUSE_MS = 1_500;

/** What a {@link VoiceSign} is told. */
export interface OwnVoice {
  /** Loudness now, 0 to 1; undefined while no microphone is on. */
  readonly level: number | undefined;
  /** There are so many in the room that who is not loud is not received. */
  readonly needed: boolean;
}

/**
 * When to say how loud we are: when we begin to speak, when we are clearly louder than we said, once a second, and when we
 * have stopped. No clock of its own.
 */
export class VoiceSign {
  #speaking = false;
  #asked = false;
  #voicedMs = Number.NEGATIVE_INFINITY;
  #saidMs = Number.NEGATIVE_INFINITY;
  #said = 0;
  #loudest = 0;

  /** Somebody has come who does not know who speaks. */
  repeat(): void {
    this.#asked = true;
  }

  /** What to say, 0 to 1, 0 when we have stopped; undefined when nothing. To be called with every block of sound, and a few times a second without. */
  decide({ level, needed }: OwnVoice, nowMs: number): number | undefined {
    if (!needed) {
      this.#speaking = false;
      this.#loudest = 0;
      return undefined;
    }
    if (level === undefined) this.#voicedMs = Number.NEGATIVE_INFINITY;
    else if (level >= LOUD_LEVEL) this.#voicedMs = nowMs;
    this.#loudest = Math.max(this.#loudest, level ?? 0);
    const voiced = nowMs - this.#voicedMs < PAUSE_MS;
    if (voiced === this.#speaking && !(voiced && this.#isDue(nowMs))) return undefined;
    this.#said = voiced ? this.#loudest : 0;
    this.#speaking = voiced;
    this.#asked = false;
    this.#saidMs = nowMs;
    this.#loudest = 0;
    return this.#said;
  }

  #isDue(nowMs: number): boolean {
    const elapsedMs = nowMs - this.#saidMs;
    const news = this.#asked || this.#loudest >= this.#said + CLEARLY_LOUDER;
    return elapsedMs >= REPEAT_MS || (news && elapsedMs >= SOONEST_MS);
  }
}
