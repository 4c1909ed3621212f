import { samplesToUs } from "../sound.ts";

/** More than any sink holds in blocks of 10 ms. */
const MAX_SPANS = 512;

interface Span {
  /** Position in the sink of its first sample. */
  readonly start: number;
  readonly count: number;
  readonly timestampUs: number;
  readonly durationUs: number;
}

/** Remembers which moment the samples in a sink belong to. */
export class PlayedPositions {
  readonly #spans: Span[] = [];

  /** `count` samples from position `start` on hold `durationUs` of sound that begins at `timestampUs`. */
  add(span: Span): void {
    if (span.count === 0) return;
    this.#spans.push(span);
    if (this.#spans.length > MAX_SPANS) this.#spans.shift();
  }

  /** Capture time of the sample at `position`; undefined when nothing is known there. Earlier ones are forgotten. */
  at(position: number): number | undefined {
    while (this.#spans.length > 1 && (this.#spans[1]?.start ?? 0) <= position) this.#spans.shift();
    const [span] = this.#spans;
    if (!span || position < span.start) return undefined;
    const inside = position - span.start;
    const pastUs = samplesToUs(Math.max(0, inside - span.count));
    return span.timestampUs + (Math.min(inside, span.count) / span.count) * span.durationUs + pastUs;
  }
}
