import type { PcmSink } from "@mqtt-meet/media";

/** Who has said nothing for so long gives its place to who speaks: longer than a pause between two words. */
const IDLE_MS = 1_000;

/** What {@link VoicePlaces} needs. */
export interface VoicePlacesOptions {
  /** Any clock. */
  readonly nowMs: () => number;
  /** What `to` says from now on is played where `from` was. */
  readonly onMove: (move: { readonly from: string; readonly to: string }) => void;
}

/**
 * The sinks of all voices where the speaker has fewer places than there are voices. Who has something to play and no
 * place takes that of who has been silent for longest; while all others speak, it is not heard.
 */
export class VoicePlaces {
  readonly #options: VoicePlacesOptions;
  readonly #voices = new Map<string, VoicePlace>();

  constructor(options: VoicePlacesOptions) {
    this.#options = options;
  }

  /** A sink for the voice `key`, with a place of the speaker, which it takes over, or for now without one. */
  add(key: string, place: PcmSink | undefined, { channels }: { readonly channels: 1 | 2 }): PcmSink {
    const voice: VoicePlace = new VoicePlace({
      ...{ channels, place },
      nowMs: this.#options.nowMs,
      findPlace: () => this.#findPlace(key, channels),
      onClose: () => {
        if (this.#voices.get(key) === voice) this.#voices.delete(key);
      },
    });
    this.#voices.set(key, voice);
    return voice;
  }

  #findPlace(key: string, channels: 1 | 2): PcmSink | undefined {
    const latestMs = this.#options.nowMs() - IDLE_MS;
    const [silent] = [...this.#voices]
      .filter(([, voice]) => voice.hasPlace && voice.channels === channels && voice.writtenMs <= latestMs)
      .sort(([, a], [, b]) => a.writtenMs - b.writtenMs);
    if (silent === undefined) return undefined;
    const [from, voice] = silent;
    this.#options.onMove({ from, to: key });
    return voice.leavePlace();
  }
}

interface VoicePlaceOptions {
  readonly channels: 1 | 2;
  readonly place: PcmSink | undefined;
  readonly nowMs: () => number;
  readonly findPlace: () => PcmSink | undefined;
  readonly onClose: () => void;
}

/** The sink of one voice. What it counts goes on over a change of the place. */
class VoicePlace implements PcmSink {
  readonly channels: 1 | 2;
  readonly #options: VoicePlaceOptions;
  #place: PcmSink | undefined;
  /** What to add to what the place counts. */
  #offset = { played: 0, empty: 0 };
  #writtenMs = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(options: VoicePlaceOptions) {
    this.#options = options;
    this.channels = options.channels;
    this.#place = options.place;
  }

  get hasPlace(): boolean {
    return this.#place !== undefined;
  }

  get writtenMs(): number {
    return this.#writtenMs;
  }

  get bufferedSamples(): number {
    return this.#place?.bufferedSamples ?? 0;
  }

  get playedSamples(): number {
    return this.#offset.played + (this.#place?.playedSamples ?? 0);
  }

  get emptySamples(): number {
    return this.#offset.empty + (this.#place?.emptySamples ?? 0);
  }

  get outputLatencyUs(): number {
    return this.#place?.outputLatencyUs ?? 0;
  }

  write(samples: Float32Array): void {
    if (this.#closed) return;
    if (this.#place === undefined) this.#take(this.#options.findPlace());
    if (this.#place === undefined) return;
    this.#writtenMs = this.#options.nowMs();
    this.#place.write(samples);
  }

  skip(count: number): void {
    this.#place?.skip(count);
  }

  /** What was not played is thrown away. */
  leavePlace(): PcmSink | undefined {
    const place = this.#place;
    place?.skip(place.bufferedSamples);
    this.#offset = { played: this.playedSamples, empty: this.emptySamples };
    this.#place = undefined;
    return place;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#options.onClose();
    this.#place?.close();
    this.#place = undefined;
  }

  #take(place: PcmSink | undefined): void {
    if (place === undefined) return;
    const { played, empty } = this.#offset;
    this.#offset = { played: played - place.playedSamples, empty: empty - place.emptySamples };
    this.#place = place;
  }
}
