import {
  type CodecBackend,
  type MediaSender,
  type Picture,
  type UplinkControl,
  VideoPublisher,
} from "@mqtt-meet/media";
import type { Rotation, TopicLevel, Track, TrackSource, VideoCodec } from "@mqtt-meet/protocol";
import { type ReadonlySignal, signal } from "@preact/signals-core";
import { CodecPolicy } from "./codec-policy.ts";
import type { LocalTrack } from "./room.ts";
import type { TrackCounts } from "./track-meter.ts";
import { bitrateFor } from "./video-size.ts";

/** What a video track of our own is made of. */
export interface VideoPublicationOptions<P extends Picture> {
  readonly id: TopicLevel;
  readonly key: string;
  readonly source: TrackSource;
  readonly backend: CodecBackend<P>;
  readonly sender: MediaSender;
  /** Shares what the sender's connection carries among all tracks on it. */
  readonly control: UplinkControl;
  readonly topic: (layer: number) => string;
  /** Best first; one when the application chose it. */
  readonly encodable: readonly VideoCodec[];
  /** What each of the others decodes. */
  readonly receivers: () => readonly (readonly VideoCodec[])[];
  readonly widthPx: number;
  readonly heightPx: number;
  readonly frameRate: number;
  readonly bitrateBps?: number | undefined;
  readonly repeat?: ((picture: P, timestampUs: number) => P) | undefined;
  readonly nowMs: () => number;
  /** The catalog is no longer right. */
  readonly onChange: () => void;
  readonly onUnpublish: (publication: VideoPublication<P>) => void;
  /** Nothing more is taken. */
  readonly onClose?: (() => void) | undefined;
}

/** A camera, screen or file of our own: encoded while somebody watches, with what everybody decodes. */
export class VideoPublication<P extends Picture> implements LocalTrack {
  readonly kind = "video";
  readonly id: TopicLevel;
  readonly key: string;
  readonly source: TrackSource;
  readonly #options: VideoPublicationOptions<P>;
  readonly #policy: CodecPolicy;
  readonly #publisher: VideoPublisher<P>;
  readonly #muted = signal(false);
  readonly #ended = signal(false);
  #watched = false;
  #closed = false;
  readonly muted: ReadonlySignal<boolean> = this.#muted;
  readonly ended: ReadonlySignal<boolean> = this.#ended;

  /** Throws a RangeError when nothing in `encodable` can be chosen. */
  constructor(options: VideoPublicationOptions<P>) {
    this.#options = options;
    this.id = options.id;
    this.key = options.key;
    this.source = options.source;
    this.#policy = new CodecPolicy(options.encodable);
    const codec = this.#policy.choose(options.receivers(), options.nowMs());
    if (codec === undefined) throw new RangeError("There is no codec to publish with.");
    const { backend, sender, topic, source, widthPx, heightPx, frameRate, nowMs, repeat, onChange } = options;
    this.#publisher = new VideoPublisher<P>({
      ...{ backend, sender, topic, source, codec, widthPx, heightPx, frameRate, nowMs },
      bitrateBps: this.#bitrateBps(codec),
      ...(repeat === undefined ? {} : { repeat }),
      onLayerChange: onChange,
      onError: () => this.#failed(),
    });
    options.control.add(this.#publisher);
    this.#enable();
  }

  get watched(): boolean {
    return this.#watched;
  }

  /** What the catalog says of it. */
  get track(): Track {
    const { id, kind, source } = this;
    return { id, kind, source, muted: this.#muted.peek(), layers: [this.#publisher.layer] };
  }

  get counts(): TrackCounts {
    return { direction: "out", kind: "video", counts: this.#publisher.statistics(), watched: this.#watched };
  }

  /** Takes `picture` over. */
  push(picture: P, options: { readonly rotation?: Rotation } = {}): void {
    if (this.#closed) picture.close();
    else this.#publisher.push(picture, options);
  }

  setMuted(muted: boolean): void {
    if (this.#closed || muted === this.#muted.peek()) return;
    this.#muted.value = muted;
    this.#enable();
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

  /** Somebody needs a key frame, or begins to watch. */
  requestKeyFrame(): void {
    if (!this.#closed) this.#publisher.requestKeyFrame();
  }

  /** We send under another key, or on another connection. */
  breakOff(): void {
    if (!this.#closed) this.#publisher.breakOff();
  }

  /** Whether anybody has a lease. Who begins to watch gets a key frame first. */
  setWatched(watched: boolean): void {
    if (this.#closed || watched === this.#watched) return;
    this.#watched = watched;
    this.#enable();
  }

  /** Time has passed, or other receivers are there. */
  chooseCodec(nowMs: number): void {
    const before = this.#policy.current;
    const codec = this.#policy.choose(this.#options.receivers(), nowMs);
    if (codec !== undefined && codec !== before && !this.#closed) this.#setCodec(codec);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#options.onClose?.();
    this.#options.control.remove(this.#publisher);
    this.#publisher.close();
    this.#ended.value = true;
  }

  #enable(): void {
    this.#publisher.setEnabled(this.#watched && !this.#muted.peek());
  }

  #setCodec(codec: VideoCodec): void {
    this.#publisher.setCodec(codec);
    this.#publisher.setBitrate(this.#bitrateBps(codec));
  }

  /** The encoder gave up: another codec, or the end. */
  #failed(): void {
    if (this.#policy.current !== undefined) this.#policy.exclude(this.#policy.current);
    const next = this.#policy.choose(this.#options.receivers(), this.#options.nowMs());
    if (next === undefined) this.end();
    else this.#setCodec(next);
  }

  #bitrateBps(codec: VideoCodec): number {
    const { bitrateBps, widthPx, heightPx, frameRate } = this.#options;
    return bitrateBps ?? bitrateFor({ widthPx, heightPx }, { frameRate, codec });
  }
}
