/**
 * Runs in the audio thread: mixes the streams of a `SpeakerOutput`. Each stream is a ring of samples, in memory shared
 * with the worker that writes it, or filled through a port. Decides nothing but how to stop and go on without a click.
 * This file is loaded by its address and imports nothing; the layout of the ring is in `webcodecs/sample-ring.ts`.
 */
export {};

declare abstract class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => object): void;
/** Of the audio context, in Hz. */
declare const sampleRate: number;

const RING_HEADER_BYTES = 32;
const RING_SAMPLES = 131_072;
const MASK = RING_SAMPLES - 1;
const WRITTEN = 0;
const PLAYED = 1;
const EMPTY = 2;
const SKIP_TO = 3;
const LATENCY_US = 4;

/** In Hz, of all streams. */
const STREAM_RATE = 48_000;

/** 20 ms: how long sound that stops goes on, backwards and fading. */
const FADE_SAMPLES = 960;

/** Positions are reported through a port every four quanta: 11 ms. */
const REPORT_QUANTA = 4;

type Message =
  | { readonly type: "add"; readonly id: number; readonly channels: number; readonly memory: ArrayBufferLike }
  | { readonly type: "add"; readonly id: number; readonly channels: number; readonly port: MessagePort }
  | { readonly type: "volume"; readonly id: number; readonly volume: number }
  | { readonly type: "remove"; readonly id: number }
  | { readonly type: "latency"; readonly latencyUs: number }
  | { readonly type: "close" };

/** One stream. */
class Voice {
  readonly #channels: number;
  readonly #header: Int32Array;
  readonly #samples: Float32Array;
  readonly #port: MessagePort | undefined;
  #gain = 1;
  #wantedGain = 1;
  /** Samples played of the fade after the end; at the bound, silence. */
  #faded = FADE_SAMPLES;
  #begun = false;
  #quanta = 0;
  /** Played and skipped, and silence, since the beginning: these do not wrap. */
  readonly #total = { played: 0, empty: 0 };

  constructor(channels: number, memory: ArrayBufferLike, port?: MessagePort) {
    this.#channels = channels;
    this.#header = new Int32Array(memory, 0, RING_HEADER_BYTES / Int32Array.BYTES_PER_ELEMENT);
    this.#samples = new Float32Array(memory, RING_HEADER_BYTES, RING_SAMPLES * channels);
    this.#port = port;
    if (port) port.onmessage = ({ data }: MessageEvent<Float32Array | { skip: number }>) => this.#receive(data);
  }

  set volume(volume: number) {
    this.#wantedGain = volume;
  }

