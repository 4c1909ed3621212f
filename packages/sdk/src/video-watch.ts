import {
  type CodecBackend,
  FreezeDetector,
  handOut,
  type InboundVideoStatistics,
  type MediaSource,
  type Picture,
  type PictureInfo,
  type PlayoutClock,
  QueueMeter,
  sumOfReceptions,
} from "@mqtt-meet/media";
import type { LayerReport, PeerId, TopicLevel, TopicScheme } from "@mqtt-meet/protocol";
import type { DecodedTrack } from "./decoding-view.ts";
import type { ChosenLayer, ReceptionLimit } from "./layer-choice.ts";
import { LayerReception } from "./layer-reception.ts";
import { commonView, type PictureView } from "./picture-view.ts";
import type { TrackCounts } from "./track-meter.ts";

/** Is handed each picture when it is due; takes it over. */
export type OnPicture<P extends Picture> = (picture: P, info: PictureInfo) => void;

/** What a watched video track needs. */
export interface VideoWatchOptions<P extends Picture> {
  readonly peer: PeerId;
  readonly id: TopicLevel;
  readonly scheme: TopicScheme;
  readonly backend: CodecBackend<P>;
  /** Resolves when the broker grants the filter. */
  readonly subscribe: (
    filter: string,
    onMessage: (topic: string, payload: Uint8Array) => void,
    options: { readonly signal: AbortSignal },
  ) => Promise<void>;
  readonly opener: Pick<MediaSource, "opener">;
  readonly clock: () => PlayoutClock;
  /** Another reference to the same picture; undefined where there can be none. */
  readonly clone: (picture: P) => P | undefined;
  readonly requestKeyFrame: (layer: number) => void;
  readonly clockOffsetUs: () => number | undefined;
  readonly nowMs: () => number;
  /** Other layers are wanted than before. */
  readonly onWants: () => void;
}

/** Somebody's video track that is shown in one place or several. Received only while it is published, and seen. */
export class VideoWatch<P extends Picture> {
  readonly peer: PeerId;
  readonly id: TopicLevel;
  readonly #options: VideoWatchOptions<P>;
  readonly #listeners = new Map<OnPicture<P>, () => PictureView>();
  readonly #freezes = new FreezeDetector();
  readonly #waiting = new QueueMeter();
  /** What is shown. */
  #current: LayerReception<P> | undefined;
  /** What is to be shown as soon as it has a picture. */
  #next: LayerReception<P> | undefined;
  /** Of the layers that were received before. */
  #before: InboundVideoStatistics | undefined;
  /** Capture time of what was shown last. */
  #shownUs = Number.NEGATIVE_INFINITY;
  #limitedBy: ReceptionLimit | undefined;
  #half = false;
  #reported = { atMs: 0, bytesReceived: 0, framesDecoded: 0, framesDropped: 0 };

  constructor(options: VideoWatchOptions<P>) {
    this.#options = options;
    this.peer = options.peer;
    this.id = options.id;
    this.#reported.atMs = options.nowMs();
  }

  /** The layer that is shown; undefined while the track is not published, or nobody sees it. */
  get layer(): number | undefined {
    return this.#current?.layer;
  }

