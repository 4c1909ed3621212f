import type { PeerId } from "@mqtt-meet/protocol";
import { CLEARLY_LOUDER } from "./loud-level.ts";

/** Up to so many in a room, ourselves included, everybody is heard. */
export const MOST_HEARD_TOGETHER = 12;

/** More people than this at once nobody understands. */
const PLACES = 3;

/** Who speaks says so once a second (docs/protocol.md, M11); who has not for so long is silent, whatever was lost. */
const FRESH_MS = 2_500;

/** Who has just begun, or paused for breath, is not taken out of a place. */
const KEPT_MS = 2_000;

interface Voice {
  readonly level: number;
  readonly atMs: number;
}

interface Place {
  /** When the place was taken, or the voice in it began to speak again. */
  sinceMs: number;
  voicedMs: number;
}

/**
 * Whose sound is received where there are too many for all: three. Who speaks takes a place that is free, else that of who was
 * silent for longest, else that of the quietest when that one is clearly quieter. Who has just switched a microphone on is about
 * to speak, and is given a place that nobody speaks in. Everybody stays in a place until another needs it. No clock of its own.
 */
export class LoudVoices {
  readonly #voices = new Map<PeerId, Voice>();
  readonly #places = new Map<PeerId, Place>();
  #known: ReadonlySet<PeerId> = new Set();

  /** `peer` said how loud it is, 0 to 1; 0 when it has stopped. */
  hear(peer: PeerId, level: number, nowMs: number): void {
    this.#voices.set(peer, { level, atMs: nowMs });
  }

  /** `peer` is gone. */
  forget(peer: PeerId): void {
    this.#voices.delete(peer);
    this.#places.delete(peer);
  }

  /** 0 to 1; 0 for who is silent. */
  level(peer: PeerId, nowMs: number): number {
    const voice = this.#voices.get(peer);
    return voice !== undefined && nowMs - voice.atMs < FRESH_MS ? voice.level : 0;
  }

  /** Who of `peers`, those with a microphone that is on, is received now. */
  choose(peers: ReadonlySet<PeerId>, nowMs: number): ReadonlySet<PeerId> {
    this.#review(peers, nowMs);
    const waiting = [...peers].filter((peer) => !this.#places.has(peer));
    const speaking = waiting.filter((peer) => this.level(peer, nowMs) > 0);
    for (const peer of speaking.sort((a, b) => this.level(b, nowMs) - this.level(a, nowMs))) {
      if (this.#makeRoom(this.level(peer, nowMs), nowMs)) this.#places.set(peer, { sinceMs: nowMs, voicedMs: nowMs });
    }
    const expected = waiting.filter((peer) => !this.#known.has(peer) && !this.#places.has(peer));
    for (const peer of expected) {
      if (this.#makeRoom(0, nowMs)) this.#places.set(peer, { sinceMs: nowMs, voicedMs: Number.NEGATIVE_INFINITY });
    }
    this.#known = new Set(peers);
    return new Set(this.#places.keys());
  }

  /** Looks at those who have a place. */
  #review(peers: ReadonlySet<PeerId>, nowMs: number): void {
    for (const [peer, place] of this.#places) {
      if (!peers.has(peer)) this.#places.delete(peer);
      if (this.level(peer, nowMs) === 0) continue;
      if (nowMs - place.voicedMs >= KEPT_MS) place.sinceMs = nowMs;
      place.voicedMs = nowMs;
    }
  }

  /** Whether there is a place for somebody as loud as `level`; 0: who is expected to speak. */
  #makeRoom(level: number, nowMs: number): boolean {
    if (this.#places.size < PLACES) return true;
    const places = [...this.#places];
    const [longest] = places
      .filter(([, { sinceMs, voicedMs }]) => nowMs - (level > 0 ? voicedMs : Math.max(sinceMs, voicedMs)) >= KEPT_MS)
      .sort(([, a], [, b]) => a.voicedMs - b.voicedMs || a.sinceMs - b.sinceMs);
    const [quietest] = places
      .filter(([peer, { sinceMs }]) => nowMs - sinceMs >= KEPT_MS && this.level(peer, nowMs) + CLEARLY_LOUDER < level)
      .sort(([a], [b]) => this.level(a, nowMs) - this.level(b, nowMs));
    const [peer] = longest ?? quietest ?? [];
    return peer !== undefined && this.#places.delete(peer);
  }
}
