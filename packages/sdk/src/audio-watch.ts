import { type AudioSubscriber, NO_SOUND, type PcmSink, sumOfSounds } from "@mqtt-meet/media";
import type { PeerId, TopicLevel } from "@mqtt-meet/protocol";
import type { TrackCounts } from "./track-meter.ts";

/** What an {@link AudioWatch} is made of. */
export interface AudioWatchOptions {
  readonly peer: PeerId;
  readonly id: TopicLevel;
  /** Closed with the watch. */
  readonly sink: PcmSink;
  /** Begins to play into `sink`, and leaves it open when it is closed. */
  readonly subscribe: () => AudioSubscriber;
}

/** A sound track that somebody listens to: received, or at rest while others are louder. At rest at first. */
export class AudioWatch {
  readonly peer: PeerId;
  readonly id: TopicLevel;
  readonly #options: AudioWatchOptions;
  #subscriber: AudioSubscriber | undefined;
  /** Of receptions that are over. */
  #counted = NO_SOUND;
  #closed = false;

  constructor(options: AudioWatchOptions) {
    this.#options = options;
    this.peer = options.peer;
    this.id = options.id;
  }

  get received(): boolean {
    return this.#subscriber !== undefined;
  }

  /** Loudness, 0 to 1; undefined at rest. */
  get level(): number | undefined {
    return this.#subscriber?.level;
  }

  get counts(): TrackCounts {
    const counts = this.#subscriber && sumOfSounds(this.#counted, this.#subscriber.statistics());
    return { direction: "in", kind: "audio", counts: counts ?? this.#counted, atRest: counts === undefined };
  }

  setReceived(received: boolean): void {
    if (received === this.received || this.#closed) return;
    if (received) this.#subscriber = this.#options.subscribe();
    else this.#rest();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#rest();
    this.#options.sink.close();
  }

  /** What is in the sink is played to its end. */
  #rest(): void {
    if (this.#subscriber === undefined) return;
    this.#counted = { ...sumOfSounds(this.#counted, this.#subscriber.statistics()), latencyMs: null };
    this.#subscriber.close();
    this.#subscriber = undefined;
  }
}