  /** The layer that is shown, or is going to be. */
  get selected(): number | undefined {
    return (this.#next ?? this.#current)?.layer;
  }

  /** The layers that the publisher is to send. */
  get wants(): readonly number[] {
    return [this.#current, this.#next].flatMap((reception) => (reception?.granted ? [reception.layer] : []));
  }

  /** Where it is shown, all places together. */
  get view(): PictureView {
    return commonView([...this.#listeners.values()].map((view) => view()));
  }

  get counts(): TrackCounts | undefined {
    if (this.#current === undefined) return undefined;
    const { layer } = this.#current;
    return { direction: "in", kind: "video", counts: this.#countsOf(this.#current), layer, limitedBy: this.#limitedBy };
  }

  /** What the decoders of the track have done. */
  get decoding(): DecodedTrack {
    const open = [this.#current, this.#next].flatMap((reception) => reception?.progress ?? []);
    const [shown] = open;
    return {
      framesDecoded: open.reduce((sum, { framesDecoded }) => sum + framesDecoded, this.#before?.framesDecoded ?? 0),
      framePx: (shown?.frameWidth ?? 0) * (shown?.frameHeight ?? 0),
      decoderQueueMs: Math.max(0, ...open.map(({ decoderQueueMs }) => decoderQueueMs)),
    };
  }

  /** Of everything that ever came of the track. */
  get bytesReceived(): number {
    const open = [this.#current, this.#next].map((reception) => reception?.progress.bytesReceived ?? 0);
    return open.reduce((sum, bytes) => sum + bytes, this.#before?.bytesReceived ?? 0);
  }

  /** How long what arrives has waited in queues, whosever they are. */
  get queueMs(): number {
    return this.#waiting.queueMs(this.#options.nowMs());
  }

  add(onPicture: OnPicture<P>, view: () => PictureView): void {
    this.#listeners.set(onPicture, view);
  }

  /** Returns whether nobody is left. */
  remove(onPicture: OnPicture<P>): boolean {
    this.#listeners.delete(onPicture);
    return this.#listeners.size === 0;
  }

  /** How the layer arrived since this was called before. */
  report(): LayerReport | undefined {
    if (this.#current === undefined) return undefined;
    const { bytesReceived, framesDecoded, framesDropped } = this.#countsOf(this.#current);
    const before = this.#reported;
    const atMs = this.#options.nowMs();
    this.#reported = { atMs, bytesReceived, framesDecoded, framesDropped };
    const since = (now: number, then: number) => Math.max(0, now - then);
    return {
      track: this.id,
      layer: this.#current.layer,
      receivedBps: Math.round((8000 * since(bytesReceived, before.bytesReceived)) / Math.max(1, atMs - before.atMs)),
      framesDecoded: since(framesDecoded, before.framesDecoded),
      framesDropped: since(framesDropped, before.framesDropped),
      queueDelayMs: Math.round(this.queueMs),
    };
  }

  /**
   * Receives this layer from now on; nothing when undefined. What is shown goes on until the new layer has a picture,
   * unless it is to make room at once.
   */
  select({ layer, half, atOnce, limitedBy }: ChosenLayer): void {
    this.#limitedBy = limitedBy;
    this.#half = half;
    for (const reception of [this.#current, this.#next]) reception?.setHalf(half);
    if (layer === this.selected) return;
    this.#end(this.#next);
    this.#next = undefined;
    if (layer !== undefined && this.#current !== undefined && !atOnce) {
      if (layer !== this.#current.layer) this.#next = this.#open(layer, { successor: true });
    } else if (layer !== this.#current?.layer) {
      this.#end(this.#current);
      if (layer === undefined) this.#freezes.rest();
      this.#current = layer === undefined ? undefined : this.#open(layer, { successor: false });
    }
    this.#options.onWants();
  }

  close(): void {
    this.#listeners.clear();
    this.#end(this.#next);
    this.#end(this.#current);
    this.#next = undefined;
    this.#current = undefined;
  }

  #open(layer: number, { successor }: { readonly successor: boolean }): LayerReception<P> {
    const reception = new LayerReception<P>({
      ...{ layer, successor, half: this.#half, track: this.#options },
      ...{ freezes: this.#freezes, waiting: this.#waiting },
      onGranted: () => this.#options.onWants(),
      onPicture: (picture, info) => {
        const late = this.#next === reception && info.timestampUs < this.#shownUs;
        if (late) return picture.close(); // the layer that it follows is further on
        if (this.#next === reception) this.#takeOver();
        this.#show(picture, info);
      },
    });
    return reception;
  }

  /** The next layer has its first picture: the one before is not needed any more. */
  #takeOver(): void {
    this.#end(this.#current);
    this.#current = this.#next;
    this.#next = undefined;
    this.#options.onWants();
  }

  #end(reception: LayerReception<P> | undefined): void {
    if (reception === undefined) return;
    this.#before = this.#countsOf(reception);
    reception.close();
  }

  /** Of the track, when `reception` is what came last. */
  #countsOf(reception: LayerReception<P>): InboundVideoStatistics {
    return sumOfReceptions(this.#before, reception.statistics());
  }

  #show(picture: P, info: PictureInfo): void {
    this.#shownUs = info.timestampUs;
    const takers = [...this.#listeners.keys()].map((onPicture) => (own: P) => onPicture(own, info));
    handOut(picture, takers, this.#options.clone);
  }
}
