import { RoundTrip } from "./round-trip.ts";

/** What {@link KeepAlive} needs. */
export interface KeepAliveOptions {
  readonly intervalMs: number;
  /** So long nothing may come after a PINGREQ. */
  readonly timeoutMs: number;
  readonly now: () => number;
  readonly ping: () => void;
  /** The other side is silent. Called once. */
  readonly onSilent: () => void;
}

/** Asks the server at intervals whether it is there, and measures how long the answer takes. */
export class KeepAlive {
  readonly roundTrip = new RoundTrip();
  readonly #options: KeepAliveOptions;
  readonly #timer: ReturnType<typeof setInterval>;
  #receivedAtMs: number;

  constructor(options: KeepAliveOptions) {
    this.#options = options;
    this.#receivedAtMs = options.now();
    this.#timer = setInterval(() => this.check(), options.intervalMs);
  }

  /** Asks the server, unless an answer is still to come, and then looks how long it takes. Also done at intervals. */
  check(): void {
    const { now, ping, timeoutMs, onSilent } = this.#options;
    const pingAtMs = this.roundTrip.pingAtMs;
    if (pingAtMs === undefined) {
      this.roundTrip.pinged(now());
      ping();
    } else if (now() - Math.max(pingAtMs, this.#receivedAtMs) >= timeoutMs) {
      this.close();
      onSilent();
    }
  }

  /** Anything came from the server. */
  received(): void {
    this.#receivedAtMs = this.#options.now();
  }

  answered(): void {
    this.roundTrip.answered(this.#options.now());
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
