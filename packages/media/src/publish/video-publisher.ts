import type { Rotation, TrackSource, VideoCodec, VideoLayer } from "@mqtt-meet/protocol";
import type { CodecBackend, EncodedFrame, Picture, VideoEncoding } from "../codec.ts";
import { epochNowMs } from "../epoch-clock.ts";
import { every } from "../every.ts";
import type { MediaError } from "../media-error.ts";
import type { MediaSender } from "../transport.ts";
import { fitSize } from "./fit-size.ts";
import { FramePacer } from "./frame-pacer.ts";
import { KeyFrameSchedule } from "./key-frame-schedule.ts";
import { LayerSender } from "./layer-sender.ts";
import { LimitReason } from "./limit-reason.ts";
import { PictureEncoder } from "./picture-encoder.ts";
import { StillSource } from "./still-source.ts";

/** How a video track is published. */
export interface VideoPublisherOptions<P extends Picture> {
  readonly backend: CodecBackend<P>;
  readonly sender: MediaSender;
  /** The topic of a layer's packets. */
  readonly topic: (layer: number) => string;
  /** A screen keeps its text sharp, everything else its movement smooth. */
  readonly source: TrackSource;
  readonly codec: VideoCodec;
  /** Larger pictures are scaled down to fit into this size (upright or lying), with their aspect ratio kept. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** Pictures above this rate are left out. */
  readonly frameRate: number;
  readonly bitrateBps: number;
  /** Milliseconds since the Unix epoch; {@link epochNowMs} when left out. */
  readonly nowMs?: () => number;
  /**
   * Another reference to `picture` with another time. With it, the last picture of a source that stands still is sent
   * again for a viewer that comes later.
   */
  readonly repeat?: (picture: P, timestampUs: number) => P;
  /** The layer's entry in the catalog changed. */
  readonly onLayerChange?: (layer: VideoLayer) => void;
  /** No encoder stays open; nothing more is sent until {@link VideoPublisher.setCodec}. */
  readonly onError?: (error: MediaError) => void;
}

/** What one layer has sent, under the names of webrtc-stats where they exist there. Times in seconds. */
export interface OutboundVideoStatistics {
  readonly codec: string;
  readonly frameWidth: number;
  readonly frameHeight: number;
  readonly targetBitrate: number;
  /** Pictures that came from the source. */
  readonly framesCaptured: number;
  /** Left out to keep the frame rate that was asked for. */
  readonly framesPaced: number;
  /** Skipped because the encoder was behind, or not open yet. */
  readonly framesSkippedEncoder: number;
  /** Skipped because the connection was behind, or there was none. */
  readonly framesSkippedConnection: number;
  readonly framesEncoded: number;
  readonly keyFramesEncoded: number;
  /** Encoded, but not sent. */
  readonly framesDropped: number;
  readonly framesSent: number;
  readonly packetsSent: number;
  readonly bytesSent: number;
  readonly totalEncodeTime: number;
  /** Requests for a key frame. */
  readonly pliCount: number;
  readonly encoderErrors: number;
  readonly qualityLimitationReason: "none" | "cpu" | "bandwidth";
}

/** With more inside, the encoder is behind, and another picture would only come later. */
const MAX_PENDING_FRAMES = 2;

/**
 * A picture behind others that wait longer, for the encoder or for the connection, had better not be encoded. In frame
 * intervals.
 */
const MAX_QUEUE_INTERVALS = 1.5;

/** What the catalog says until the encoder is open. */
const USUAL_CODEC_STRINGS: Readonly<Record<VideoCodec, string>> = {
  vp8: "vp8",
  h264: "avc1.42E01F",
  vp9: "vp09.00.31.08",
  av1: "av01.0.05M.08",
  jpeg: "jpeg",
};

/** How often a source is looked at that may stand still. */
const STILL_CHECK_MS = 100;

