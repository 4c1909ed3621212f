import type { PcmSink } from "@mqtt-meet/media";
import { ClockedSink, type PcmBlock } from "@mqtt-meet/media";
import type { Participant, RemoteTrack } from "@mqtt-meet/sdk";
import type { ReadonlySignal } from "@preact/signals-core";

const SAMPLE_RATE = 48_000;

/** Is handed what is played of a track, with the time at which it plays; `samples` are valid during the call only. */
export type OnBlock = (block: PcmBlock, key: string) => void;

/** Hands the sound of one track or of all to whoever listens; each track is received once. */
export class SoundTaps {
  readonly #watch: (key: string, sink: PcmSink) => () => void;
  readonly #listeners = new Map<OnBlock, Set<string>>();
  readonly #open = new Map<string, () => void>();
  readonly #participants: ReadonlySignal<readonly Participant[]>;
  readonly #stop: () => void;

  constructor(options: {
    readonly participants: ReadonlySignal<readonly Participant[]>;
    /** Plays a track until the returned function is called. */
    readonly watch: (key: string, sink: PcmSink) => () => void;
  }) {
    this.#watch = options.watch;
    this.#participants = options.participants;
    this.#stop = options.participants.subscribe(() => this.#reconcile());
  }

  /** `key` is that of a track, or "all". */
  add(key: string, onBlock: OnBlock): () => void {
    const keys = this.#listeners.get(onBlock) ?? new Set();
    this.#listeners.set(onBlock, keys.add(key));
    this.#reconcile();
    return () => {
      keys.delete(key);
      if (keys.size === 0) this.#listeners.delete(onBlock);
      this.#reconcile();
    };
  }

  close(): void {
    this.#stop();
    this.#listeners.clear();
    for (const close of this.#open.values()) close();
    this.#open.clear();
  }

  #reconcile(): void {
    const wanted = this.#participants
      .peek()
      .flatMap(({ tracks }) => tracks)
      .filter(({ kind, key }) => kind === "audio" && this.#listenersOf(key).length > 0);
    const keys = new Set(wanted.map(({ key }) => key));
    for (const [key, close] of this.#open) {
      if (keys.has(key)) continue;
      this.#open.delete(key);
      close();
    }
    for (const track of wanted) if (!this.#open.has(track.key)) this.#open.set(track.key, this.#tap(track));
  }

  #tap({ key, channels: count }: RemoteTrack): () => void {
    const channels = count === 2 ? 2 : 1;
    const onSamples = (samples: Float32Array, playMs: number) => {
      const block = { timestampUs: Math.floor(playMs * 1000), sampleRate: SAMPLE_RATE, channels, samples };
      for (const onBlock of this.#listenersOf(key)) onBlock(block, key);
    };
    return this.#watch(key, new ClockedSink({ channels, onSamples }));
  }

  #listenersOf(key: string): readonly OnBlock[] {
    return [...this.#listeners].flatMap(([onBlock, keys]) => (keys.has(key) || keys.has("all") ? [onBlock] : []));
  }
}
