import { type Rotation, writeFrameBody } from "@mqtt-meet/protocol";
import type { EncodedFrame } from "../codec.ts";
import type { FrameSealer } from "../e2ee/frame-cipher.ts";
import { firstFrameNumber, nextFrameNumber } from "../frame-number.ts";
import type { MediaSender } from "../transport.ts";
import { FrameGate } from "./frame-gate.ts";
import { type FrameHeader, packetize } from "./packetize.ts";

/** What the frames of a layer need besides their bytes. */
export interface LayerSenderOptions {
  readonly sender: MediaSender;
  readonly topic: string;
  readonly nowMs: () => number;
}

/** Encoded frames of one layer in, packets on the connection out. */
export class LayerSender {
  readonly #options: LayerSenderOptions;
  readonly #gate = new FrameGate();
  readonly #sealer: FrameSealer | undefined;
  #number: number;
  /** Times never run backwards within a track. */
  #lastUs = 0;
  framesSent = 0;
  framesDropped = 0;
  packetsSent = 0;
  bytesSent = 0;

  constructor(options: LayerSenderOptions) {
    this.#options = options;
    this.#sealer = options.sender.sealer?.(options.topic);
    this.#number = firstFrameNumber(options.nowMs());
  }

  /** Nothing but a key frame can be sent. */
  get needsKeyFrame(): boolean {
    return this.#gate.needsKeyFrame;
  }

  /** What the encoder delivers next does not follow on what it delivered before. */
  restart(): void {
    this.#gate.shut();
  }

  /** Sends `frame`, or drops it. */
  send(frame: EncodedFrame, options: { readonly codec: string; readonly rotation: Rotation }): void {
    const { sender, nowMs } = this.#options;
    if (!this.#gate.admit(frame, { congested: frame.discardable && sender.congested(nowMs()) })) {
      this.framesDropped++;
      return;
    }
    const body = writeFrameBody({
      ...(frame.keyFrame ? { codec: options.codec } : {}),
      ...(options.rotation === 0 ? {} : { rotation: options.rotation }),
      data: frame.data,
    });
    this.#lastUs = Math.max(this.#lastUs, Math.floor(frame.timestampUs));
    const { keyFrame, discardable } = frame;
    const header = { keyFrame, discardable, number: this.#number, timestampUs: this.#lastUs };
    this.#number = nextFrameNumber(this.#number);
    if (this.#sealer === undefined) this.#sendBody(header, body);
    else if (!this.#sealer.seal(header, body, (sealed) => this.#sendBody({ ...header, encrypted: true }, sealed))) {
      this.#lost();
    }
  }

  #sendBody(header: FrameHeader, body: Uint8Array | undefined): void {
    if (body !== undefined && this.#sendPackets(packetize(header, body))) this.framesSent++;
    else this.#lost();
  }

  #lost(): void {
    this.#gate.shut();
    this.framesDropped++;
  }

  #sendPackets(packets: readonly Uint8Array[]): boolean {
    for (const packet of packets) {
      if (!this.#options.sender.send(this.#options.topic, packet)) return false;
      this.packetsSent++;
      this.bytesSent += packet.length;
    }
    return true;
  }
}
