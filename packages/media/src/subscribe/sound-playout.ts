import type { PcmBlock } from "../codec.ts";
import { samplesToUs, usToSamples, withChannels } from "../sound.ts";
import { soundLevelDbov } from "../sound-level.ts";
import { DeviceSteps } from "./device-steps.ts";
import { fadeIn, fadeOut } from "./fade-out.ts";
import { PathDelay } from "./path-delay.ts";
import type { PcmSink } from "./pcm-sink.ts";
import { canRemovePeriod, shiftPeriod } from "./period-shifter.ts";
import { PlayedPositions } from "./played-positions.ts";
import { Resampler } from "./resampler.ts";
import { newSoundCounts } from "./sound-counts.ts";
import { SoundDelay } from "./sound-delay.ts";
import { SoundPause } from "./sound-pause.ts";
import { SoundSpeed } from "./sound-speed.ts";

/** The fastest packet of this time tells the delay of the path. */
const PATH_WINDOW_US = 10_000_000;

/** Times of blocks that follow each other are rounded and drift by less. */
const MAX_SLIP_US = 10_000;

/** Later than this is not caught up but jumped over: nobody wants to hear it. */
const JUMP_US = 1_000_000;

/** Sound before a gap ends, and after it begins, in 2.5 ms at least: without a click. */
const FADE_IN_SAMPLES = 120;

/** Devices take sound at least this often. */
const STALL_US = 200_000;

/** More silence at once than this is never put in front of sound. */
const MAX_SILENCE_US = 1_000_000;

/** Sound that is not written yet. */
interface Held {
  readonly samples: Float32Array;
  readonly timestampUs: number;
  readonly durationUs: number;
}

/** Circumstances of a block. */
export interface SoundArrival {
  readonly nowUs: number;
  /** Packets before it are missing. */
  readonly lost: boolean;
  /** Silence follows and is not sent; something is, after so long at the most (docs/protocol.md, F9). */
  readonly pauseMs?: number | undefined;
  /** How long after capture sound is to be heard at least, to fit its pictures. */
  readonly minimumDelayUs?: number | undefined;
}

/**
 * Decoded sound in, an even stream to the sink out. Keeps as much in the sink as arrival needs and no more: what is too
 * much is played faster, what is far too much is jumped over; what is missing is faded and counted. In a pause nothing is written.
 */
export class SoundPlayout {
  readonly #sink: PcmSink;
  readonly #path = new PathDelay({ windowUs: PATH_WINDOW_US });
  readonly #delay = new SoundDelay();
  readonly #steps = new DeviceSteps();
  readonly #speed = new SoundSpeed();
  readonly #positions = new PlayedPositions();
  readonly #resampler: Resampler;
  #lastBlock: Float32Array = new Float32Array();
  /** A block too short to take a period out of it: it waits for the next one. */
  #held: Held | undefined;
  /** Capture time that follows on the last block. */
  #expectedUs: number | undefined;
  #emptySeen = 0;
  #pause: SoundPause | undefined;
  #jumping = false;
  #moved = { position: -1, atUs: 0 };
  readonly counts = newSoundCounts();

  constructor(options: { readonly sink: PcmSink }) {
    this.#sink = options.sink;
    this.#resampler = new Resampler({ channels: options.sink.channels });
  }

  /** What is kept for late packets now. */
  get targetUs(): number {
    return this.#delay.targetUs;
  }

  /** How late sound came says nothing of what will come. */
  forgetArrivals(): void {
    this.#delay.forget();
  }

