/** RFC 3711 asks for at least 64; messages of one sender overtake each other by far less than this. */
const WINDOW = 1024;

/**
 * Tells counters that were seen from those that were not. A counter that is further behind than the window counts as
 * seen. To be asked only of what has been authenticated.
 */
export class ReplayWindow {
  readonly #seen = new Uint8Array(WINDOW);
  #highest = -1;

  /** Whether `ctr`, a safe integer, was not seen before; remembers it. */
  accept(ctr: number): boolean {
    if (ctr > this.#highest) {
      const steps = Math.min(ctr - this.#highest, WINDOW);
      for (let i = 0; i < steps; i++) this.#seen[(ctr - i) % WINDOW] = 0;
      this.#highest = ctr;
    } else if (ctr <= this.#highest - WINDOW || this.#seen[ctr % WINDOW] === 1) {
      return false;
    }
    this.#seen[ctr % WINDOW] = 1;
    return true;
  }
}
