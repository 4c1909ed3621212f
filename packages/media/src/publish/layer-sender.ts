import { type Rotation, writeFrameBody } from "@mqtt-meet/protocol";
import type { EncodedFrame } from "../codec.ts";
import type { FrameSealer } from "../e2ee/frame-cipher.ts";
import { OrderedResults } from "../e2ee/ordered-results.ts";
import { firstFrameNumber, frameDistance, nextFrameNumber } from "../frame-number.ts";
import type { MediaSender } from "../transport.ts";
import { FrameGate } from "./frame-gate.ts";
import { type FrameHeader, packetize } from "./packetize.ts";

/** A frame can say that it needs one so far before it (docs/protocol.md, F8). */
const MAX_NEEDS = 255;

/** What the frames of a layer need besides their bytes. */
export interface LayerSenderOptions {
  readonly sender: MediaSender;
  /** Of the frames that others need (0), and of those that none needs (1). */
  readonly topic: (temporal: 0 | 1) => string;
  readonly nowMs: () => number;
}

/** One of the two topics of a layer. */
interface Lane {
  readonly topic: string;
  readonly sealer: FrameSealer | undefined;
}

/** Encoded frames of one layer in, packets on the connection out. */
export class LayerSender {
  readonly #options: LayerSenderOptions;
  readonly #gate = new FrameGate();
  readonly #base: Lane;
  readonly #upper: Lane;
  /** Each topic is encrypted by itself; frames leave in the order of their numbers. */
  readonly #sealed = new OrderedResults<Uint8Array>();
  #number: number;
  /** The newest frame that others may need. */
  #lastNeeded: number | undefined;
  /** Times never run backwards within a track. */
  #lastUs = 0;
  framesSent = 0;
  framesDropped = 0;
  packetsSent = 0;
  bytesSent = 0;

  constructor(options: LayerSenderOptions) {
    this.#options = options;
    this.#base = this.#lane(0);
    this.#upper = this.#lane(1);
    this.#number = firstFrameNumber(options.nowMs());
  }

  /** Nothing but a key frame can be sent. */
  get needsKeyFrame(): boolean {
    return this.#gate.needsKeyFrame;
  }

  /** Only participants can read what is sent. */
  get encrypts(): boolean {
    return this.#base.sealer !== undefined;
  }

  /** What the encoder delivers next does not follow on what it delivered before. */
  restart(): void {
    this.#gate.shut();
  }

  /** Sends `frame`, or drops it. */
  send(frame: EncodedFrame, options: { readonly codec: string; readonly rotation: Rotation }): void {
    const { sender, nowMs } = this.#options;
    const { keyFrame, discardable } = frame;
    const needs = keyFrame || this.#lastNeeded === undefined ? 1 : frameDistance(this.#number, this.#lastNeeded);
    const congested = discardable && sender.congested(nowMs());
    if (needs > MAX_NEEDS) this.#gate.shut();
    if (!this.#gate.admit(frame, { congested })) {
      this.framesDropped++;
      return;
    }
    const body = writeFrameBody({
      ...(keyFrame ? { codec: options.codec } : {}),
      ...(options.rotation === 0 ? {} : { rotation: options.rotation }),
      ...(needs === 1 ? {} : { needs }),
      data: frame.data,
    });
    this.#lastUs = Math.max(this.#lastUs, Math.floor(frame.timestampUs));
    const header = { keyFrame, discardable, number: this.#number, timestampUs: this.#lastUs };
    if (!discardable) this.#lastNeeded = this.#number;
    this.#number = nextFrameNumber(this.#number);
    this.#seal(header, body);
  }

  #seal(header: FrameHeader, body: Uint8Array): void {
    const lane = header.discardable ? this.#upper : this.#base;
    const { sealer } = lane;
    if (sealer === undefined) {
      this.#sendBody(lane, header, body);
      return;
    }
    let taken = false;
    const work = new Promise<Uint8Array | undefined>((resolve) => {
      taken = sealer.seal(header, body, resolve);
    });
    if (!taken) this.#lost(header);
    else this.#sealed.push(work, (sealed) => this.#sendBody(lane, { ...header, encrypted: true }, sealed));
  }

  #sendBody(lane: Lane, header: FrameHeader, body: Uint8Array | undefined): void {
    if (body !== undefined && this.#sendPackets(lane, packetize(header, body))) this.framesSent++;
    else this.#lost(header);
  }

  #lost({ discardable }: FrameHeader): void {
    this.framesDropped++;
    if (!discardable) this.#gate.shut();
  }

  #sendPackets({ topic }: Lane, packets: readonly Uint8Array[]): boolean {
    for (const packet of packets) {
      if (!this.#options.sender.send(topic, packet)) return false;
      this.packetsSent++;
      this.bytesSent += packet.length;
    }
    return true;
  }

  #lane(temporal: 0 | 1): Lane {
    const topic = this.#options.topic(temporal);
    return { topic, sealer: this.#options.sender.sealer?.(topic) };
  }
}
