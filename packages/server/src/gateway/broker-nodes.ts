import { type ByteStream, ConnectionError, type Dial } from "@mqtt-meet/mqtt";

/** Where another node may answer, less patience brings people back sooner. */
const DIAL_MS = 2_000;

/**
 * The addresses of the broker behind a gateway. All clients go to the same node while it lets them in, so what a
 * gateway's clients say to each other takes no further way; when it is gone, all go to the next one.
 */
export class BrokerNodes {
  readonly #dials: readonly Dial[];
  readonly #nodes = new WeakMap<ByteStream, number>();
  readonly #onChange: ((node: number) => void) | undefined;
  #current = 0;

  /** `onChange` is told the number of the node that has its turn from now on. */
  constructor(dials: readonly [Dial, ...Dial[]], onChange?: (node: number) => void) {
    this.#dials = dials;
    this.#onChange = onChange;
  }

  /** Dials the current node, and when that fails each of the others once, in their order. */
  readonly dial: Dial = async ({ signal }) => {
    const first = this.#current;
    for (let tried = 0; ; tried++) {
      const node = (first + tried) % this.#dials.length;
      try {
        const stream = await this.#dialOne(node, signal);
        this.#nodes.set(stream, node);
        this.#turnTo(node);
        return stream;
      } catch (error) {
        signal.throwIfAborted();
        this.#passOn(node);
        if (tried === this.#dials.length - 1) throw error;
      }
    }
  };

  /** The broker behind `stream` took the connection and did not answer, as a machine does that hangs. */
  silent(stream: ByteStream): void {
    const node = this.#nodes.get(stream);
    if (node !== undefined) this.#passOn(node);
  }

  /** Only from the node that is to blame: many clients notice at about the same time. */
  #passOn(node: number): void {
    if (this.#current === node) this.#turnTo((node + 1) % this.#dials.length);
  }

  #turnTo(node: number): void {
    if (node === this.#current) return;
    this.#current = node;
    this.#onChange?.(node);
  }

  async #dialOne(node: number, signal: AbortSignal): Promise<ByteStream> {
    const dial = this.#dials[node] as Dial;
    if (this.#dials.length === 1) return dial({ signal });
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(new ConnectionError("timeout", "The broker does not answer.")), DIAL_MS);
    try {
      return await dial({ signal: AbortSignal.any([signal, late.signal]) });
    } finally {
      clearTimeout(timer);
    }
  }
}
