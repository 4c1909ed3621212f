/** Every packet id as a bit. */
const SET_BYTES = 0x10000 / 8;

/** A set of packet ids that takes 8 KiB at most, however many a client invents. */
export class PacketIdSet {
  #bits: Uint8Array | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(packetId: number): boolean {
    return this.#bits !== undefined && ((this.#bits[packetId >> 3] as number) & (1 << (packetId & 7))) !== 0;
  }

  add(packetId: number): void {
    if (this.has(packetId)) return;
    this.#bits ??= new Uint8Array(SET_BYTES);
    this.#flip(this.#bits, packetId);
    this.#size++;
  }

  /** Returns whether it was there. */
  delete(packetId: number): boolean {
    if (!this.#bits || !this.has(packetId)) return false;
    this.#flip(this.#bits, packetId);
    this.#size--;
    if (this.#size === 0) this.#bits = undefined;
    return true;
  }

  #flip(bits: Uint8Array, packetId: number): void {
    bits[packetId >> 3] = (bits[packetId >> 3] as number) ^ (1 << (packetId & 7));
  }
}