/** One video track on its way out: pictures in, packets out. Nothing waits here: what cannot go now is skipped. */
export class VideoPublisher<P extends Picture> {
  readonly #options: VideoPublisherOptions<P>;
  readonly #nowMs: () => number;
  readonly #lifetime = new AbortController();
  readonly #encoder: PictureEncoder<P>;
  readonly #sender: LayerSender;
  readonly #pacer: FramePacer;
  readonly #schedule = new KeyFrameSchedule();
  readonly #limit = new LimitReason();
  readonly #still: StillSource<P> | undefined;
  #layer: VideoLayer;
  #enabled = true;
  #failed = false;
  #rotation: Rotation = 0;
  #lastUs = Number.NEGATIVE_INFINITY;
  readonly #counts = {
    framesCaptured: 0,
    framesPaced: 0,
    framesSkippedEncoder: 0,
    framesSkippedConnection: 0,
    framesEncoded: 0,
    keyFramesEncoded: 0,
    totalEncodeTime: 0,
    pliCount: 0,
    encoderErrors: 0,
  };

  constructor(options: VideoPublisherOptions<P>) {
    const { backend, sender, source, codec, frameRate, bitrateBps, repeat } = options;
    this.#options = options;
    this.#nowMs = options.nowMs ?? epochNowMs;
    this.#sender = new LayerSender({ sender, topic: options.topic(0), nowMs: this.#nowMs });
    this.#pacer = new FramePacer({ frameRate });
    this.#encoder = new PictureEncoder({
      backend,
      nowMs: this.#nowMs,
      onOpen: (encoding, codecString) => this.#opened(encoding, codecString),
      onFrame: (frame, encodeMs) => this.#encoded(frame, encodeMs),
      onFailure: () => this.#restart({ failed: true }),
      onError: (error) => this.#giveUp(error),
    });
    const size = fitSize(options, options);
    const content = source === "screen" ? "detail" : "motion";
    this.#layer = { id: 0, codec: USUAL_CODEC_STRINGS[codec], ...size, frameRate, bitrateBps, temporalLayers: 1 };
    this.#encoder.configure({ codec, ...size, frameRate, bitrateBps, content });
    if (repeat) {
      this.#still = new StillSource({ repeat });
      every(STILL_CHECK_MS, () => this.#repeatStill(), { signal: this.#lifetime.signal });
    }
  }

  /** What the catalog says of the layer now. */
  get layer(): VideoLayer {
    return this.#layer;
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
    if (enabled && !this.#enabled) this.#restart({ failed: false });
    if (!enabled) this.#still?.forget();
    this.#enabled = enabled;
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
    this.#encoder.setBitrate(bitrateBps);
    this.#setLayer({ ...this.#layer, bitrateBps });
  }

  statistics(): OutboundVideoStatistics {
    const { framesSent, framesDropped, packetsSent, bytesSent } = this.#sender;
    return {
      codec: this.#layer.codec,
      frameWidth: this.#layer.widthPx,
      frameHeight: this.#layer.heightPx,
      targetBitrate: this.#layer.bitrateBps,
      ...this.#counts,
      ...{ framesSent, framesDropped, packetsSent, bytesSent },
      qualityLimitationReason: this.#limit.at(this.#nowMs()),
    };
  }

  close(): void {
    this.#lifetime.abort();
    this.#still?.forget();
    this.#encoder.close();
  }

  #encode(picture: P): void {
    const nowMs = this.#nowMs();
    this.#resize(picture);
    const reason = this.#whySkip(nowMs);
    const next = reason ? "wait" : this.#schedule.next(nowMs, { needed: this.#sender.needsKeyFrame });
    if (next === "wait") {
      if (reason === "cpu") this.#counts.framesSkippedEncoder++;
      else this.#counts.framesSkippedConnection++;
      if (this.#encoder.pendingFrames !== undefined) this.#limit.observe(reason ?? "bandwidth", nowMs);
      picture.close();
      return;
    }
    if (next === "key") this.#schedule.begin(nowMs);
    this.#lastUs = picture.timestamp;
    this.#encoder.encode(picture, { keyFrame: next === "key" });
  }

  #whySkip(nowMs: number): "cpu" | "bandwidth" | undefined {
    const { sender, frameRate } = this.#options;
    const maxAgeMs = (MAX_QUEUE_INTERVALS * 1000) / frameRate;
    this.#encoder.checkProgress();
    const pending = this.#encoder.pendingFrames;
    if (pending === undefined || pending > MAX_PENDING_FRAMES || this.#encoder.oldestAgeMs(nowMs) > maxAgeMs)
      return "cpu";
    const behind = sender.oldestAgeMs ? sender.oldestAgeMs(nowMs) > maxAgeMs : sender.congested(nowMs);
    return behind ? "bandwidth" : undefined;
  }

  #resize(picture: P): void {
    const { encoding } = this.#encoder;
    const size = fitSize({ widthPx: picture.displayWidth, heightPx: picture.displayHeight }, this.#options);
    if (!encoding || (size.widthPx === encoding.widthPx && size.heightPx === encoding.heightPx)) return;
    this.#encoder.configure({ ...encoding, ...size });
  }

  #opened(encoding: VideoEncoding, codec: string): void {
    const { widthPx, heightPx, bitrateBps } = encoding;
    this.#restart({ failed: false });
    this.#setLayer({ ...this.#layer, codec, widthPx, heightPx, bitrateBps });
  }

  #encoded(frame: EncodedFrame, encodeMs: number): void {
    this.#counts.framesEncoded++;
    if (frame.keyFrame) {
      this.#counts.keyFramesEncoded++;
      this.#schedule.end();
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
  }

  #giveUp(error: MediaError): void {
    this.#failed = true;
    this.#options.onError?.(error);
  }

  #setLayer(layer: VideoLayer): void {
    const before = this.#layer;
    this.#layer = layer;
    const same = (["codec", "widthPx", "heightPx", "bitrateBps"] as const).every((key) => before[key] === layer[key]);
    if (!same) this.#options.onLayerChange?.(layer);
  }
}
