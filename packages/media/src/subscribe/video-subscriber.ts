import type { FrameBody, Rotation } from "@mqtt-meet/protocol";
import { Alarm } from "../alarm.ts";
import type { Picture } from "../codec.ts";
import { epochNowMs } from "../epoch-clock.ts";
import { every } from "../every.ts";
import type { MediaError } from "../media-error.ts";
import { FrameOrder } from "./frame-order.ts";
import { FrameReceiver } from "./frame-receiver.ts";
import { FreezeDetector } from "./freeze-detector.ts";
import type { InboundVideoStatistics, ReceptionProgress } from "./inbound-video-statistics.ts";
import { JitterBuffer } from "./jitter-buffer.ts";
import { KeyFrameRequester } from "./key-frame-requester.ts";
import { LatencyWindow } from "./latency-window.ts";
import { PictureDecoder } from "./picture-decoder.ts";
import { PictureQueue } from "./picture-queue.ts";
import { QueueMeter } from "./queue-meter.ts";
import type { ReceivedFrame } from "./reassembler.ts";
import { VideoPlayout } from "./video-playout.ts";
import type { VideoSubscriberOptions } from "./video-subscriber-options.ts";

/** Frames are decoded so long before they are due; the slowest decoder in use needs less. */
const DECODE_LEAD_US = 60_000;

/** Frames inside the decoder; the others wait outside, where they can be jumped over. */
const MAX_DECODING = 16;

/** So many may stay inside a decoder that is not behind. */
const KEPT_FRAMES = 2;

/** A timer may ring a little early; a picture is not made to wait for the rest. */
const EARLY_US = 2_000;

/** While many late pictures come at once, the newest of this time is shown. */
const CATCH_UP_MS = 100;

/** A picture this late, with others behind it, is one of many. */
const LATE_US = 50_000;

/** Packets ask, too: this is for a layer of which none comes, which is asked for after 250 ms, and again after a second. */
const TICK_MS = 250;

/** What is remembered of the frames inside the decoder. */
const MAX_REMEMBERED = 64;

interface Held extends ReceivedFrame {
  readonly needs: number | undefined;
  readonly codec: string;
  readonly rotation: Rotation;
  readonly data: Uint8Array;
}

interface Decoding {
  readonly frame: Held;
  readonly begunMs: number;
  /** Undefined while it is inside the decoder. */
  decodeMs: number | undefined;
}

