import { HEADER_BYTES } from "./packet.ts";

/** Where a header has them. */
const FRAGMENT_AT = 2;
const FRAME_AT = 4;

/** A connection that is further behind than so many packets of a topic is of no use. */
const REMEMBERED = 128;

/** Which packets of one sound track, or of one layer of pictures, come for the first time: they may come over several connections (docs/protocol.md, P10). */
export class FirstCopies {
  readonly #seen = new Set<number>();

  /** Whether this packet has not come lately. What is too short for one always is the first: others judge it. */
  isFirst(packet: Uint8Array): boolean {
    if (packet.length <= HEADER_BYTES) return true;
    const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
    const key = view.getUint32(FRAME_AT) * 0x1_0000 + view.getUint16(FRAGMENT_AT);
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    if (this.#seen.size > REMEMBERED) this.#forgetOldest();
    return true;
  }

  #forgetOldest(): void {
    for (const key of this.#seen) {
      this.#seen.delete(key);
      return;
    }
  }
}
