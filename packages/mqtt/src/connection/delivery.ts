/** Bytes of one connection, counted from its beginning, and when the server was known to have them. */
export interface Delivered {
  readonly bytes: number;
  readonly atMs: number;
}

/**
 * How far what was sent has come. A PINGRESP says that the server has all that was sent before its PINGREQ; how fast
 * that grows is what the whole way really carries, whatever buffers lie in between.
 */
export class Delivery {
  #sentBytes = 0;
  /** What was sent before each PINGREQ that has no answer yet, the oldest first. */
  readonly #waiting: number[] = [];
  #delivered: Delivered | undefined;

  get sentBytes(): number {
    return this.#sentBytes;
  }

  /** Undefined before the first answer. */
  get delivered(): Delivered | undefined {
    return this.#delivered;
  }

  sent(bytes: number): void {
    this.#sentBytes += bytes;
  }

  pinged(): void {
    this.#waiting.push(this.#sentBytes);
  }

  answered(nowMs: number): void {
    const bytes = this.#waiting.shift();
    if (bytes !== undefined) this.#delivered = { bytes, atMs: nowMs };
  }
}