/** One layer of somebody's video on its way in: packets in, pictures out when they are due. */
export class VideoSubscriber<P extends Picture> {
  readonly #options: VideoSubscriberOptions<P>;
  readonly #nowMs: () => number;
  readonly #lifetime = new AbortController();
  readonly #receiver: FrameReceiver;
  readonly #order = new FrameOrder();
  readonly #requester: KeyFrameRequester;
  readonly #playout: VideoPlayout;
  readonly #buffer = new JitterBuffer<Held>();
  readonly #decoder: PictureDecoder<P>;
  readonly #queue = new PictureQueue<P>();
  readonly #alarm: Alarm;
  readonly #freezes: FreezeDetector;
  readonly #latency = new LatencyWindow();
  readonly #waiting: QueueMeter;
  readonly #decoding = new Map<number, Decoding>();
  #codec = "";
  #size = { widthPx: 0, heightPx: 0 };
  #shownMs: number | undefined;
  readonly #counts = {
    framesDecoded: 0,
    keyFramesDecoded: 0,
    framesRendered: 0,
    totalDecodeTime: 0,
    jitterBufferDelay: 0,
    jitterBufferEmittedCount: 0,
    jitterBufferTargetDelay: 0,
    pliCount: 0,
    decoderErrors: 0,
  };
  /** Dropped before they were decoded, or passed over to catch up. */
  #dropped = 0;

  constructor(options: VideoSubscriberOptions<P>) {
    const { backend, source, filter, clock } = options;
    const { signal } = this.#lifetime;
    this.#options = options;
    this.#nowMs = options.nowMs ?? epochNowMs;
    this.#freezes = options.freezes ?? new FreezeDetector();
    this.#waiting = options.waiting ?? new QueueMeter();
    this.#requester = new KeyFrameRequester({ nowMs: this.#nowMs() });
    this.#playout = new VideoPlayout({ clock });
    this.#alarm = new Alarm(() => this.#advance(), { signal });
    this.#decoder = new PictureDecoder({
      backend,
      onOpen: () => this.#advance(),
      onPicture: (picture) => this.#decoded(picture),
      onFailure: (error) => this.#failed(error),
    });
    this.#receiver = new FrameReceiver({
      ...{ source, filter, signal },
      nowMs: this.#nowMs,
      onPacket: () => {
        this.#requester.received(this.#nowMs());
        this.#request();
      },
      onFrame: (frame, content) => this.#receive(frame, content),
    });
    every(TICK_MS, () => this.#request(), { signal });
  }

  statistics(): InboundVideoStatistics {
    return {
      codec: this.#codec,
      frameWidth: this.#size.widthPx,
      frameHeight: this.#size.heightPx,
      ...this.#receiver.counts,
      framesReceived: this.#receiver.framesReceived,
      ...this.#counts,
      framesDropped: this.#dropped + this.#buffer.framesDropped + this.#queue.picturesDropped,
      framesLost: this.#order.framesLost,
      freezeCount: this.#freezes.freezeCount,
      totalFreezesDuration: this.#freezes.totalFreezesDurationMs / 1000,
      pauseCount: this.#freezes.pauseCount,
      totalPausesDuration: this.#freezes.totalPausesDurationMs / 1000,
      playoutDelayMs: this.#playout.targetUs / 1000,
      queueDelayMs: this.#waiting.queueMs(this.#nowMs()),
      decoderQueueMs: this.#decoderQueueMs,
      latencyMs: this.#latency.percentiles(),
    };
  }

  /** Of {@link statistics}, what is looked at several times a second: those sort the latencies of seconds each time. */
  get progress(): ReceptionProgress {
    return {
      bytesReceived: this.#receiver.bytesReceived,
      framesDecoded: this.#counts.framesDecoded,
      frameWidth: this.#size.widthPx,
      frameHeight: this.#size.heightPx,
      decoderQueueMs: this.#decoderQueueMs,
    };
  }

  close(): void {
    if (this.#lifetime.signal.aborted) return;
    this.#lifetime.abort();
    this.#playout.close();
    this.#buffer.clear();
    this.#queue.clear();
    this.#decoder.close();
  }

  /** Some decoders keep a frame or two until the next one comes, whatever time they have. */
  get #decoderQueueMs(): number {
    if ((this.#decoder.pendingFrames ?? 0) <= KEPT_FRAMES) return 0;
    for (const { begunMs, decodeMs } of this.#decoding.values()) {
      if (decodeMs === undefined) return this.#nowMs() - begunMs;
    }
    return 0;
  }

  #receive(frame: ReceivedFrame, content: FrameBody): void {
    this.#waiting.observe(frame.timestampUs / 1000, this.#nowMs());
    const { needs, rotation = 0, data } = content;
    const inOrder = this.#order.push({ ...frame, needs }) === "decode";
    // What no other needs has a way of its own, and all the time until its turn to come.
    if (!inOrder && (!frame.discardable || this.#order.needsKeyFrame)) {
      this.#dropped++;
      return;
    }
    this.#playout.observe(frame, this.#nowMs() * 1000);
    if (frame.keyFrame && content.codec !== undefined) this.#codec = content.codec;
    const held = { ...frame, needs, codec: this.#codec, rotation, data };
    if (this.#buffer.push(held)) this.#advance();
    else this.#breakOff();
  }

  #request(): void {
    const needed = this.#order.needsKeyFrame;
    const receiving = this.#receiver.packetsReceived > 0;
    if (!this.#requester.ask(this.#nowMs(), { needed, receiving })) return;
    this.#counts.pliCount++;
    this.#options.requestKeyFrame();
  }

  /** Decodes and shows what is due, and sets the alarm for what is not. */
  #advance(): void {
    if (this.#lifetime.signal.aborted) return;
    const nowUs = this.#nowMs() * 1000;
    const delayUs = this.#playout.delayUs(nowUs);
    this.#decode(nowUs, delayUs);
    this.#show(nowUs, delayUs);
  }

  #decode(nowUs: number, delayUs: number): void {
    for (let head = this.#buffer.head; head; head = this.#buffer.head) {
      if (!this.#decoder.ready(head.codec) || (this.#decoder.pendingFrames ?? 0) >= MAX_DECODING) return;
      const frame = this.#buffer.take(nowUs - delayUs + DECODE_LEAD_US);
      if (!frame) {
        const atUs = head.timestampUs + delayUs - DECODE_LEAD_US;
        this.#alarm.set(atUs / 1000, nowUs / 1000);
        return;
      }
      this.#receiver.abandonThrough(frame.number);
      this.#remember(frame);
      const { keyFrame, discardable, timestampUs, data } = frame;
      this.#decoder.decode({ keyFrame, discardable, timestampUs, data });
    }
  }

  #remember(frame: Held): void {
    this.#decoding.set(frame.timestampUs, { frame, begunMs: this.#nowMs(), decodeMs: undefined });
    if (this.#decoding.size <= MAX_REMEMBERED) return;
    const [oldest] = this.#decoding.keys();
    if (oldest !== undefined) this.#decoding.delete(oldest);
  }

  #decoded(picture: P): void {
    if (this.#lifetime.signal.aborted) {
      picture.close();
      return;
    }
    const nowMs = this.#nowMs();
    const decoding = this.#decoding.get(picture.timestamp);
    this.#counts.framesDecoded++;
    if (decoding) {
      decoding.decodeMs = nowMs - decoding.begunMs;
      this.#counts.totalDecodeTime += decoding.decodeMs / 1000;
      if (decoding.frame.keyFrame) this.#counts.keyFramesDecoded++;
    }
    this.#size = { widthPx: picture.displayWidth, heightPx: picture.displayHeight };
    this.#queue.push(picture);
    this.#advance();
  }

  #show(nowUs: number, delayUs: number): void {
    const first = this.#shownMs === undefined && !this.#options.successor;
    const picture = this.#queue.take(first ? Number.POSITIVE_INFINITY : nowUs - delayUs + EARLY_US);
    if (picture) {
      if (this.#passOver(picture.timestamp, nowUs, delayUs)) {
        this.#dropped++;
        picture.close();
      } else this.#hand(picture, nowUs);
    }
    const nextUs = this.#queue.nextUs;
    if (nextUs !== undefined) this.#alarm.set((nextUs + delayUs) / 1000, nowUs / 1000);
  }

  /** One of many pictures that come late together need not be drawn when another follows at once. */
  #passOver(timestampUs: number, nowUs: number, delayUs: number): boolean {
    const lateUs = nowUs - timestampUs - delayUs;
    const sinceMs = nowUs / 1000 - (this.#shownMs ?? Number.NEGATIVE_INFINITY);
    return lateUs > LATE_US && (this.#decoder.pendingFrames ?? 0) > 0 && sinceMs < CATCH_UP_MS;
  }

  #hand(picture: P, nowUs: number): void {
    const timestampUs = picture.timestamp;
    const nowMs = nowUs / 1000;
    let shown: Decoding | undefined;
    for (const [capturedUs, decoding] of this.#decoding) {
      if (capturedUs > timestampUs) break;
      shown = decoding;
      this.#decoding.delete(capturedUs);
    }
    if (shown) {
      this.#counts.jitterBufferDelay += (nowMs - shown.frame.firstPacketUs / 1000 - (shown.decodeMs ?? 0)) / 1000;
      this.#counts.jitterBufferTargetDelay += this.#playout.targetUs / 1e6;
      this.#counts.jitterBufferEmittedCount++;
    }
    this.#shownMs = nowMs;
    this.#freezes.push(nowMs);
    this.#counts.framesRendered++;
    const offsetUs = this.#options.clockOffsetUs?.();
    if (offsetUs !== undefined) this.#latency.push((nowUs - timestampUs - offsetUs) / 1000);
    this.#options.onPicture(picture, { rotation: shown?.frame.rotation ?? 0, timestampUs });
  }

  #failed(error: MediaError): void {
    this.#counts.decoderErrors++;
    this.#decoding.clear();
    this.#breakOff();
    this.#options.onError?.(error);
  }

  /** What waits cannot be decoded any more: on with the next key frame. */
  #breakOff(): void {
    this.#dropped += this.#buffer.clear();
    this.#order.breakOff();
    this.#request();
  }
}
