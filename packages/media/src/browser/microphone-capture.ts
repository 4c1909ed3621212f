/** A microphone on its way to the worker that encodes it. */
export interface MicrophoneCapture {
  /** To be transferred to the worker, once; read there with `createMicrophoneReader`. */
  readonly port: MessagePort;
  readonly channels: 1 | 2;
  /** The track is not stopped. */
  close(): void;
}

/** Begins to read `track`, which stays the caller's, in an AudioWorklet. */
export async function captureMicrophone(
  track: MediaStreamTrack,
  options: {
    /** 1 when left out. */
    readonly channels?: 1 | 2;
    /** Where the compiled `capture-worklet.ts` is; beside this module when left out. */
    readonly workletUrl?: URL | string;
  } = {},
): Promise<MicrophoneCapture> {
  throw new Error(`not yet ${track} ${options}`);
}
