import type { ByteStream, Packet } from "@mqtt-meet/mqtt";
import { type ClientRates, IngressMeter } from "./ingress-meter.ts";
import type { Counters } from "./statistics.ts";

/** What a {@link Throttle} needs. */
export interface ThrottleOptions {
  /** What is not read from for a while. */
  readonly stream: Pick<ByteStream, "pause" | "resume">;
  readonly rates: ClientRates;
  readonly counters: Counters;
  readonly now: () => number;
  /** It sends too much for too long: the connection has to end. */
  readonly onFlood: () => void;
}

/** Reads nothing for a while from a client that sends more than it may; so the client itself feels it. */
export class Throttle {
  readonly #options: ThrottleOptions;
  readonly #meter: IngressMeter;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ThrottleOptions) {
    this.#options = options;
    this.#meter = new IngressMeter(options.rates, options.now());
  }

  /** Nothing is read at present. */
  get isPaused(): boolean {
    return this.#timer !== undefined;
  }

  arrived(bytes: number, nowMs: number): void {
    this.#meter.arrived(nowMs);
    this.#meter.charge("bytes", bytes, nowMs);
  }

  /** Charges a packet that is about to be handled. An acknowledgement is the answer to a message of ours. */
  charge(packet: Packet, nowMs: number): void {
    switch (packet.type) {
      case "puback":
      case "pubrec":
      case "pubrel":
      case "pubcomp":
        return;
      case "subscribe":
      case "unsubscribe":
        this.#meter.charge("subscribes", 1, nowMs);
        break;
      case "publish":
        if (packet.qos > 0) this.#meter.charge("reliable", 1, nowMs);
        break;
      default:
    }
    this.chargeMessage(nowMs);
  }

  chargeMessage(nowMs: number): void {
    this.#meter.charge("messages", 1, nowMs);
    if (this.#meter.pauseMs(nowMs) === undefined) this.#options.onFlood();
  }

  /** To be called when all that has come was handled. */
  settle(nowMs: number): void {
    const { stream, counters, onFlood } = this.#options;
    const pauseMs = this.#meter.pauseMs(nowMs);
    if (pauseMs === undefined) onFlood();
    else if (pauseMs > 0 && this.#timer === undefined) {
      counters.throttled++;
      stream.pause?.();
      this.#timer = setTimeout(() => this.#resume(), Math.ceil(pauseMs));
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #resume(): void {
    this.#timer = undefined;
    this.#options.stream.resume?.();
  }
}
