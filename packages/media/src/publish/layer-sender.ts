import { type Rotation, writeFrameBody } from "@mqtt-meet/protocol";
import type { EncodedFrame } from "../codec.ts";
import type { FrameSealer } from "../e2ee/frame-cipher.ts";
import { OrderedResults } from "../e2ee/ordered-results.ts";
import { firstFrameNumber, nextFrameNumber } from "../frame-number.ts";
import type { MediaSender } from "../transport.ts";
import { FrameGate } from "./frame-gate.ts";
import { FrameNeeds } from "./frame-needs.ts";
import { type FrameHeader, packetize } from "./packetize.ts";

/** A frame can say that it needs one so far before it (docs/protocol.md, F8). */
const MAX_NEEDS = 255;

/**
 * The last level of the topic (docs/protocol.md, T4): 0 is what all others need, 1 what none needs, 2 what one of those between needs,
 * where there are three layers in time.
 */
export type TemporalLane = 0 | 1 | 2;

/** What the frames of a layer need besides their bytes. */
export interface LayerSenderOptions {
  readonly sender: MediaSender;
  readonly topic: (temporal: TemporalLane) => string;
  readonly nowMs: () => number;
}

/** One of the topics of a layer. */
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
  readonly #between: Lane;
  /** Each topic is encrypted by itself; frames leave in the order of their numbers. */
  readonly #sealed = new OrderedResults<Uint8Array>();
  #number: number;
  readonly #needs = new FrameNeeds();
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
    this.#between = this.#lane(2);
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
    const needs = this.#needs.of(frame, this.#number);
    const congested = discardable && (needs > MAX_NEEDS || sender.congested(nowMs()));
    if (needs > MAX_NEEDS && !discardable) this.#gate.shut();
    if (!this.#gate.admit(frame, { congested })) {
      this.#needs.left(frame);
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
    this.#needs.sent(frame, this.#number);
    this.#number = nextFrameNumber(this.#number);
    const upper = frame.between ? this.#between : this.#upper;
    this.#seal(discardable ? upper : this.#base, header, body);
  }

  #seal(lane: Lane, header: FrameHeader, body: Uint8Array): void {
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

  #lost({ discardable, number }: FrameHeader): void {
    this.framesDropped++;
    if (!discardable) this.#gate.shut();
    this.#needs.lost(number);
  }

  #sendPackets({ topic }: Lane, packets: readonly Uint8Array[]): boolean {
    for (const packet of packets) {
      if (!this.#options.sender.send(topic, packet)) return false;
      this.packetsSent++;
      this.bytesSent += packet.length;
    }
    return true;
  }

  #lane(temporal: TemporalLane): Lane {
    const topic = this.#options.topic(temporal);
    return { topic, sealer: this.#options.sender.sealer?.(topic) };
  }
}
