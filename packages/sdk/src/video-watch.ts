import {
  type CodecBackend,
  type MediaSource,
  type Picture,
  type PictureInfo,
  type PlayoutClock,
  VideoSubscriber,
} from "@mqtt-meet/media";
import type { LayerReport, PeerId, TopicLevel, TopicScheme } from "@mqtt-meet/protocol";
import type { TrackCounts } from "./track-meter.ts";

/** Is handed each picture when it is due; takes it over. */
export type OnPicture<P extends Picture> = (picture: P, info: PictureInfo) => void;

/** What a watched video track needs. */
export interface VideoWatchOptions<P extends Picture> {
  readonly peer: PeerId;
  readonly id: TopicLevel;
  readonly scheme: TopicScheme;
  readonly backend: CodecBackend<P>;
  readonly source: MediaSource;
  readonly clock: () => PlayoutClock;
  /** Another reference to the same picture; undefined where there can be none. */
  readonly clone: (picture: P) => P | undefined;
  readonly requestKeyFrame: (layer: number) => void;
  readonly clockOffsetUs: () => number | undefined;
  readonly nowMs: () => number;
}

/** Somebody's video track that is shown in one place or several. Received only while it is published. */
export class VideoWatch<P extends Picture> {
  readonly peer: PeerId;
  readonly id: TopicLevel;
  readonly #options: VideoWatchOptions<P>;
  readonly #listeners = new Set<OnPicture<P>>();
  #subscriber: VideoSubscriber<P> | undefined;
  #layer: number | undefined;
  #reported = { atMs: 0, bytesReceived: 0, framesDecoded: 0, framesDropped: 0 };

  constructor(options: VideoWatchOptions<P>) {
    this.#options = options;
    this.peer = options.peer;
    this.id = options.id;
  }

  /** The layer that is received; undefined while the track is not published. */
  get layer(): number | undefined {
    return this.#layer;
  }

  get counts(): TrackCounts | undefined {
    if (this.#subscriber === undefined || this.#layer === undefined) return undefined;
    return { direction: "in", kind: "video", counts: this.#subscriber.statistics(), layer: this.#layer };
  }

  add(onPicture: OnPicture<P>): void {
    this.#listeners.add(onPicture);
  }

  /** Returns whether nobody is left. */
  remove(onPicture: OnPicture<P>): boolean {
    this.#listeners.delete(onPicture);
    return this.#listeners.size === 0;
  }

  /** How the layer arrived since this was called before. */
  report(): LayerReport | undefined {
    if (this.#subscriber === undefined || this.#layer === undefined) return undefined;
    const { bytesReceived, framesDecoded, framesDropped, queueDelayMs } = this.#subscriber.statistics();
    const before = this.#reported;
    const atMs = this.#options.nowMs();
    this.#reported = { atMs, bytesReceived, framesDecoded, framesDropped };
    const since = (now: number, then: number) => Math.max(0, now - then);
    return {
      track: this.id,
      layer: this.#layer,
      receivedBps: Math.round((8000 * since(bytesReceived, before.bytesReceived)) / Math.max(1, atMs - before.atMs)),
      framesDecoded: since(framesDecoded, before.framesDecoded),
      framesDropped: since(framesDropped, before.framesDropped),
      queueDelayMs: Math.round(queueDelayMs),
    };
  }

  /** Receives this layer from now on; nothing when undefined. */
  select(layer: number | undefined): void {
    if (layer === this.#layer) return;
    this.#subscriber?.close();
    this.#subscriber = undefined;
    this.#layer = layer;
    if (layer === undefined) return;
    this.#reported = { atMs: this.#options.nowMs(), bytesReceived: 0, framesDecoded: 0, framesDropped: 0 };
    const { peer, id, scheme, backend, source, clock, requestKeyFrame, clockOffsetUs, nowMs } = this.#options;
    this.#subscriber = new VideoSubscriber<P>({
      backend,
      source,
      filter: scheme.videoFilter(peer, id, layer),
      clock: clock(),
      onPicture: (picture, info) => this.#show(picture, info),
      requestKeyFrame: () => requestKeyFrame(layer),
      clockOffsetUs,
      nowMs,
    });
  }

  close(): void {
    this.#listeners.clear();
    this.select(undefined);
  }

  #show(picture: P, info: PictureInfo): void {
    const [last, ...others] = [...this.#listeners].reverse();
    for (const onPicture of others) {
      const copy = this.#options.clone(picture);
      if (copy !== undefined) onPicture(copy, info);
    }
    if (last === undefined) picture.close();
    else last(picture, info);
  }
}
