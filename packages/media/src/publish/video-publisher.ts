import type { Rotation, VideoCodec, VideoLayer } from "@mqtt-meet/protocol";
import type { EncodedFrame, Picture, VideoEncoding } from "../codec.ts";
import { epochNowMs } from "../epoch-clock.ts";
import { every } from "../every.ts";
import type { MediaError } from "../media-error.ts";
import { EncoderBitrate } from "./encoder-bitrate.ts";
import type { EncoderLoad } from "./encoder-load.ts";
import { fitSize, type Size } from "./fit-size.ts";
import { FramePacer } from "./frame-pacer.ts";
import { HeldPicture } from "./held-picture.ts";
import { KeyFrameSchedule } from "./key-frame-schedule.ts";
import { LayerSender } from "./layer-sender.ts";
import { LimitReason } from "./limit-reason.ts";
import { outboundVideoCounts } from "./outbound-video-counts.ts";
import type { OutboundVideoStatistics } from "./outbound-video-statistics.ts";
import { type OpenedEncoder, PictureEncoder } from "./picture-encoder.ts";
import { type PictureTier, PictureTiers } from "./picture-tier.ts";
import { sameLayer } from "./same-layer.ts";
import { skipReason } from "./skip-reason.ts";
import { StillSource } from "./still-source.ts";
import type { ControlledTrack, TrackBudget } from "./uplink-control.ts";
import { USUAL_CODEC_STRINGS } from "./usual-codec-strings.ts";
import type { VideoPublisherOptions } from "./video-publisher-options.ts";

/** With less of its bitrate than this, a track is limited by the network. */
const LIMITED_PART = 0.95;

/** An encoder that nobody needs is closed after this: tiles are hidden and shown again within seconds. */
const REST_AFTER_MS = 2_000;

/** How often a source is looked at that may stand still. */
const STILL_CHECK_MS = 100;

/** One video track on its way out: pictures in, packets out. Nothing waits here: what cannot go now is skipped. */
export class VideoPublisher<P extends Picture> implements ControlledTrack {
  readonly #options: VideoPublisherOptions<P>;
  readonly #nowMs: () => number;
  readonly #lifetime = new AbortController();
  readonly #encoder: PictureEncoder<P>;
  readonly #sender: LayerSender;
  readonly #tiers: PictureTiers;
  readonly #encoderBitrate = new EncoderBitrate();
  #tier: PictureTier;
  #pacer: FramePacer;
  readonly #schedule: KeyFrameSchedule;
  readonly #limit = new LimitReason();
  readonly #still: StillSource<P> | undefined;
  /** As it is without limits. */
  #layer: VideoLayer;
  #size: Size;
  #budget: TrackBudget = { bitrateBps: Number.POSITIVE_INFINITY, paused: false };
  #enabled: boolean;
  #disabledMs = Number.NEGATIVE_INFINITY;
  #failed = false;
  readonly #held = new HeldPicture<P>();
  #behind = 0;
  #rotation: Rotation = 0;
  #lastUs = Number.NEGATIVE_INFINITY;
  readonly #counts = outboundVideoCounts();

