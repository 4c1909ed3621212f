import { type FrameBody, type Packet, ProtocolError, parseFrameBody, parsePacket } from "@mqtt-meet/protocol";
import type { FrameOpener } from "../e2ee/frame-cipher.ts";
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

/**
 * Packets in, whole frames out. What is malformed, not encrypted where it must be, or cannot be decrypted is dropped
 * and counted: it never gets to a decoder.
 */
export class FrameReceiver {
  readonly #options: FrameReceiverOptions;
  readonly #reassembler = new Reassembler();
  readonly #opener: FrameOpener | undefined;
  packetsReceived = 0;
  bytesReceived = 0;
  framesReceived = 0;
  /** Whole frames with a key that never came, of another sender, changed, or sent again. */
  framesUndecryptable = 0;
  /** In an encrypted room: packets in the clear. */
  packetsUnencrypted = 0;
  #malformed = 0;

  constructor(options: FrameReceiverOptions) {
    this.#options = options;
    const { source, filter, signal } = options;
    this.#opener = source.opener?.({ signal });
    source.subscribe(filter, (topic, payload) => this.#receive(topic, payload), { signal });
  }

  get packetsMalformed(): number {
    return this.#malformed + this.#reassembler.packetsRefused;
  }

  /** What has come so far. */
  get counts() {
    const { packetsReceived, bytesReceived, packetsMalformed, framesUndecryptable, packetsUnencrypted } = this;
    return { packetsReceived, bytesReceived, packetsMalformed, framesUndecryptable, packetsUnencrypted };
  }

  /** What has begun up to frame `number` is of no use any more. */
  abandonThrough(number: number): void {
    this.#reassembler.abandonThrough(number);
  }

  #receive(topic: string, payload: Uint8Array): void {
    if (this.#options.signal.aborted) return;
    this.packetsReceived++;
    this.bytesReceived += payload.length;
    this.#orCount(() => this.#push(topic, parsePacket(payload)));
    this.#options.onPacket?.();
  }

  #push(topic: string, packet: Packet): void {
    const { encrypted, rootKeyed, will } = packet.header;
    if (this.#opener !== undefined && !encrypted) {
      this.packetsUnencrypted++;
      this.#opener.refuse(topic);
      return;
    }
    if (encrypted !== (this.#opener !== undefined) || (encrypted && (rootKeyed || will))) {
      this.#malformed++;
      return;
    }
    const frame = this.#reassembler.push(packet, this.#options.nowMs() * 1000);
    if (!frame) return;
    if (this.#opener === undefined) this.#deliver(frame, frame.body);
    else this.#opener.open(topic, frame, (body) => this.#opened(frame, body));
  }

  #opened(frame: ReceivedFrame, body: Uint8Array | undefined): void {
    if (this.#options.signal.aborted) return;
    if (body === undefined) this.framesUndecryptable++;
    else this.#orCount(() => this.#deliver(frame, body));
  }

  #deliver(frame: ReceivedFrame, body: Uint8Array): void {
    const content = parseFrameBody(body);
    this.framesReceived++;
    this.#options.onFrame(frame, content);
  }

  #orCount(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#malformed++;
    }
  }
}
