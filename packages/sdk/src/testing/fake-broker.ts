import {
  ConnectionError,
  type ConnectionState,
  type Message,
  type PathState,
  topicMatches,
  type Will,
} from "@mqtt-meet/mqtt";
import type { OpenLink, RoomLink, RoomLinkOptions } from "../room-link.ts";

const ROUND_TRIP_MS = 60;

interface Subscriber {
  readonly filter: string;
  readonly onMessage: (message: Message) => void;
}

/** A broker in memory: QoS 0 and 1, retained messages, wills. Time passes only where a test lets it. */
export class FakeBroker {
  readonly retained = new Map<string, Uint8Array>();
  readonly links = new Map<string, FakeLink>();
  /** What was published, newest last. */
  readonly log: { readonly topic: string; readonly payload: Uint8Array }[] = [];
  /** Loses what it returns true for. */
  lose: (message: { readonly topic: string; readonly payload: Uint8Array; readonly to: string }) => boolean = () =>
    false;

  /** Lets nobody in for whom it returns why. */
  refuse: (clientId: string) => ConnectionError | undefined = () => undefined;

  /** How long the newest answer on a connection has waited in a queue, in ms; undefined while none came. */
  waits: (clientId: string) => number | undefined = () => undefined;

  readonly open: OpenLink = (options) => {
    const link = new FakeLink(this, options);
    this.links.set(options.clientId, link);
    return link;
  };

  publish(topic: string, payload: Uint8Array, retain: boolean): void {
    this.log.push({ topic, payload });
    if (retain && payload.length === 0) this.retained.delete(topic);
    else if (retain) this.retained.set(topic, payload);
    for (const link of this.links.values()) this.#deliver(link, topic, payload);
  }

  /** The connection of `clientId` breaks until {@link FakeLink.connect}. The will is sent unless told otherwise. */
  cut(clientId: string, { will = true } = {}): FakeLink {
    const link = this.links.get(clientId);
    if (link === undefined) throw new RangeError(`There is no client ${clientId}.`);
    link.lost();
    if (will) this.sendWill(clientId);
    return link;
  }

  sendWill(clientId: string): void {
    const will = this.links.get(clientId)?.lastWill;
    if (will) this.publish(will.topic, will.payload, will.retain);
  }

  #deliver(link: FakeLink, topic: string, payload: Uint8Array): void {
    if (!this.lose({ topic, payload, to: link.options.clientId })) link.deliver(topic, payload, false);
  }
}

/** One client of a {@link FakeBroker}. */
export class FakeLink implements RoomLink {
  onStateChange: ((state: ConnectionState) => void) | undefined;
  readonly options: RoomLinkOptions;
  readonly roundTripMs = 3;
  /** How often it was given up for a new connection. */
  renewals = 0;
  lastWill: Will | undefined;
  readonly #broker: FakeBroker;
  readonly #subscribers = new Set<Subscriber>();
  readonly #first: Promise<void>;
  #settleFirst: () => void = () => undefined;
  #state: ConnectionState = { status: "connecting", attempt: 1 };
  readonly #waiting: (() => void)[] = [];

  constructor(broker: FakeBroker, options: RoomLinkOptions) {
    this.#broker = broker;
    this.options = options;
    this.#first = new Promise((resolve) => {
      this.#settleFirst = resolve;
    });
    queueMicrotask(() => this.connect());
  }

  get state(): ConnectionState {
    return this.#state;
  }

  connect(): void {
    if (this.#state.status === "closed" || this.#state.status === "connected") return;
    const refusal = this.#broker.refuse(this.options.clientId);
    if (refusal !== undefined) {
      this.fail(refusal);
      return;
    }
    const will = this.options.will?.();
    if (will instanceof Promise) void will.then((sealed) => this.#setWill(sealed));
    else this.#setWill(will);
    this.#setState({ status: "connected", level: 5 });
    for (const subscriber of this.#subscribers) this.#sendRetained(subscriber);
    this.options.onConnected?.({
      level: 5,
      sessionPresent: false,
      first: true,
      clientId: this.options.clientId,
      properties: undefined,
    });
    for (const send of this.#waiting.splice(0)) send();
    this.#settleFirst();
  }

  #setWill(will: Will | undefined): void {
    this.lastWill = will;
  }

  lost(): void {
    const error = new ConnectionError("closed", "The connection was cut.");
    this.#setState({ status: "waiting", retryAtMs: 0, error });
  }

  fail(error: ConnectionError): void {
    this.#setState({ status: "closed", error });
  }

  connected(): Promise<void> {
    return this.#first;
  }

  async subscribe(
    filter: string,
    onMessage: (message: Message) => void,
    { signal }: { readonly signal: AbortSignal },
  ): Promise<void> {
    const subscriber = { filter, onMessage };
    this.#subscribers.add(subscriber);
    signal.addEventListener("abort", () => this.#subscribers.delete(subscriber), { once: true });
    await this.#first;
    this.#sendRetained(subscriber);
  }

  send(topic: string, payload: Uint8Array): boolean {
    if (this.#state.status !== "connected") return false;
    this.#broker.publish(topic, payload, false);
    return true;
  }

  publish(
    topic: string,
    payload: Uint8Array,
    {
      retain = false,
      signal,
    }: { readonly retain?: boolean | undefined; readonly signal?: AbortSignal | undefined } = {},
  ): Promise<void> {
    if (this.#state.status === "closed") return Promise.reject(new ConnectionError("closed", "It is closed."));
    return new Promise((resolve) => {
      const send = () => {
        if (!signal?.aborted) this.#broker.publish(topic, payload, retain);
        resolve();
      };
      if (this.#state.status === "connected") send();
      else this.#waiting.push(send);
    });
  }

  congested(): boolean {
    return false;
  }

  retryNow(): void {
    if (this.#state.status === "waiting") queueMicrotask(() => this.connect());
  }

  renew(): void {
    this.renewals++;
    this.lost();
    queueMicrotask(() => this.connect());
  }

  path(): PathState | undefined {
    const waitedMs = this.#state.status === "connected" ? this.#broker.waits(this.options.clientId) : undefined;
    if (waitedMs === undefined) return undefined;
    return {
      ...{ roundTripMs: ROUND_TRIP_MS + waitedMs, minRoundTripMs: ROUND_TRIP_MS, waitedMs: 0 },
      ...{ sentBytes: 0, delivered: { bytes: 0, atMs: Date.now() } },
    };
  }

  oldestAgeMs(): number {
    return 0;
  }

  async close(): Promise<void> {
    if (this.#state.status === "closed") return;
    this.#broker.links.delete(this.options.clientId);
    this.#setState({ status: "closed" });
  }

  subscribes(topic: string): boolean {
    return [...this.#subscribers].some(({ filter }) => topicMatches(filter, topic));
  }

  deliver(topic: string, payload: Uint8Array, retain: boolean): void {
    if (this.#state.status !== "connected") return;
    for (const { filter, onMessage } of [...this.#subscribers]) {
      if (topicMatches(filter, topic)) onMessage({ topic, payload, qos: 1, retain });
    }
  }

  #sendRetained({ filter, onMessage }: Subscriber): void {
    if (this.#state.status !== "connected") return;
    for (const [topic, payload] of this.#broker.retained) {
      if (topicMatches(filter, topic)) onMessage({ topic, payload, qos: 1, retain: true });
    }
  }

  #setState(state: ConnectionState): void {
    this.#state = state;
    this.onStateChange?.(state);
  }
}