  constructor(options: VideoPublisherOptions<P>) {
    const { backend, sender, source, codec, frameRate, bitrateBps, repeat, layer: id = 0, lazy = false } = options;
    this.#options = options;
    this.#enabled = !lazy;
    this.#nowMs = options.nowMs ?? epochNowMs;
    this.#sender = new LayerSender({ sender, topic: (temporal) => options.topic(id, temporal), nowMs: this.#nowMs });
    this.#pacer = new FramePacer({ frameRate });
    this.#encoder = new PictureEncoder({
      backend,
      nowMs: this.#nowMs,
      onOpen: (encoding, opened) => this.#opened(encoding, opened),
      onFrame: (frame, encodeMs) => this.#encoded(frame, encodeMs),
      onFailure: () => this.#restart({ failed: true }),
      onError: (error) => this.#giveUp(error),
    });
    const size = fitSize(options, options);
    this.#size = size;
    const content = options.content ?? (source === "screen" ? "detail" : "motion");
    this.#schedule = new KeyFrameSchedule(content, { allAsk: this.#sender.encrypts });
    this.#tiers = new PictureTiers(content);
    this.#tier = this.#tiers.current;
    this.#layer = { id, codec: USUAL_CODEC_STRINGS[codec], ...size, frameRate, bitrateBps, temporalLayers: 1 };
    this.#encoder.setResting(lazy);
    const temporalLayers = content === "motion" ? 3 : 1;
    this.#encoder.configure({ codec, ...size, frameRate, bitrateBps, content, temporalLayers });
    if (repeat) {
      this.#still = new StillSource({ repeat });
      every(STILL_CHECK_MS, () => this.#repeatStill(), { signal: this.#lifetime.signal });
    }
  }

  /** What the catalog says of the layer now: how it is when nothing limits it. */
  get layer(): VideoLayer {
    return this.#layer;
  }

  get active(): boolean {
    return this.#enabled && !this.#failed;
  }

  get wantedBps(): number {
    return this.#layer.bitrateBps;
  }

  get keyFrameMs(): number {
    return this.#schedule.lastMs;
  }

  get framesSent(): number {
    return this.#sender.framesSent;
  }

  /** Pictures that were encoded, and those that were not because the encoder was `behind`; since the beginning. */
  get load(): EncoderLoad {
    return { encoded: this.#counts.framesEncoded, behind: this.#behind };
  }

  /** What the connection carries: bitrate at once, size and frame rate where it is too little for them. */
  follow(budget: TrackBudget): void {
    const nowMs = this.#nowMs();
    const part = budget.bitrateBps / this.wantedBps;
    this.#budget = budget;
    if (budget.paused || part < LIMITED_PART) this.#limit.observe(budget.byMachine ? "cpu" : "bandwidth", nowMs);
    const tier = this.#tiers.choose(part, nowMs);
    if (tier.pace !== this.#tier.pace) this.#pacer = new FramePacer({ frameRate: this.#options.frameRate * tier.pace });
    this.#tier = tier;
    const bitrateBps = this.#allowed(this.wantedBps);
    const told = this.#encoderBitrate.worthTelling(bitrateBps, { nowMs, whole: bitrateBps === this.wantedBps });
    if (told) this.#encoder.setBitrate(bitrateBps);
  }

  /** Takes `picture` over and closes it; it is skipped when the encoder or the connection is behind. */
  push(picture: P, options: { readonly rotation?: Rotation } = {}): void {
    this.#counts.framesCaptured++;
    if (!this.#enabled || this.#failed || this.#lifetime.signal.aborted) {
      picture.close();
    } else if (picture.timestamp <= this.#lastUs || !this.#pacer.admit(picture.timestamp)) {
      this.#counts.framesPaced++;
      picture.close();
    } else {
      this.#rotation = options.rotation ?? 0;
      this.#still?.observe(picture, this.#nowMs());
      this.#encode(picture);
    }
  }

  /** Someone needs a key frame. Answered at most every 500 ms. */
  requestKeyFrame(): void {
    this.#counts.pliCount++;
    this.#schedule.request();
  }

  /** What is sent from now on is under another key, or on another connection: it begins with a key frame, now. */
  breakOff(): void {
    this.#schedule.break();
  }

  /** While false (muted, or nobody watches) pictures are closed at once; the first one after it is a key frame. */
  setEnabled(enabled: boolean): void {
    if (enabled === this.#enabled || this.#lifetime.signal.aborted) return;
    this.#enabled = enabled;
    if (enabled) {
      this.#restart({ failed: false });
      this.#encoder.setResting(false);
      return;
    }
    this.#disabledMs = this.#nowMs();
    this.#still?.forget();
    this.#held.drop();
  }

  /** Closes a lazy encoder that nobody has needed for a while; to be called a few times a second. */
  rest(): void {
    const idle = !this.#enabled && this.#nowMs() - this.#disabledMs >= REST_AFTER_MS;
    if (idle && this.#options.lazy) this.#encoder.setResting(true);
  }

  /** Takes effect with a key frame, as soon as the encoder is open. */
  setCodec(codec: VideoCodec): void {
    const { encoding } = this.#encoder;
    if (!encoding || this.#lifetime.signal.aborted) return;
    if (encoding.codec === codec && !this.#failed) return;
    this.#failed = false;
    this.#encoder.configure({ ...encoding, codec });
  }

  setBitrate(bitrateBps: number): void {
    if (bitrateBps === this.#layer.bitrateBps || this.#lifetime.signal.aborted) return;
    this.#encoder.setBitrate(this.#allowed(bitrateBps));
    this.#setLayer({ ...this.#layer, bitrateBps });
  }

  statistics(): OutboundVideoStatistics {
    const { framesSent, framesDropped, packetsSent, bytesSent } = this.#sender;
    const { widthPx, heightPx, bitrateBps } = this.#encoder.encoding ?? this.#layer;
    return {
      codec: this.#layer.codec,
      frameWidth: widthPx,
      frameHeight: heightPx,
      targetBitrate: bitrateBps,
      ...this.#counts,
      framesSkippedEncoder: this.#counts.framesSkippedEncoder + this.#held.dropped,
      ...{ framesSent, framesDropped, packetsSent, bytesSent },
      qualityLimitationReason: this.#limit.at(this.#nowMs()),
    };
  }

  close(): void {
    this.#lifetime.abort();
    this.#still?.forget();
    this.#held.drop();
    this.#encoder.close();
  }

  #encode(picture: P): void {
    const nowMs = this.#nowMs();
    this.#resize(picture);
    this.#encoder.checkProgress();
    const { sender, frameRate } = this.#options;
    const reason = skipReason(this.#encoder, { sender, frameRate, nowMs, paused: this.#budget.paused });
    const next = reason ? "wait" : this.#schedule.next(nowMs, { needed: this.#sender.needsKeyFrame });
    if (next === "wait") {
      this.#skip(picture, { reason: reason ?? "bandwidth", nowMs });
      return;
    }
    if (next === "key") this.#schedule.begin(nowMs);
    this.#lastUs = picture.timestamp;
    this.#encoder.encode(picture, { keyFrame: next === "key" });
  }

  #skip(picture: P, { reason, nowMs }: { readonly reason: "cpu" | "bandwidth"; readonly nowMs: number }): void {
    const opening = this.#encoder.pendingFrames === undefined;
    if (opening && this.#options.lazy && !this.#budget.paused) {
      this.#held.hold(picture);
      return;
    }
    if (reason === "cpu") this.#counts.framesSkippedEncoder++;
    else this.#counts.framesSkippedConnection++;
    if (!opening) this.#limit.observe(reason, nowMs);
    if (!opening && reason === "cpu") this.#behind++;
    picture.close();
  }

  #resize(picture: P): void {
    const { encoding } = this.#encoder;
    this.#size = fitSize({ widthPx: picture.displayWidth, heightPx: picture.displayHeight }, this.#options);
    const { scale } = this.#tier;
    const bounds = { widthPx: this.#size.widthPx * scale, heightPx: this.#size.heightPx * scale };
    const size = scale === 1 ? this.#size : fitSize(this.#size, bounds);
    if (!encoding || (size.widthPx === encoding.widthPx && size.heightPx === encoding.heightPx)) return;
    this.#encoder.configure({ ...encoding, ...size });
  }

  #allowed(wantedBps: number): number {
    return Math.min(wantedBps, this.#budget.bitrateBps);
  }

  #opened(encoding: VideoEncoding, { codecString: codec, temporalLayers = 1 }: OpenedEncoder): void {
    const { widthPx, heightPx } = this.#tier.scale === 1 ? encoding : this.#size;
    this.#restart({ failed: false });
    this.#setLayer({ ...this.#layer, codec, widthPx, heightPx, temporalLayers });
    const picture = this.#held.take();
    if (picture) this.#encode(picture);
  }

  #encoded(frame: EncodedFrame, encodeMs: number): void {
    this.#counts.framesEncoded++;
    if (frame.keyFrame) {
      this.#counts.keyFramesEncoded++;
      if (!this.#schedule.end(this.#nowMs())) this.#encoderBitrate.keyFrameCame(this.#nowMs());
    }
    this.#counts.totalEncodeTime += encodeMs / 1000;
    this.#sender.send(frame, { codec: this.#layer.codec, rotation: this.#rotation });
  }

  #repeatStill(): void {
    const nowMs = this.#nowMs();
    const picture = this.#still?.take(nowMs, { asked: this.#schedule.requested || this.#sender.needsKeyFrame });
    if (picture) this.#encode(picture);
  }

  #restart(options: { readonly failed: boolean }): void {
    if (options.failed) this.#counts.encoderErrors++;
    this.#sender.restart();
    this.#schedule.reset();
    this.#encoderBitrate.restart();
  }

  #giveUp(error: MediaError): void {
    this.#failed = true;
    this.#held.drop();
    this.#options.onError?.(error);
  }

  #setLayer(layer: VideoLayer): void {
    const before = this.#layer;
    this.#layer = layer;
    if (!sameLayer(before, layer)) this.#options.onLayerChange?.(layer);
  }
}
