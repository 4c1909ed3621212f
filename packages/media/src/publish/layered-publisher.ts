import type { Rotation, VideoCodec, VideoLayer } from "@mqtt-meet/protocol";
import type { Picture } from "../codec.ts";
import { epochNowMs } from "../epoch-clock.ts";
import { handOut } from "../hand-out.ts";
import type { MediaError } from "../media-error.ts";
import { EncoderLoadMeter } from "./encoder-load.ts";
import { LayerPlan, type LayerShares } from "./layer-plan.ts";
import type { OutboundVideoStatistics } from "./outbound-video-statistics.ts";
import { sumOfLayers } from "./sum-of-layers.ts";
import type { ControlledTrack, TrackBudget } from "./uplink-control.ts";
import { VideoPublisher } from "./video-publisher.ts";
import type { VideoPublisherOptions } from "./video-publisher-options.ts";

/** One layer of a track: its bounds, as in {@link VideoPublisherOptions}, and its bitrate. */
export interface LayerShape {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly bitrateBps: number;
}

/** How a track of several layers is published. */
export interface LayeredPublisherOptions<P extends Picture>
  extends Omit<
    VideoPublisherOptions<P>,
    "layer" | "lazy" | "widthPx" | "heightPx" | "bitrateBps" | "onLayerChange" | "onError"
  > {
  /** At least one; the smallest first. */
  readonly layers: readonly LayerShape[];
  /** Another reference to the same picture; undefined where there can be none, and then one layer at a time is fed. */
  readonly clone: (picture: P) => P | undefined;
  /** The track's entry in the catalog changed. */
  readonly onChange?: () => void;
  /** No encoder for `codec` stays open; nothing more is sent until `setCodec`. Called once for a codec. */
  readonly onError?: (error: MediaError) => void;
}

/** With less than this, a picture cannot be recognized. */
const MIN_LAYER_BPS = 50_000;

/**
 * A video track in one or several sizes, each with an encoder of its own that is fed with the same pictures, and only
 * while somebody watches it. What there is for the track is shared among those sizes; where it is too little, fewer are
 * offered.
 */
export class LayeredPublisher<P extends Picture> implements ControlledTrack {
  readonly #options: LayeredPublisherOptions<P>;
  readonly #nowMs: () => number;
  readonly #publishers: readonly VideoPublisher<P>[];
  readonly #plan = new LayerPlan();
  readonly #load = new EncoderLoadMeter();
  #failed = false;
  #muted = false;
  #watched: ReadonlySet<number> = new Set();
  #budget: TrackBudget = { bitrateBps: Number.POSITIVE_INFINITY, paused: false };
  /** The layers that the budget was made for. */
  #budgeted: ReadonlySet<number> = new Set();
  #shares: LayerShares;
  #framesCaptured = 0;
  /** Of the largest layer that is encoded, whichever that was. */
  #framesSent = 0;
  #counted: { readonly layer: number; readonly framesSent: number } | undefined;

  constructor(options: LayeredPublisherOptions<P>) {
    const { layers, clone, onChange, onError, ...video } = options;
    this.#options = options;
    this.#nowMs = options.nowMs ?? epochNowMs;
    this.#shares = { offered: layers.length, bitratesBps: layers.map(() => 0), limitedBy: "none" };
    this.#publishers = layers.map(
      (shape, layer) =>
        new VideoPublisher<P>({
          ...{ ...video, ...shape, layer },
          lazy: layers.length > 1,
          onLayerChange: () => this.#options.onChange?.(),
          onError: (error) => this.#giveUp(error),
        }),
    );
    for (const publisher of this.#publishers) publisher.setEnabled(false);
  }

  /** What the catalog says of the layers now: those that are offered, as they are when nothing limits them. */
  get layers(): readonly VideoLayer[] {
    return this.#publishers.slice(0, this.#shares.offered).map(({ layer }) => layer);
  }

  get active(): boolean {
    return this.#publishers.some(({ active }) => active);
  }

  get wantedBps(): number {
    return this.#plan.wantedBps({ wantedBps: this.#wanted, watched: this.#live });
  }

