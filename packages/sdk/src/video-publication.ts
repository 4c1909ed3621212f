import {
  type CodecBackend,
  LayeredPublisher,
  type MediaSender,
  type Picture,
  type TemporalLane,
  type UplinkControl,
} from "@mqtt-meet/media";
import type { Rotation, TopicLevel, Track, TrackSource, VideoCodec } from "@mqtt-meet/protocol";
import { type ReadonlySignal, signal } from "@preact/signals-core";
import { CodecPolicy } from "./codec-policy.ts";
import type { LocalTrack } from "./room.ts";
import type { TrackCounts } from "./track-meter.ts";
import { type LayerSize, layerBitrates, layerSizes } from "./video-size.ts";

/** What a video track of our own is made of. */
export interface VideoPublicationOptions<P extends Picture> {
  readonly id: TopicLevel;
  readonly key: string;
  readonly source: TrackSource;
  readonly backend: CodecBackend<P>;
  readonly sender: MediaSender;
  /** Shares what the sender's connection carries among all tracks on it. */
  readonly control: UplinkControl;
  readonly topic: (layer: number, temporal: TemporalLane) => string;
  /** Best first; one when the application chose it. */
  readonly encodable: readonly VideoCodec[];
  /** What each of the others decodes. */
  readonly receivers: () => readonly (readonly VideoCodec[])[];
  readonly widthPx: number;
  readonly heightPx: number;
  readonly frameRate: number;
  /** Of the largest layer. */
  readonly bitrateBps?: number | undefined;
  /** Smaller layers are offered beside the whole size. */
  readonly simulcast: boolean;
  readonly content?: "motion" | "detail" | undefined;
  /** Another reference to the same picture; undefined where there can be none. */
  readonly clone: (picture: P) => P | undefined;
  readonly repeat?: ((picture: P, timestampUs: number) => P) | undefined;
  readonly nowMs: () => number;
  /** Throws when the track must stay muted. */
  readonly checkUnmute?: (() => void) | undefined;
  /** The catalog is no longer right. */
  readonly onChange: () => void;
  readonly onUnpublish: (publication: VideoPublication<P>) => void;
  /** Nothing more is taken. */
  readonly onClose?: (() => void) | undefined;
}

/** A camera, screen or file of our own: each layer is encoded while somebody watches it, with what everybody decodes. */
export class VideoPublication<P extends Picture> implements LocalTrack {
  readonly kind = "video";
  readonly id: TopicLevel;
  readonly key: string;
  readonly source: TrackSource;
  readonly #options: VideoPublicationOptions<P>;
  readonly #policy: CodecPolicy;
  readonly #sizes: readonly LayerSize[];
  readonly #publisher: LayeredPublisher<P>;
  readonly #muted = signal(false);
  readonly #ended = signal(false);
  #watched: ReadonlySet<number> = new Set();
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
    const { backend, sender, topic, source, content, frameRate, nowMs, repeat, clone, onChange } = options;
    this.#sizes = options.simulcast ? layerSizes(options) : [options];
    const bitratesBps = this.#bitratesBps(codec);
    this.#publisher = new LayeredPublisher<P>({
      ...{ backend, sender, topic, source, content, codec, frameRate, nowMs, clone },
      layers: this.#sizes.map(({ widthPx, heightPx }, layer) => ({
        ...{ widthPx, heightPx },
        bitrateBps: bitratesBps[layer] ?? 0,
      })),
      ...(repeat === undefined ? {} : { repeat }),
      onChange,
      onError: () => this.#failed(),
    });
    options.control.add(this.#publisher);
  }

  get watched(): boolean {
    return this.#watched.size > 0;
  }

  /** What the catalog says of it. */
  get track(): Track {
    const { id, kind, source } = this;
    return { id, kind, source, muted: this.#muted.peek(), layers: this.#publisher.layers };
  }

  get counts(): TrackCounts {
    const counts = this.#publisher.statistics();
    const layers = this.#publisher.layerStatistics();
    return { direction: "out", kind: "video", counts, layers, watched: this.watched };
  }

  /** Takes `picture` over. */
  push(picture: P, options: { readonly rotation?: Rotation } = {}): void {
    if (this.#closed) picture.close();
    else this.#publisher.push(picture, options);
  }

  setMuted(muted: boolean): void {
    if (this.#closed || muted === this.#muted.peek()) return;
    if (!muted) this.#options.checkUnmute?.();
    this.#muted.value = muted;
    this.#publisher.setMuted(muted);
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

  /** Somebody needs a key frame of a layer, or begins to watch it. */
  requestKeyFrame(layer: number): void {
    if (!this.#closed) this.#publisher.requestKeyFrame(layer);
  }

  /** We send under another key, or on another connection. */
  breakOff(): void {
    if (!this.#closed) this.#publisher.breakOff();
  }

  /** The layers that somebody has a lease on. Who begins to watch gets a key frame first. */
  setWatched(layers: ReadonlySet<number>): void {
    if (this.#closed || sameMembers(layers, this.#watched)) return;
    this.#watched = layers;
    this.#publisher.setWatched(layers);
  }

  /** Time has passed, or other receivers are there. */
  check(nowMs: number): void {
    if (this.#closed) return;
    this.#publisher.check();
    const before = this.#policy.current;
    const codec = this.#policy.choose(this.#options.receivers(), nowMs);
    if (codec !== undefined && codec !== before) this.#setCodec(codec);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#options.onClose?.();
    this.#options.control.remove(this.#publisher);
    this.#publisher.close();
    this.#ended.value = true;
  }

  #setCodec(codec: VideoCodec): void {
    this.#publisher.setCodec(codec, this.#bitratesBps(codec));
  }

  /** The encoder gave up: another codec, or the end. */
  #failed(): void {
    if (this.#policy.current !== undefined) this.#policy.exclude(this.#policy.current);
    const next = this.#policy.choose(this.#options.receivers(), this.#options.nowMs());
    if (next === undefined) this.end();
    else this.#setCodec(next);
  }

  #bitratesBps(codec: VideoCodec): readonly number[] {
    const { bitrateBps, frameRate } = this.#options;
    return layerBitrates(this.#sizes, { frameRate, codec, largestBps: bitrateBps });
  }
}

function sameMembers(a: ReadonlySet<number>, b: ReadonlySet<number>): boolean {
  return a.size === b.size && [...a].every((member) => b.has(member));
}
