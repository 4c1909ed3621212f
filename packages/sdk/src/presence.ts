import { every } from "@mqtt-meet/media";
import type { State } from "@mqtt-meet/protocol";
import type { ControlChannel } from "./control-channel.ts";
import { OwnEcho } from "./own-echo.ts";
import type { OwnState } from "./own-state.ts";

const HEARTBEAT_MS = 5_000;
/** Many do not answer a newcomer all at once. */
const ANSWER_SPREAD_MS = { each: 15, most: 300 } as const;

/** Whoever leaves does not wait longer for the broker. */
const GOODBYE_MS = 1_000;

/** What our presence needs of the room. */
export interface PresenceOptions {
  readonly self: OwnState;
  readonly control: ControlChannel;
  /** Undefined before anything was published. */
  readonly catalog: () => Uint8Array | undefined;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** Tells the others that we are here: after each CONNACK, every 5 s, when something changed, and whoever asks. */
export class Presence {
  readonly #options: PresenceOptions;
  readonly #lifetime = new AbortController();
  readonly #echo = new OwnEcho();
  #answerTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: PresenceOptions) {
    this.#options = options;
    every(HEARTBEAT_MS, () => this.sayState(), { signal: this.#lifetime.signal });
  }

  /** Repeats our state, as one more heartbeat. */
  sayState(): void {
    const { control, self } = this.#options;
    if (!this.#lifetime.signal.aborted) void control.sayState(self.nextHeartbeat());
  }

  /** As {@link sayState}, with the catalog: for who comes, and for a broker that has forgotten. */
  sayEverything(): void {
    const { control, catalog } = this.#options;
    const payload = catalog();
    this.sayState();
    if (payload !== undefined && !this.#lifetime.signal.aborted) void control.sayCatalog(payload);
  }

  /** Somebody said hello to so many participants. Several hellos have one answer. */
  answer(participants: number): void {
    if (this.#answerTimer !== undefined || this.#lifetime.signal.aborted) return;
    const { each, most } = ANSWER_SPREAD_MS;
    const delayMs = this.#options.random() * Math.min(most, participants * each);
    this.#answerTimer = setTimeout(() => {
      this.#answerTimer = undefined;
      this.sayEverything();
    }, delayMs);
  }

  /** What the broker says of us; a will that came true although we are here is corrected. */
  heard(state: State): void {
    const { self } = this.#options;
    if (state.status === "here") this.#echo.hear(state.heartbeat);
    if (state.status === "gone" && state.incarnation <= self.incarnation) this.answer(Number.POSITIVE_INFINITY);
  }

  /** Our connection is new. */
  restart(): void {
    this.#echo.restart();
    this.sayEverything();
  }

  /** To be called a few times a second while connected. Returns whether the broker seems not to deliver to us any more. */
  isUnheard(nowMs: number): boolean {
    return this.#echo.isLost(this.#options.self.heartbeat, nowMs);
  }

  /** Says that we leave, and waits for a moment until the broker has it. */
  async sayGoodbye(): Promise<void> {
    const { self, control } = this.#options;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, GOODBYE_MS);
    });
    await Promise.race([control.sayGoodbye(self.goodbye()), patience]);
    clearTimeout(timer);
  }

  close(): void {
    this.#lifetime.abort();
    clearTimeout(this.#answerTimer);
  }
}
