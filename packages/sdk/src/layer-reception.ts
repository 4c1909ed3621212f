import {
  type FreezeDetector,
  type InboundVideoStatistics,
  type MediaSource,
  type Picture,
  type PictureInfo,
  type QueueMeter,
  type ReceptionProgress,
  VideoSubscriber,
} from "@mqtt-meet/media";
import type { VideoWatchOptions } from "./video-watch.ts";

type OnMessage = Parameters<MediaSource["subscribe"]>[1];

/** What a layer that is received needs, besides what its track needs. */
export interface LayerReceptionOptions<P extends Picture> {
  readonly layer: number;
  /** As in {@link LayerReception.setHalf}. */
  readonly half: boolean;
  readonly track: VideoWatchOptions<P>;
  readonly freezes: FreezeDetector;
  readonly waiting: QueueMeter;
  /** Another layer of the track is shown until this one has a picture. */
  readonly successor: boolean;
  /** The broker delivers it from now on. */
  readonly onGranted: () => void;
  readonly onPicture: (picture: P, info: PictureInfo) => void;
}

/** One layer of somebody's video track that is received. */
export class LayerReception<P extends Picture> {
  readonly layer: number;
  readonly #options: LayerReceptionOptions<P>;
  readonly #subscriber: VideoSubscriber<P>;
  #take: { readonly onMessage: OnMessage; readonly signal: AbortSignal } | undefined;
  #half: boolean;
  /** The one that what arrives is taken from: the newest that the broker has granted. */
  #subscription: AbortController | undefined;

  constructor(options: LayerReceptionOptions<P>) {
    const { layer, track, freezes, waiting, successor, onPicture } = options;
    const { peer, id, scheme, backend, clock, requestKeyFrame, clockOffsetUs, nowMs } = track;
    this.layer = layer;
    this.#options = options;
    this.#half = options.half;
    const source: MediaSource = {
      subscribe: (_filter, onMessage, { signal }) => {
        this.#take = { onMessage, signal };
        this.#subscribe();
      },
      ...track.opener,
    };
    this.#subscriber = new VideoSubscriber<P>({
      ...{ backend, source, freezes, waiting, successor, onPicture, clockOffsetUs, nowMs },
      filter: scheme.videoFilter(peer, id, layer),
      clock: clock(),
      requestKeyFrame: () => requestKeyFrame(layer),
    });
  }

  /** Whether the broker delivers it already: the key frame that answers a want must not be missed. */
  get granted(): boolean {
    return this.#subscription !== undefined;
  }

  /** Only every second picture, where a layer has layers in time; or all. */
  setHalf(half: boolean): void {
    if (half === this.#half || this.#take?.signal.aborted) return;
    this.#half = half;
    this.#subscribe();
  }

  get progress(): ReceptionProgress {
    return this.#subscriber.progress;
  }

  statistics(): InboundVideoStatistics {
    return this.#subscriber.statistics();
  }

  close(): void {
    this.#subscriber.close();
  }

  /** The other topics are received until these are granted: nothing that others need is missed between the two. */
  #subscribe(): void {
    const { track, onGranted } = this.#options;
    const { scheme, peer, id } = track;
    if (this.#take === undefined) return;
    const { onMessage, signal } = this.#take;
    const subscription = new AbortController();
    signal.addEventListener("abort", () => subscription.abort(), { once: true, signal: subscription.signal });
    const half = [0, 2].map((temporal) => scheme.video(peer, id, this.layer, temporal));
    const filters = this.#half ? half : [scheme.videoFilter(peer, id, this.layer)];
    const receive: OnMessage = (topic, payload) => {
      if (this.#subscription === undefined || this.#subscription === subscription) onMessage(topic, payload);
    };
    const granted = () => {
      if (subscription.signal.aborted) return;
      const before = this.#subscription;
      this.#subscription = subscription;
      before?.abort();
      if (before === undefined) onGranted();
    };
    // Without a picture the track stays dark; the connection asks again when it reconnects.
    const grants = filters.map((filter) => track.subscribe(filter, receive, { signal: subscription.signal }));
    Promise.all(grants).then(granted, () => undefined);
  }
}