  set latencyUs(latencyUs: number) {
    Atomics.store(this.#header, LATENCY_US, latencyUs);
  }

  close(): void {
    this.#port?.close();
  }

  /** Adds the next samples to `left` and `right`. */
  mix(left: Float32Array, right: Float32Array): void {
    const count = left.length;
    const written = Atomics.load(this.#header, WRITTEN);
    const played = Atomics.load(this.#header, PLAYED);
    const from = this.#afterSkip(played, written);
    const playing = Math.min(count, (written - from) | 0);
    const gainStep = (this.#wantedGain - this.#gain) / count;
    for (let i = 0; i < count; i++) {
      const position = i < playing ? from + i : this.#fadePosition(from + playing);
      const fade = i < playing ? 1 : 1 - this.#faded / FADE_SAMPLES;
      // Over a skip, the old sound fades into the new.
      const mixIn = from === played ? 1 : i / count;
      this.#gain += gainStep;
      left[i] = (left[i] ?? 0) + this.#at(position, played + i, mixIn, 0) * fade * this.#gain;
      right[i] = (right[i] ?? 0) + this.#at(position, played + i, mixIn, this.#channels - 1) * fade * this.#gain;
    }
    this.#gain = this.#wantedGain;
    this.#account(from + playing, { playing, count });
  }

  #account(position: number, quantum: { readonly playing: number; readonly count: number }): void {
    const { playing, count } = quantum;
    if (playing > 0) this.#begun = true;
    if (playing === count) this.#faded = 0;
    const empty = this.#begun ? count - playing : 0;
    this.#total.played += (position - Atomics.load(this.#header, PLAYED)) | 0;
    this.#total.empty += empty;
    Atomics.store(this.#header, PLAYED, position | 0);
    Atomics.add(this.#header, EMPTY, empty);
    this.#quanta++;
    if (!this.#port || this.#quanta % REPORT_QUANTA !== 0) return;
    this.#port.postMessage({ ...this.#total, latencyUs: Atomics.load(this.#header, LATENCY_US) });
  }

  #afterSkip(played: number, written: number): number {
    const skipTo = Atomics.load(this.#header, SKIP_TO);
    const ahead = (skipTo - played) | 0;
    return ahead > 0 && ahead <= ((written - played) | 0) ? skipTo : played;
  }

  /** Where the fade is: backwards from the end of the sound, which is still in the ring. */
  #fadePosition(end: number): number {
    if (this.#faded >= FADE_SAMPLES) return end - FADE_SAMPLES;
    this.#faded++;
    return end - this.#faded;
  }

  #at(position: number, before: number, mixIn: number, channel: number): number {
    const sample = this.#samples[(position & MASK) * this.#channels + channel] ?? 0;
    if (mixIn === 1) return sample;
    const old = this.#samples[(before & MASK) * this.#channels + channel] ?? 0;
    return sample * mixIn + old * (1 - mixIn);
  }

  #receive(data: Float32Array | { skip: number }): void {
    const written = Atomics.load(this.#header, WRITTEN);
    if (!(data instanceof Float32Array)) {
      const from = this.#afterSkip(Atomics.load(this.#header, PLAYED), written);
      Atomics.store(this.#header, SKIP_TO, (from + data.skip) | 0);
      return;
    }
    const at = (written & MASK) * this.#channels;
    const first = Math.min(data.length, this.#samples.length - at);
    this.#samples.set(data.subarray(0, first), at);
    this.#samples.set(data.subarray(first));
    Atomics.store(this.#header, WRITTEN, (written + data.length / this.#channels) | 0);
  }
}

/** Samples mixed at once for a context of another rate. */
const BLOCK_SAMPLES = 128;

/** So many samples on either side make one of another rate: half a millisecond, and all of speech below 18 kHz. */
const REACH_SAMPLES = 24;

/** Makes the rate of the audio context out of that of the streams: a sinc with a Hann window, for every phase that there is. */
class Resampler {
  readonly #up: number;
  readonly #down: number;
  readonly #taps: number;
  readonly #kernels: Float32Array;
  readonly #blocks = [new Float32Array(BLOCK_SAMPLES), new Float32Array(BLOCK_SAMPLES)] as const;
  readonly #held: readonly [Float32Array, Float32Array];
  #count: number;
  #at = 0;
  #phase = 0;

  constructor(rate: number) {
    const common = commonDivisor(rate, STREAM_RATE);
    this.#up = rate / common;
    this.#down = STREAM_RATE / common;
    const stretch = Math.max(1, this.#down / this.#up);
    this.#taps = 2 * Math.ceil(REACH_SAMPLES * stretch);
    this.#kernels = new Float32Array(this.#up * this.#taps);
    for (let phase = 0; phase < this.#up; phase++) this.#shape(phase, stretch);
    const length = this.#taps + BLOCK_SAMPLES;
    this.#held = [new Float32Array(length), new Float32Array(length)];
    // As if there had been silence before.
    this.#count = this.#taps / 2;
  }

  /** Fills `outputs`; `mix` adds the next samples of the streams to what it is given. */
  fill(outputs: readonly Float32Array[], mix: (left: Float32Array, right: Float32Array) => void): void {
    for (let i = 0; i < (outputs[0]?.length ?? 0); i++) {
      while (this.#at + this.#taps > this.#count) this.#take(mix);
      for (const [channel, output] of outputs.entries()) output[i] = this.#sample(this.#held[channel === 0 ? 0 : 1]);
      this.#phase += this.#down;
      this.#at += Math.floor(this.#phase / this.#up);
      this.#phase %= this.#up;
    }
  }

  #shape(phase: number, stretch: number): void {
    const kernel = this.#kernels.subarray(phase * this.#taps, (phase + 1) * this.#taps);
    const half = this.#taps / 2;
    for (let tap = 0; tap < this.#taps; tap++) {
      const away = tap - (half - 1) - phase / this.#up;
      const angle = (Math.PI * away) / stretch;
      const hann = Math.cos((Math.PI * away) / (2 * half)) ** 2;
      kernel[tap] = (angle === 0 ? 1 : Math.sin(angle) / angle) * hann;
    }
    const sum = kernel.reduce((all, weight) => all + weight, 0);
    for (let tap = 0; tap < this.#taps; tap++) kernel[tap] = (kernel[tap] ?? 0) / sum;
  }

  #take(mix: (left: Float32Array, right: Float32Array) => void): void {
    const [left, right] = this.#blocks;
    left.fill(0);
    right.fill(0);
    mix(left, right);
    for (const [channel, held] of this.#held.entries()) {
      held.copyWithin(0, this.#at, this.#count);
      held.set(channel === 0 ? left : right, this.#count - this.#at);
    }
    this.#count += BLOCK_SAMPLES - this.#at;
    this.#at = 0;
  }

  #sample(held: Float32Array): number {
    const kernel = this.#phase * this.#taps;
    let sum = 0;
    for (let tap = 0; tap < this.#taps; tap++) sum += (held[this.#at + tap] ?? 0) * (this.#kernels[kernel + tap] ?? 0);
    return sum;
  }
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

class PlayoutProcessor extends AudioWorkletProcessor {
  readonly #voices = new Map<number, Voice>();
  readonly #resampler = sampleRate === STREAM_RATE ? undefined : new Resampler(sampleRate);
  #latencyUs = 0;
  #closed = false;

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<Message>) => this.#receive(data);
  }

  process(_inputs: Float32Array[][], [output = []]: Float32Array[][]): boolean {
    const [left, right = left] = output;
    if (this.#resampler) this.#resampler.fill(output, this.#mix);
    else if (left && right) this.#mix(left, right);
    return !this.#closed;
  }

  readonly #mix = (left: Float32Array, right: Float32Array): void => {
    for (const voice of this.#voices.values()) voice.mix(left, right);
  };

  #receive(message: Message): void {
    switch (message.type) {
      case "add": {
        const memory =
          "memory" in message
            ? message.memory
            : new ArrayBuffer(RING_HEADER_BYTES + RING_SAMPLES * message.channels * Float32Array.BYTES_PER_ELEMENT);
        const voice = new Voice(message.channels, memory, "port" in message ? message.port : undefined);
        voice.latencyUs = this.#latencyUs;
        this.#voices.set(message.id, voice);
        break;
      }
      case "volume": {
        const voice = this.#voices.get(message.id);
        if (voice) voice.volume = message.volume;
        break;
      }
      case "remove":
        this.#voices.get(message.id)?.close();
        this.#voices.delete(message.id);
        break;
      case "latency":
        this.#latencyUs = message.latencyUs;
        for (const voice of this.#voices.values()) voice.latencyUs = message.latencyUs;
        break;
      case "close":
        this.#closed = true;
        break;
    }
  }
}

registerProcessor("mqtt-meet-playout", PlayoutProcessor);
