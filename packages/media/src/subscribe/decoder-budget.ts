import { DownlinkBudget } from "./downlink-budget.ts";

/** What is seen of the decoders of this machine. Times in milliseconds, on one clock. */
export interface DecodingSample {
  readonly nowMs: number;
  /** Of all pictures that left a decoder, in the last second. */
  readonly decodedPxPerS: number;
  /** How long pictures stay inside the decoder that is furthest behind; undefined when nothing was decoded. */
  readonly queueMs: number | undefined;
  /** What all pictures take that are to be seen. */
  readonly wantedPxPerS: number;
}

/**
 * How many pixels a second this machine decodes in time; no limit as long as it keeps up. Decoders are a line with a queue in
 * front of it like any other, so the same rules find out what they carry, and when to try more.
 */
export class DecoderBudget {
  readonly #line = new DownlinkBudget();

  /** Infinite while nothing limits. */
  get pxPerS(): number {
    return this.#line.bps;
  }

  /** To be called a few times a second while pictures are received. */
  decide({ nowMs, decodedPxPerS, queueMs, wantedPxPerS }: DecodingSample): number {
    return this.#line.decide({ nowMs, queueMs, receivedBps: decodedPxPerS, wantedBps: wantedPxPerS });
  }
}