  get keyFrameMs(): number {
    return Math.max(...this.#publishers.map(({ keyFrameMs }) => keyFrameMs));
  }

  follow(budget: TrackBudget): void {
    this.#budget = budget;
    this.#budgeted = new Set(this.#live.flatMap((is, layer) => (is ? [layer] : [])));
    this.#apply();
  }

  /** Takes `picture` over and closes it; every layer that is watched gets it. */
  push(picture: P, options: { readonly rotation?: Rotation } = {}): void {
    this.#framesCaptured++;
    const active = this.#publishers.filter((publisher) => publisher.active);
    const takers = active.map((publisher) => (own: P) => publisher.push(own, options));
    handOut(picture, takers, this.#options.clone);
  }

  /** Someone needs a key frame of a layer. One that is not offered is left alone. */
  requestKeyFrame(layer: number): void {
    if (layer < this.#shares.offered) this.#publishers[layer]?.requestKeyFrame();
  }

  /** What is sent from now on is under another key, or on another connection: it begins with key frames, now. */
  breakOff(): void {
    for (const publisher of this.#publishers) publisher.breakOff();
  }

  /** Who watches what. A layer that nobody watches is not encoded; the first picture of one afterwards is a key frame. */
  setWatched(layers: ReadonlySet<number>): void {
    this.#watched = layers;
    this.#apply();
  }

  setMuted(muted: boolean): void {
    this.#muted = muted;
    this.#apply();
  }

  /** Takes effect with a key frame, as soon as the encoders are open. `bitratesBps`: of each layer. */
  setCodec(codec: VideoCodec, bitratesBps: readonly number[]): void {
    this.#failed = false;
    for (const [layer, publisher] of this.#publishers.entries()) {
      publisher.setCodec(codec);
      publisher.setBitrate(bitratesBps[layer] ?? publisher.wantedBps);
    }
  }

  /** Time has passed; to be called a few times a second. */
  check(): void {
    for (const publisher of this.#publishers) publisher.rest();
    const loads = this.#publishers.map(({ load }) => load);
    const total = (of: "encoded" | "behind") => loads.reduce((sum, load) => sum + load[of], 0);
    this.#load.observe({ encoded: total("encoded"), behind: total("behind") }, this.#nowMs());
    this.#apply();
  }

  statistics(): OutboundVideoStatistics {
    this.#countFrames();
    const layers = this.#publishers.map((publisher) => publisher.statistics());
    const { offered, limitedBy } = this.#shares;
    const sum = sumOfLayers(layers, this.active ? this.#largest : offered - 1);
    const { qualityLimitationReason } = sum;
    return {
      ...sum,
      framesCaptured: this.#framesCaptured,
      framesSent: this.#framesSent,
      qualityLimitationReason: limitedBy === "none" || !this.active ? qualityLimitationReason : limitedBy,
    };
  }

  /** Of each layer, the smallest first, and whether it is encoded. */
  layerStatistics(): readonly (OutboundVideoStatistics & { readonly active: boolean })[] {
    return this.#publishers.map((publisher) => ({ ...publisher.statistics(), active: publisher.active }));
  }

  close(): void {
    for (const publisher of this.#publishers) publisher.close();
  }

  /** Of those that are encoded; -1 when there is none. */
  get #largest(): number {
    return this.#publishers.findLastIndex(({ active }) => active);
  }

  get #wanted(): readonly number[] {
    return this.#publishers.map(({ wantedBps }) => wantedBps);
  }

  get #live(): readonly boolean[] {
    return this.#publishers.map((_, layer) => !this.#muted && this.#watched.has(layer));
  }

  /** Rates are made of this: it must not jump when another layer becomes the largest. */
  #countFrames(): void {
    const layer = this.#largest;
    const publisher = this.#publishers[this.#counted?.layer ?? layer];
    if (this.#counted && publisher) this.#framesSent += publisher.framesSent - this.#counted.framesSent;
    const { framesSent } = this.#publishers[layer] ?? {};
    this.#counted = framesSent === undefined ? undefined : { layer, framesSent };
  }

  #apply(): void {
    const nowMs = this.#nowMs();
    const before = this.#shares;
    const watched = this.#live;
    const { bitrateBps, paused } = this.#budget;
    const { overloaded, behind } = this.#load;
    this.#shares = this.#plan.decide({ nowMs, wantedBps: this.#wanted, watched, bitrateBps, overloaded, behind });
    const { offered, bitratesBps, limitedBy } = this.#shares;
    this.#countFrames();
    for (const [layer, publisher] of this.#publishers.entries()) {
      publisher.setEnabled(layer < offered && watched[layer] === true);
      // One that has just been asked for would become as small as what was left over for it before.
      if (!publisher.active || !this.#budgeted.has(layer)) continue;
      const share = bitratesBps[layer] ?? 0;
      const leastBps = Math.min(MIN_LAYER_BPS, publisher.wantedBps);
      // A layer that has to wait keeps a bitrate: encoders refuse to be told of none.
      const bitrateBps = Math.max(share, leastBps);
      publisher.follow({ bitrateBps, paused: paused || share < leastBps, byMachine: limitedBy === "cpu" });
    }
    this.#countFrames();
    if (offered !== before.offered) {
      this.#load.reset();
      this.#options.onChange?.();
    }
  }

  /** One encoder less is one codec less: layers of several codecs would need several decoders of who changes between them. */
  #giveUp(error: MediaError): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#options.onError?.(error);
  }
}
