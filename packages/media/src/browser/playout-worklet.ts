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

const RING_HEADER_BYTES = 32;
const RING_SAMPLES = 131_072;
const MASK = RING_SAMPLES - 1;
const WRITTEN = 0;
const PLAYED = 1;
const EMPTY = 2;
const SKIP_TO = 3;
const LATENCY_US = 4;

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

class PlayoutProcessor extends AudioWorkletProcessor {
  readonly #voices = new Map<number, Voice>();
  #latencyUs = 0;
  #closed = false;

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<Message>) => this.#receive(data);
  }

  process(_inputs: Float32Array[][], [output]: Float32Array[][]): boolean {
    const left = output?.[0];
    if (left) {
      const right = output?.[1] ?? left;
      for (const voice of this.#voices.values()) voice.mix(left, right);
    }
    return !this.#closed;
  }

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
