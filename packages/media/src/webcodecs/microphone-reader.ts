import { CaptureClock } from "../capture-clock.ts";
import type { PcmBlock } from "../codec.ts";
import { epochNowMs } from "../epoch-clock.ts";
import { SAMPLE_RATE, samplesToUs } from "../sound.ts";

/** What the capture worklet posts. */
export interface CapturedSound {
  /** Interleaved, 48 kHz. */
  readonly samples: Float32Array;
  /** Number of the first sample on the clock of the audio context. */
  readonly position: number;
}

/** What the window posts through the same port before the first sound. */
export interface MicrophoneFormat {
  readonly channels: 1 | 2;
  /** From the microphone to the worklet. */
  readonly latencyUs: number;
}

/** What to do with captured sound. */
export interface MicrophoneReaderOptions {
  /** 48 kHz, 10 ms; times are on the epoch clock. */
  readonly onBlock: (block: PcmBlock) => void;
  readonly nowMs?: () => number;
  readonly signal: AbortSignal;
}

/** Reads the port of a `MicrophoneCapture` until the signal is aborted. Runs in a worker. */
export function createMicrophoneReader(port: MessagePort, options: MicrophoneReaderOptions): void {
  const nowMs = options.nowMs ?? epochNowMs;
  const clock = new CaptureClock();
  let format: MicrophoneFormat = { channels: 1, latencyUs: 0 };
  port.onmessage = ({ data }: MessageEvent<CapturedSound | MicrophoneFormat>) => {
    if (options.signal.aborted) return;
    if ("channels" in data) {
      format = data;
      return;
    }
    const { channels, latencyUs } = format;
    const durationUs = samplesToUs(data.samples.length / channels);
    // A block can come when its last sample is there, not before.
    const endUs = clock.toEpochUs(samplesToUs(data.position) + durationUs, nowMs() * 1000);
    const timestampUs = endUs - durationUs - latencyUs;
    options.onBlock({ timestampUs, sampleRate: SAMPLE_RATE, channels, samples: data.samples });
  };
  options.signal.addEventListener("abort", () => port.close(), { once: true });
}
