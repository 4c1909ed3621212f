import type { PcmBlock } from "../codec.ts";

/** What to do with captured sound. */
export interface MicrophoneReaderOptions {
  /** 48 kHz, 10 ms; times are on the epoch clock. */
  readonly onBlock: (block: PcmBlock) => void;
  readonly nowMs?: () => number;
  readonly signal: AbortSignal;
}

/** Reads the port of a `MicrophoneCapture` until the signal is aborted. Runs in a worker. */
export function createMicrophoneReader(port: MessagePort, options: MicrophoneReaderOptions): void {
  throw new Error(`not yet ${port} ${options}`);
}
