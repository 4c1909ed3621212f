const PAGE_HEADER_BYTES = 27;
const MAGIC = "OggS";

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, i) => {
  let value = i << 24;
  for (let bit = 0; bit < 8; bit++) value = value & 0x80000000 ? (value << 1) ^ 0x04c11db7 : value << 1;
  return value >>> 0;
});

/** Ogg's own: no reflection, begins with zero. */
function crc(data: Uint8Array): number {
  let value = 0;
  for (const byte of data) value = ((value << 8) ^ (CRC_TABLE[((value >>> 24) ^ byte) & 0xff] ?? 0)) >>> 0;
  return value;
}

/** Makes an Ogg stream of Opus packets, one to a page, so that each can be read at once. */
export class OggOpusWriter {
  #sequence = 0;
  #samples = 0;

  /** The two pages every stream begins with. */
  header(channels: 1 | 2): Buffer {
    const head = Buffer.alloc(19);
    head.write("OpusHead", 0, "latin1");
    head[8] = 1;
    head[9] = channels;
    head.writeUInt32LE(48_000, 12);
    const tags = Buffer.alloc(16);
    tags.write("OpusTags", 0, "latin1");
    return Buffer.concat([this.#page(head, 2), this.#page(tags, 0)]);
  }

  /** `samples`: how many are in the packet, at 48 kHz. */
  write(packet: Uint8Array, samples: number): Buffer {
    this.#samples += samples;
    return this.#page(packet, 0);
  }

  #page(packet: Uint8Array, flags: number): Buffer {
    const segments = Math.floor(packet.length / 255) + 1;
    const page = Buffer.alloc(PAGE_HEADER_BYTES + segments + packet.length);
    page.write(MAGIC, 0, "latin1");
    page[5] = flags;
    page.writeBigUInt64LE(BigInt(this.#samples), 6);
    page.writeUInt32LE(1, 14);
    page.writeUInt32LE(this.#sequence++, 18);
    page[26] = segments;
    page.fill(255, PAGE_HEADER_BYTES, PAGE_HEADER_BYTES + segments - 1);
    page[PAGE_HEADER_BYTES + segments - 1] = packet.length % 255;
    page.set(packet, PAGE_HEADER_BYTES + segments);
    page.writeUInt32LE(crc(page), 22);
    return page;
  }
}

/** Takes the packets out of an Ogg stream of Opus, in pieces of any size, without the two at its beginning. */
export class OggOpusSplitter {
  #data: Buffer = Buffer.alloc(0);
  #partial: Buffer[] = [];
  #headers = 2;

  /** Returns the packets that `chunk` completes. Throws a `RangeError` on foreign data. */
  push(chunk: Buffer): Buffer[] {
    this.#data = this.#data.length === 0 ? chunk : Buffer.concat([this.#data, chunk]);
    const packets: Buffer[] = [];
    for (;;) {
      if (this.#data.length < PAGE_HEADER_BYTES) return packets;
      if (this.#data.toString("latin1", 0, 4) !== MAGIC) throw new RangeError("This is no Ogg stream.");
      const bodyStart = PAGE_HEADER_BYTES + (this.#data[26] ?? 0);
      if (this.#data.length < bodyStart) return packets;
      const lacing = this.#data.subarray(PAGE_HEADER_BYTES, bodyStart);
      const bodyEnd = bodyStart + lacing.reduce((sum, length) => sum + length, 0);
      if (this.#data.length < bodyEnd) return packets;
      this.#readPage(lacing, this.#data.subarray(bodyStart, bodyEnd), packets);
      this.#data = this.#data.subarray(bodyEnd);
    }
  }

  /** A segment of 255 bytes goes on in the next. */
  #readPage(lacing: Buffer, body: Buffer, packets: Buffer[]): void {
    let start = 0;
    for (const length of lacing) {
      this.#partial.push(body.subarray(start, start + length));
      start += length;
      if (length === 255) continue;
      const packet = Buffer.concat(this.#partial);
      this.#partial = [];
      if (this.#headers > 0) this.#headers--;
      else packets.push(packet);
    }
  }
}
