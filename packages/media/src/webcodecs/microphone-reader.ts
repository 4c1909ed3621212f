import { CaptureClock } from "../capture-clock.ts";
import type { PcmBlock } from "../codec.ts";
import { epochNowMs } from "../epoch-clock.ts";
import { SAMPLE_RATE, samplesToUs } from "../sound.ts";
import { audioDataSamples } from "./audio-data-samples.ts";

/** Where a worker reads captured sound; made by `captureMicrophone` in the window, posted to the worker with `transfer`. */
export type SoundSource =
  /** Of a MediaStreamTrackProcessor in the window: at 48 kHz. */
  | { readonly kind: "stream"; readonly readable: ReadableStream<AudioData>; readonly format: MicrophoneFormat }
  /** Of the capture worklet, which posts {@link CapturedSound}. */
  | { readonly kind: "port"; readonly port: MessagePort; readonly format: MicrophoneFormat };

/** What the capture worklet posts. */
export interface CapturedSound {
  /** Interleaved, 48 kHz. */
  readonly samples: Float32Array;
  /** Number of the first sample on the clock of the audio context. */
  readonly position: number;
}

/** What is known of sound before it comes. */
export interface MicrophoneFormat {
  readonly channels: 1 | 2;
  /** From the microphone to the page. */
  readonly latencyUs: number;
  /** False where whoever opened it wants the sound as it is, for music. */
  readonly speech?: boolean;
}

/** What to do with captured sound. */
export interface MicrophoneReaderOptions {
  /** 48 kHz, about 10 ms; times are on the epoch clock. */
  readonly onBlock: (block: PcmBlock) => void;
  /** The source is over. A port never tells. */
  readonly onEnd?: () => void;
  readonly nowMs?: () => number;
  readonly signal: AbortSignal;
}

/** Reads `source` until it ends or the signal is aborted. Runs in a worker (or a window). */
export function createMicrophoneReader(source: SoundSource, options: MicrophoneReaderOptions): void {
  if (source.kind === "stream") void readStream(source, options);
  else readPort(source, options);
}

/** Gives blocks their time on the epoch clock. */
class BlockClock {
  readonly #clock = new CaptureClock();
  readonly #nowMs: () => number;
  readonly #latencyUs: number;

  constructor(options: { readonly nowMs: (() => number) | undefined; readonly latencyUs: number }) {
    this.#nowMs = options.nowMs ?? epochNowMs;
    this.#latencyUs = options.latencyUs;
  }

  /** When the block's first sample was at the microphone. */
  capturedUs(sourceUs: number, durationUs: number): number {
    // A block can come when its last sample is there, not before.
    return this.#clock.toEpochUs(sourceUs + durationUs, this.#nowMs() * 1000) - durationUs - this.#latencyUs;
  }
}

async function readStream(
  { readable, format }: Extract<SoundSource, { kind: "stream" }>,
  { onBlock, onEnd, nowMs, signal }: MicrophoneReaderOptions,
): Promise<void> {
  const clock = new BlockClock({ nowMs, latencyUs: format.latencyUs });
  const reader = readable.getReader();
  const cancel = () => reader.cancel().catch(() => undefined);
  signal.addEventListener("abort", cancel, { once: true });
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      const data = next.value;
      const block = data.sampleRate === SAMPLE_RATE ? toBlock(data, clock) : undefined;
      data.close();
      if (!block) break; // another device took over, at a rate that was not agreed
      if (!signal.aborted) onBlock(block);
    }
    await reader.cancel();
  } catch {
    // The window that made the stream is gone, or the track failed: to us, the source is over.
  }
  signal.removeEventListener("abort", cancel);
  if (!signal.aborted) onEnd?.();
}

function toBlock(data: AudioData, clock: BlockClock): PcmBlock {
  const timestampUs = clock.capturedUs(data.timestamp, samplesToUs(data.numberOfFrames));
  return { timestampUs, sampleRate: SAMPLE_RATE, ...audioDataSamples(data) };
}

function readPort(
  { port, format }: Extract<SoundSource, { kind: "port" }>,
  { onBlock, nowMs, signal }: MicrophoneReaderOptions,
): void {
  const { channels, latencyUs } = format;
  const clock = new BlockClock({ nowMs, latencyUs });
  port.onmessage = ({ data: { samples, position } }: MessageEvent<CapturedSound>) => {
    if (signal.aborted) return;
    const timestampUs = clock.capturedUs(samplesToUs(position), samplesToUs(samples.length / channels));
    onBlock({ timestampUs, sampleRate: SAMPLE_RATE, channels, samples });
  };
  signal.addEventListener("abort", () => port.close(), { once: true });
}
