import { MAX_FRAGMENT_BYTES, type Packet, type PacketHeader } from "@mqtt-meet/protocol";
import { frameDistance } from "../frame-number.ts";

/** One frame put together from its packets. */
export interface ReceivedFrame {
  readonly number: number;
  readonly keyFrame: boolean;
  readonly discardable: boolean;
  readonly timestampUs: number;
  /** The frame as in docs/protocol.md, F1; a view of the packet where it was a single one. */
  readonly body: Uint8Array;
  /** When its first packet came. */
  readonly firstPacketUs: number;
}

/** What a {@link Reassembler} may hold. */
export interface ReassemblerLimits {
  /** Frames that have begun and are not whole. Packets come in order, so more than two is already unusual. */
  readonly maxFrames: number;
  /** Of all begun frames; also the largest frame. */
  readonly maxBytes: number;
  /** A frame that is not whole after this will never be: a sender cuts a frame and sends it at once. */
  readonly maxAgeUs: number;
}

const LIMITS: ReassemblerLimits = { maxFrames: 8, maxBytes: 8 * 1024 * 1024, maxAgeUs: 5_000_000 };

interface Begun {
  readonly header: PacketHeader;
  readonly firstPacketUs: number;
  readonly fragments: (Uint8Array | undefined)[];
  /** Number of fragments, once the last one came. */
  count: number | undefined;
  received: number;
  sizeBytes: number;
}

/** Puts packets of one layer together to frames. At a bound, the oldest begun frame is thrown away. */
export class Reassembler {
  readonly #limits: ReassemblerLimits;
  readonly #begun = new Map<number, Begun>();
  #sizeBytes = 0;
  /** Begun frames that were thrown away. */
  framesAbandoned = 0;
  /** Packets that contradict others of their frame, or come twice. */
  packetsRefused = 0;

  constructor(limits: Partial<ReassemblerLimits> = {}) {
    this.#limits = { ...LIMITS, ...limits };
  }

  /** Bytes held now. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** The frame that `packet` completes, if it does. */
  push({ header, body }: Packet, nowUs: number): ReceivedFrame | undefined {
    this.#abandonOld(nowUs);
    if (header.fragment === 0 && header.lastFragment) {
      this.#forget(header.frame);
      return frameOf(header, { body, firstPacketUs: nowUs });
    }
    const begun = this.#begun.get(header.frame) ?? this.#begin(header, nowUs);
    if (!this.#add(begun, { header, body })) {
      this.packetsRefused++;
      return undefined;
    }
    if (begun.received === begun.count) {
      this.#forget(header.frame);
      return frameOf(begun.header, { body: joined(begun), firstPacketUs: begun.firstPacketUs });
    }
    this.#keepBounds(header.frame);
    return undefined;
  }

  /** Throws begun frames up to `number` away: what comes of them is of no use. */
  abandonThrough(number: number): void {
    for (const begun of this.#begun.keys()) {
      if (frameDistance(begun, number) <= 0) this.#forget(begun);
    }
  }

  #begin(header: PacketHeader, nowUs: number): Begun {
    const begun = { header, firstPacketUs: nowUs, fragments: [], count: undefined, received: 0, sizeBytes: 0 };
    this.#begun.set(header.frame, begun);
    return begun;
  }

  #add(begun: Begun, { header, body }: Packet): boolean {
    if (!sameFrame(begun.header, header) || begun.fragments[header.fragment] !== undefined) return false;
    if (header.fragment * MAX_FRAGMENT_BYTES > this.#limits.maxBytes) return false;
    const count = header.lastFragment ? header.fragment + 1 : begun.count;
    if (count !== undefined && (begun.fragments.length > count || header.fragment >= count)) return false;
    begun.count = count;
    begun.fragments[header.fragment] = body;
    begun.received++;
    begun.sizeBytes += body.length;
    this.#sizeBytes += body.length;
    return true;
  }

  #keepBounds(current: number): void {
    const { maxFrames, maxBytes } = this.#limits;
    for (const number of this.#begun.keys()) {
      if (this.#begun.size <= maxFrames && this.#sizeBytes <= maxBytes) return;
      if (number !== current || this.#sizeBytes > maxBytes) this.#abandon(number);
    }
  }

  #abandonOld(nowUs: number): void {
    for (const [number, begun] of this.#begun) {
      if (nowUs - begun.firstPacketUs <= this.#limits.maxAgeUs) return;
      this.#abandon(number);
    }
  }

  #abandon(number: number): void {
    this.framesAbandoned++;
    this.#forget(number);
  }

  #forget(number: number): void {
    this.#sizeBytes -= this.#begun.get(number)?.sizeBytes ?? 0;
    this.#begun.delete(number);
  }
}

function sameFrame(a: PacketHeader, b: PacketHeader): boolean {
  return a.keyFrame === b.keyFrame && a.discardable === b.discardable && a.timestampUs === b.timestampUs;
}

function frameOf(
  { frame, keyFrame, discardable, timestampUs }: PacketHeader,
  rest: { readonly body: Uint8Array; readonly firstPacketUs: number },
): ReceivedFrame {
  return { number: frame, keyFrame, discardable, timestampUs, ...rest };
}

function joined({ fragments, sizeBytes }: Begun): Uint8Array {
  const bytes = new Uint8Array(sizeBytes);
  let at = 0;
  for (const fragment of fragments) {
    if (!fragment) continue;
    bytes.set(fragment, at);
    at += fragment.length;
  }
  return bytes;
}
