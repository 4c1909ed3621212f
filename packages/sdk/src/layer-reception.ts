import {
  type FreezeDetector,
  type InboundVideoStatistics,
  type MediaSource,
  type Picture,
  type PictureInfo,
  type QueueMeter,
  VideoSubscriber,
} from "@mqtt-meet/media";
import type { VideoWatchOptions } from "./video-watch.ts";

/** What a layer that is received needs, besides what its track needs. */
export interface LayerReceptionOptions<P extends Picture> {
  readonly layer: number;
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
  readonly #subscriber: VideoSubscriber<P>;
  #granted = false;

  constructor(options: LayerReceptionOptions<P>) {
    const { layer, track, freezes, waiting, successor, onPicture } = options;
    const { peer, id, scheme, backend, clock, requestKeyFrame, clockOffsetUs, nowMs } = track;
    this.layer = layer;
    const source: MediaSource = {
      subscribe: (filter, onMessage, { signal }) => {
        const granted = () => {
          if (signal.aborted) return;
          this.#granted = true;
          options.onGranted();
        };
        // Without a picture the track stays dark; the connection asks again when it reconnects.
        track.subscribe(filter, onMessage, { signal }).then(granted, () => undefined);
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
    return this.#granted;
  }

  statistics(): InboundVideoStatistics {
    return this.#subscriber.statistics();
  }

  close(): void {
    this.#subscriber.close();
  }
}
