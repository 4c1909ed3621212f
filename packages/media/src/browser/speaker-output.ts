import type { SinkConnection } from "../webcodecs/speaker-sink.ts";

/** How the speaker is opened. */
export interface SpeakerOptions {
  readonly deviceId?: string;
  /** Where the compiled `playout-worklet.ts` is; beside this module when left out. */
  readonly workletUrl?: URL | string;
  /** `blocked` changed: browsers play nothing before the user touched the page. */
  readonly onBlockedChange?: (blocked: boolean) => void;
}

/** One voice of the speaker. */
export interface SpeakerStream {
  /** To be posted to the worker, once, with {@link transfer}; opened there with `openSpeakerSink`. */
  readonly connection: SinkConnection;
  readonly transfer: readonly Transferable[];
  /** 0 to 1 (2 at most). */
  setVolume(volume: number): void;
  close(): void;
}

/** The page's loudspeaker: one AudioContext and one worklet that mixes all streams. */
export interface SpeakerOutput {
  readonly blocked: boolean;
  /** At most 64 at once. */
  addStream(options: { readonly channels: 1 | 2 }): SpeakerStream;
  /** To be called by a gesture of the user. */
  resume(): Promise<void>;
  /** "" is the system's choice. Rejects with a MediaError "device-missing" where it cannot be used. */
  setDevice(deviceId: string): Promise<void>;
  close(): void;
}

/** Opens the speaker. Works before a gesture of the user, but then stays silent until {@link SpeakerOutput.resume}. */
export async function openSpeaker(options: SpeakerOptions = {}): Promise<SpeakerOutput> {
  throw new Error(`not yet ${options}`);
}
