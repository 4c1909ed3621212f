import type { PcmSink } from "../subscribe/pcm-sink.ts";

/** One stream of a `SpeakerOutput`, as it is posted from the window to the worker that writes the sound. */
export type SinkConnection =
  | { readonly kind: "shared"; readonly channels: 1 | 2; readonly memory: SharedArrayBuffer }
  | { readonly kind: "port"; readonly channels: 1 | 2; readonly port: MessagePort };

/** The writer's side of a stream of the speaker. Runs in a worker. */
export function openSpeakerSink(connection: SinkConnection, options?: { readonly nowMs?: () => number }): PcmSink {
  throw new Error(`not yet ${connection} ${options}`);
}
