const LARGEST = 0xffff;

/** The packet ids in use by one client: each is taken until its exchange is over. */
export class PacketIds {
  readonly #taken = new Set<number>();
  #last = 0;

  /** An id from 1 to 65535 that is not in use, or undefined when all are. */
  take(): number | undefined {
    if (this.#taken.size === LARGEST) return undefined;
    do this.#last = (this.#last % LARGEST) + 1;
    while (this.#taken.has(this.#last));
    this.#taken.add(this.#last);
    return this.#last;
  }

  release(id: number): void {
    this.#taken.delete(id);
  }
}
