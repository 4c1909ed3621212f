import { type FrameBody, ProtocolError, parseFrameBody, parsePacket } from "@mqtt-meet/protocol";
import type { MediaSource } from "../transport.ts";
import { Reassembler, type ReceivedFrame } from "./reassembler.ts";

/** How the packets of a layer or of a sound track are received. */
export interface FrameReceiverOptions {
  readonly source: MediaSource;
  readonly filter: string;
  readonly nowMs: () => number;
  /** A packet came, whatever becomes of it. */
  readonly onPacket?: () => void;
  readonly onFrame: (frame: ReceivedFrame, content: FrameBody) => void;
  readonly signal: AbortSignal;
}

/** Packets in, whole frames out. What is malformed, or encrypted while we have no key, is dropped and counted. */
export class FrameReceiver {
  readonly #options: FrameReceiverOptions;
  readonly #reassembler = new Reassembler();
  packetsReceived = 0;
  bytesReceived = 0;
  framesReceived = 0;
  #malformed = 0;

  constructor(options: FrameReceiverOptions) {
    this.#options = options;
    const { source, filter, signal } = options;
    source.subscribe(filter, (_topic, payload) => this.#receive(payload), { signal });
  }

  get packetsMalformed(): number {
    return this.#malformed + this.#reassembler.packetsRefused;
  }

  /** What has begun up to frame `number` is of no use any more. */
  abandonThrough(number: number): void {
    this.#reassembler.abandonThrough(number);
  }

  #receive(payload: Uint8Array): void {
    if (this.#options.signal.aborted) return;
    this.packetsReceived++;
    this.bytesReceived += payload.length;
    try {
      const packet = parsePacket(payload);
      if (packet.header.encrypted) this.#malformed++;
      else this.#push(packet);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#malformed++;
    }
    this.#options.onPacket?.();
  }

  #push(packet: ReturnType<typeof parsePacket>): void {
    const frame = this.#reassembler.push(packet, this.#options.nowMs() * 1000);
    if (!frame) return;
    const content = parseFrameBody(frame.body);
    this.framesReceived++;
    this.#options.onFrame(frame, content);
  }
}
