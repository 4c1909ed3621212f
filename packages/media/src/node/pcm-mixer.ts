import type { PcmBlock } from "../codec.ts";

const SAMPLE_RATE = 48_000;
const CHANNELS = 2;
/** What waits beyond this is thrown away down to {@link KEPT_MS}: the device's clock is slower than the sender's. */
const MAX_WAITING_MS = 120;
const KEPT_MS = 40;

interface Voice {
  blocks: Float32Array[];
  /** Samples of the first block that were taken already. */
  taken: number;
  /** Samples that wait, of both channels together. */
  waiting: number;
}

/** Adds the voices of several people up to one stereo sound of 48 kHz. */
export class PcmMixer {
  readonly #voices = new Map<string, Voice>();

  /** Takes a block of one voice. */
  push(key: string, block: PcmBlock): void {
    const voice = this.#voices.get(key) ?? { blocks: [], taken: 0, waiting: 0 };
    this.#voices.set(key, voice);
    const samples = toStereo(block);
    voice.blocks.push(samples);
    voice.waiting += samples.length;
    if (voice.waiting > samplesOf(MAX_WAITING_MS)) read(voice, voice.waiting - samplesOf(KEPT_MS), undefined);
  }

  remove(key: string): void {
    this.#voices.delete(key);
  }

  /** The next `durationMs` of all voices together, or undefined when none of them has that much. */
  take(durationMs: number): Float32Array | undefined {
    const count = samplesOf(durationMs);
    const ready = [...this.#voices.values()].filter(({ waiting }) => waiting >= count);
    if (ready.length === 0) return undefined;
    const mix = new Float32Array(count);
    for (const voice of ready) read(voice, count, mix);
    for (const [i, sample] of mix.entries()) mix[i] = Math.max(-1, Math.min(1, sample));
    return mix;
  }
}

function samplesOf(durationMs: number): number {
  return ((durationMs * SAMPLE_RATE) / 1000) * CHANNELS;
}

function toStereo({ samples, channels }: PcmBlock): Float32Array {
  if (channels === 2) return samples;
  const frames = samples.length / channels;
  const stereo = new Float32Array(frames * 2);
  for (let i = 0; i < frames; i++) {
    const sample = samples[i * channels] ?? 0;
    stereo[i * 2] = sample;
    stereo[i * 2 + 1] = sample;
  }
  return stereo;
}

/** Adds the oldest `count` samples to `mix`, or throws them away without one. */
function read(voice: Voice, count: number, mix: Float32Array | undefined): void {
  voice.waiting -= count;
  for (let done = 0; done < count; ) {
    const block = voice.blocks[0];
    if (!block) return;
    const length = Math.min(block.length - voice.taken, count - done);
    if (mix) for (let i = 0; i < length; i++) mix[done + i] = (mix[done + i] ?? 0) + (block[voice.taken + i] ?? 0);
    done += length;
    voice.taken += length;
    if (voice.taken === block.length) {
      voice.blocks.shift();
      voice.taken = 0;
    }
  }
}
