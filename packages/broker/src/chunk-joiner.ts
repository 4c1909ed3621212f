/** Larger pieces are not copied: then a system call for several buffers is cheaper. */
const MAX_MEAN_BYTES = 8 * 1024;

/**
 * Joins small packets for a byte stream. Subscribers of the same topics have the same packets to send in a turn of the
 * event loop; what was joined last is therefore kept, until the turn ends.
 */
export class ChunkJoiner {
  #chunks: Uint8Array[] = [];
  #joined: Uint8Array = new Uint8Array(0);

  /** All chunks in one, or undefined when they had better be sent as they are. */
  join(chunks: readonly Uint8Array[]): Uint8Array | undefined {
    if (this.#isLast(chunks)) return this.#joined;
    const size = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    if (size > chunks.length * MAX_MEAN_BYTES) return undefined;
    const joined = new Uint8Array(size);
    let offset = 0;
    for (const chunk of chunks) {
      joined.set(chunk, offset);
      offset += chunk.length;
    }
    this.#chunks = chunks.slice();
    this.#joined = joined;
    return joined;
  }

  forget(): void {
    this.#chunks = [];
  }

  #isLast(chunks: readonly Uint8Array[]): boolean {
    const last = this.#chunks;
    if (last.length !== chunks.length) return false;
    for (let index = 0; index < chunks.length; index++) if (last[index] !== chunks[index]) return false;
    return true;
  }
}
