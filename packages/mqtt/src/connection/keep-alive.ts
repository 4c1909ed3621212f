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

/** Questions at short intervals do not wait for each other's answers, but more than these would only wait. */
const MAX_WAITING = 32;

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

  /** Asks the server, and looks how long the oldest answer takes that is still to come. Also done at intervals. */
  check(): void {
    const { now, ping, timeoutMs, onSilent } = this.#options;
    const pingAtMs = this.roundTrip.pingAtMs;
    if (pingAtMs !== undefined && now() - Math.max(pingAtMs, this.#receivedAtMs) >= timeoutMs) {
      this.close();
      onSilent();
    } else if (this.roundTrip.waiting < MAX_WAITING) {
      this.roundTrip.pinged(now());
      ping();
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
