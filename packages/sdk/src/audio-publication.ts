import { AudioPublisher, type CodecBackend, type MediaSender, type PcmBlock, type Picture } from "@mqtt-meet/media";
import type { TopicLevel, Track, TrackSource } from "@mqtt-meet/protocol";
import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { LocalTrack } from "./room.ts";
import type { TrackCounts } from "./track-meter.ts";

const SAMPLE_RATE = 48_000;
/** Speech needs less, music more. */
const BITRATE_BPS = { 1: 32_000, 2: 96_000 } as const;

/** What a sound track of our own is made of. */
export interface AudioPublicationOptions {
  readonly id: TopicLevel;
  readonly key: string;
  readonly source: TrackSource;
  readonly backend: CodecBackend<Picture>;
  readonly sender: MediaSender;
  readonly topic: string;
  readonly channels: 1 | 2;
  readonly bitrateBps?: number | undefined;
  readonly nowMs: () => number;
  /** Whether so few hear it, all on good lines, that twice as many packets are no burden. */
  readonly affordsShortFrames: () => boolean;
  /** Throws when the track must stay muted. */
  readonly checkUnmute?: (() => void) | undefined;
  /** How loud it is has changed: some sound was taken, or it was muted. */
  readonly onLevel: () => void;
  /** The catalog is no longer right. */
  readonly onChange: () => void;
  readonly onUnpublish: (publication: AudioPublication) => void;
  /** Nothing more is taken. */
  readonly onClose?: (() => void) | undefined;
}

/** A microphone of our own, or the sound of a screen or file. It is sent whether somebody listens or not, but for the pauses of speech. */
export class AudioPublication implements LocalTrack {
  readonly kind = "audio";
  readonly id: TopicLevel;
  readonly key: string;
  readonly source: TrackSource;
  readonly #options: AudioPublicationOptions;
  readonly #publisher: AudioPublisher;
  readonly #bitrateBps: number;
  readonly #muted = signal(false);
  readonly #ended = signal(false);
  #closed = false;
  readonly muted: ReadonlySignal<boolean> = this.#muted;
  readonly ended: ReadonlySignal<boolean> = this.#ended;

  constructor(options: AudioPublicationOptions) {
    this.#options = options;
    this.id = options.id;
    this.key = options.key;
    this.source = options.source;
    const { backend, sender, topic, channels, nowMs } = options;
    this.#bitrateBps = options.bitrateBps ?? BITRATE_BPS[channels];
    const bitrateBps = this.#bitrateBps;
    const onError = () => this.end();
    this.#publisher = new AudioPublisher({
      ...{ backend, sender, topic, channels, bitrateBps, nowMs, onError },
      speech: this.#mayBeSpeech,
      // Nobody answers a file: its sound may take its time.
      affordsShortFrames: () => this.source === "microphone" && options.affordsShortFrames(),
    });
  }

  /** What the catalog says of it. */
  get track(): Track {
    const { id, kind, source } = this;
    const { channels } = this.#options;
    const bitrateBps = this.#bitrateBps;
    return {
      id,
      kind,
      source,
      muted: this.#muted.peek(),
      codec: "opus",
      sampleRate: SAMPLE_RATE,
      channels,
      bitrateBps,
      ...(this.saysVoice ? { voice: true } : {}),
    };
  }

  /** Screens and files may have music. */
  get #mayBeSpeech(): boolean {
    return this.source === "microphone" && this.#options.channels === 1;
  }

  /** Others learn how loud it is without receiving it, where there are many (docs/protocol.md, M11). */
  get saysVoice(): boolean {
    return this.source === "microphone";
  }

  get counts(): TrackCounts {
    return { direction: "out", kind: "audio", counts: this.#publisher.statistics() };
  }

  /** 0 to 1. */
  get level(): number {
    return this.#closed ? 0 : this.#publisher.level;
  }

  push(block: PcmBlock): void {
    if (this.#closed) return;
    this.#publisher.push(block);
    this.#options.onLevel();
  }

  /** What comes now is meant to be heard as it is, or is speech, whose pauses need not be sent (docs/protocol.md, F9). */
  setSpeech(speech: boolean): void {
    this.#publisher.setSpeech(speech && this.#mayBeSpeech);
  }

  /** Looks at the connection; to be called a few times a second. */
  adapt(): void {
    if (!this.#closed) this.#publisher.adapt();
  }

  setMuted(muted: boolean): void {
    if (this.#closed || muted === this.#muted.peek()) return;
    if (!muted) this.#options.checkUnmute?.();
    this.#muted.value = muted;
    this.#publisher.setMuted(muted);
    this.#options.onLevel();
    this.#options.onChange();
  }

  /** The source is over; the track stays until it is unpublished. */
  end(): void {
    this.#ended.value = true;
  }

  async unpublish(): Promise<void> {
    if (this.#closed) return;
    this.close();
    this.#options.onUnpublish(this);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#options.onClose?.();
    this.#publisher.close();
    this.#ended.value = true;
  }
}