  /** Capture time of what is heard now; undefined while nothing is. */
  heardUs(nowUs: number): number | undefined {
    if (this.#stalled(nowUs)) return undefined;
    const { bufferedSamples, playedSamples, emptySamples } = this.#sink;
    const playedUs =
      bufferedSamples > 0 ? this.#positions.at(playedSamples) : this.#pause?.heardUs(emptySamples, nowUs);
    return playedUs === undefined ? undefined : playedUs - this.#sink.outputLatencyUs;
  }

  /** Plays `block`, which it takes over, after what came before. Returns how long after capture it is heard, if it is. */
  push(block: PcmBlock, arrival: SoundArrival): number | undefined {
    const durationUs = samplesToUs(block.samples.length / block.channels);
    const endUs = block.timestampUs + durationUs;
    const lateUs = this.#path.observe(arrival.nowUs - block.timestampUs, arrival.nowUs);
    this.#steps.observe(samplesToUs(this.#sink.playedSamples + this.#sink.emptySamples), arrival.nowUs);
    if (this.#pause !== undefined && arrival.pauseMs !== undefined) {
      // Nothing to be heard. So few frames would tell the estimator that all come in time.
      this.#pause.goOn({ endUs, ...arrival });
      this.#countSilence(this.#pause.takeSilence(this.#sink.emptySamples));
      return undefined;
    }
    this.#aim(block, { ...arrival, lateUs });
    const missing = this.#countMissing(block, { lost: arrival.lost, lateUs });
    const gapUs = this.#expectedUs === undefined ? 0 : block.timestampUs - this.#expectedUs;
    this.#expectedUs = endUs;
    this.#pause = undefined;
    if (Math.abs(gapUs) > MAX_SLIP_US || this.#sink.bufferedSamples <= 0) this.#dropHeld();
    if (this.#jump(lateUs, { durationUs, stalled: this.#stalled(arrival.nowUs) })) return undefined;
    const samples = withChannels(block.samples, block.channels, this.#sink.channels);
    if (this.#sink.bufferedSamples <= 0) {
      const silence = this.#begin(samples, { timestampUs: block.timestampUs, lateUs });
      if (missing > 0) this.counts.concealedSamples += silence;
    } else if (gapUs > MAX_SLIP_US) this.#bridge(samples, { gapUs, lateUs, lost: arrival.lost });
    const bufferedUs = this.#bufferedUs + (this.#held?.durationUs ?? 0);
    const pauses = arrival.pauseMs !== undefined;
    this.#write(samples, { timestampUs: block.timestampUs, durationUs, lateUs, pauses });
    if (pauses) {
      this.#pause = new SoundPause({ endUs, emptyBefore: this.#emptySeen });
      this.#pause.goOn({ endUs, ...arrival });
    }
    return arrival.nowUs + bufferedUs + this.#sink.outputLatencyUs - block.timestampUs;
  }

  /** The device takes nothing: the page may not play yet, or the device is gone. */
  #stalled(nowUs: number): boolean {
    const position = this.#sink.playedSamples + this.#sink.emptySamples;
    if (position !== this.#moved.position) this.#moved = { position, atUs: nowUs };
    return nowUs - this.#moved.atUs > STALL_US;
  }

  get #bufferedUs(): number {
    return samplesToUs(this.#sink.bufferedSamples);
  }

  /** How long sound is to wait, now that `block` came so much later than the fastest. */
  #aim(block: PcmBlock, { nowUs, minimumDelayUs, lateUs }: SoundArrival & { readonly lateUs: number }): void {
    const fastestUs = nowUs - block.timestampUs - lateUs;
    const forPicturesUs =
      minimumDelayUs === undefined ? undefined : minimumDelayUs - fastestUs - this.#sink.outputLatencyUs;
    this.#delay.observe({ nowUs, lateUs, stepUs: this.#steps.stepUs, forPicturesUs });
  }

  /** Counts what the sink played as silence since the last block, as far as sound was meant to be there. */
  #countMissing(block: PcmBlock, { lost, lateUs }: { readonly lost: boolean; readonly lateUs: number }): number {
    const empty = this.#sink.emptySamples - this.#emptySeen;
    this.#emptySeen = this.#sink.emptySamples;
    if (this.#expectedUs === undefined || empty <= 0) return 0;
    const silentUntilUs = lost ? (this.#pause?.signedUs ?? this.#expectedUs) : block.timestampUs;
    const missing = empty - Math.max(0, usToSamples(silentUntilUs - this.#expectedUs));
    this.#countSilence(this.#pause?.takeSilence(this.#sink.emptySamples, { unmeant: Math.max(0, missing) }) ?? 0);
    if (missing <= 0) return 0;
    this.#conceal(missing);
    if (lateUs < this.targetUs) this.#delay.ranOut();
    return missing;
  }

  /** Whether the block is so late that it is left out. What waits too long already is thrown away. */
  #jump(lateUs: number, state: { readonly durationUs: number; readonly stalled: boolean }): boolean {
    const excessUs = this.#bufferedUs + lateUs - this.targetUs;
    if (excessUs > (state.stalled ? MAX_SLIP_US : JUMP_US)) {
      const skipped = Math.max(0, this.#sink.bufferedSamples - usToSamples(this.targetUs));
      this.#sink.skip(skipped);
      this.#dropHeld();
      this.#steps.reset();
      // What is skipped was not taken by the device.
      this.#moved = { ...this.#moved, position: this.#moved.position + skipped };
      this.counts.removedSamplesForAcceleration += skipped;
      this.#jumping = true;
    }
    if (this.#jumping && this.#bufferedUs + lateUs - this.targetUs > MAX_SLIP_US) {
      this.counts.removedSamplesForAcceleration += usToSamples(state.durationUs);
      return true;
    }
    if (this.#jumping) this.#speed.reset(0);
    this.#jumping = false;
    return false;
  }

  /**
   * Nothing is there to play: silence in front of the block gives the later ones their time. Returns how many samples
   * of it.
   */
  #begin(samples: Float32Array, block: { readonly timestampUs: number; readonly lateUs: number }): number {
    const { channels } = this.#sink;
    const count = usToSamples(Math.min(MAX_SILENCE_US, Math.max(0, this.targetUs - block.lateUs)));
    this.#resampler.interrupt();
    fadeIn(samples, { channels, count: FADE_IN_SAMPLES });
    const durationUs = samplesToUs(count);
    this.#put(new Float32Array(count * channels), { timestampUs: block.timestampUs - durationUs, durationUs });
    this.#speed.reset(Math.max(0, block.lateUs - this.targetUs));
    return count;
  }

  /** Sound is missing in front of the block while there is still some to play. */
  #bridge(
    samples: Float32Array,
    gap: { readonly gapUs: number; readonly lateUs: number; readonly lost: boolean },
  ): void {
    const deficitUs = this.targetUs - this.#bufferedUs - gap.lateUs;
    const count = Math.max(FADE_IN_SAMPLES, usToSamples(Math.min(gap.gapUs, deficitUs)));
    const { channels } = this.#sink;
    this.#sink.write(fadeOut(this.#lastBlock, { channels, count }));
    this.#resampler.interrupt();
    fadeIn(samples, { channels, count: FADE_IN_SAMPLES });
    if (gap.lost) this.#conceal(count);
  }

  #write(
    samples: Float32Array,
    block: {
      readonly timestampUs: number;
      readonly durationUs: number;
      readonly lateUs: number;
      /** Nothing follows on it that it could wait for. */
      readonly pauses: boolean;
    },
  ): void {
    const targetUs = this.targetUs;
    const { channels } = this.#sink;
    const held = this.#held;
    this.#held = undefined;
    const { resample, shift } = this.#speed.next({
      excessUs: this.#bufferedUs + (held?.durationUs ?? 0) + block.lateUs - targetUs,
      targetUs,
      durationUs: block.durationUs,
      levelDbov: soundLevelDbov(samples),
    });
    const whole = joined(held, { samples, timestampUs: block.timestampUs, durationUs: block.durationUs });
    if (shift === "remove" && !held && !block.pauses && !canRemovePeriod(samples.length / channels)) {
      this.#held = whole;
      return;
    }
    const even = this.#resampler.push(shift ? this.#shift(whole.samples, shift) : whole.samples, resample);
    const count = even.length / channels;
    this.counts.totalSamplesReceived += count;
    this.counts.jitterBufferEmittedCount += count;
    this.counts.jitterBufferDelay += (this.#bufferedUs / 1e6) * count;
    this.counts.jitterBufferTargetDelay += (targetUs / 1e6) * count;
    this.#put(even, whole);
    this.#lastBlock = whole.samples;
  }

  /** What follows on it is not there, or will not be played: it was too much anyway. */
  #dropHeld(): void {
    if (this.#held) this.counts.removedSamplesForAcceleration += this.#held.samples.length / this.#sink.channels;
    this.#held = undefined;
  }

  #shift(samples: Float32Array, direction: "remove" | "insert"): Float32Array {
    const result = shiftPeriod(samples, { channels: this.#sink.channels, direction, before: this.#lastBlock });
    const us = samplesToUs(result.shifted);
    if (direction === "remove") this.counts.removedSamplesForAcceleration += result.shifted;
    else this.counts.insertedSamplesForDeceleration += result.shifted;
    this.#speed.shifted(direction === "remove" ? us : -us);
    return result.samples;
  }

  #put(samples: Float32Array, span: { readonly timestampUs: number; readonly durationUs: number }): void {
    const count = samples.length / this.#sink.channels;
    this.#positions.add({ start: this.#sink.playedSamples + this.#sink.bufferedSamples, count, ...span });
    this.#sink.write(samples);
  }

  #countSilence(count: number): void {
    this.counts.silentSamples += count;
    this.counts.totalSamplesReceived += count;
  }

  #conceal(count: number): void {
    this.counts.concealedSamples += count;
    this.counts.totalSamplesReceived += count;
    this.counts.concealmentEvents++;
  }
}

function joined(first: Held | undefined, second: Held): Held {
  if (first === undefined) return second;
  const samples = new Float32Array(first.samples.length + second.samples.length);
  samples.set(first.samples);
  samples.set(second.samples, first.samples.length);
  return { samples, timestampUs: first.timestampUs, durationUs: first.durationUs + second.durationUs };
}
