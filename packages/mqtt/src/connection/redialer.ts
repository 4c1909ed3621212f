import type { ConnackPacket, ConnectPacket, ProtocolLevel, Will } from "../codec/packet.ts";
import type { ByteStream, Dial } from "./byte-stream.ts";
import { ConnectionError } from "./connection-error.ts";
import type { ConnectionOptions, ConnectionState } from "./connection-state.ts";
import { TOPIC_ALIAS_MAXIMUM } from "./inbox.ts";
import { Link, type SessionPacket } from "./link.ts";
import { RetryPlan } from "./retry-plan.ts";

/** Dialling, and then CONNACK: a path on which either takes longer carries no meeting. */
const HANDSHAKE_TIMEOUT_MS = 10_000;
/** Where another address may answer, less patience brings people back sooner. */
const HANDSHAKE_TIMEOUT_OF_SEVERAL_MS = 4_000;
/** A connection that lived this long was a good one: the next loss is retried at once again. */
const STABLE_MS = 10_000;
/** Frequent enough that a lost server is missed within a keep-alive period. */
const DEFAULT_PING_INTERVAL_MS = 5_000;
/** Gone after 20 s of silence is what peers think of us, so the server should think it sooner. */
const DEFAULT_KEEP_ALIVE_S = 15;
const DEFAULT_MAX_PACKET_BYTES = 1024 * 1024;

/** What trying again cannot mend. */
const FINAL: ReadonlySet<string> = new Set(["bad-credentials", "not-authorized", "taken-over", "invalid-address"]);
/** The same, unless this server has let us in before. */
const FINAL_AT_FIRST: ReadonlySet<string> = new Set(["refused", "tls", "protocol", "unsupported-version"]);

/** Whom a {@link Redialer} tells. */
export interface RedialerOwner {
  readonly onState: (state: ConnectionState) => void;
  readonly onConnected: (link: Link, connack: ConnackPacket) => void;
  readonly onPacket: (packet: SessionPacket, link: Link) => void;
  /** A connection that was announced by `onConnected` is lost. */
  readonly onLost: () => void;
}

/** Keeps one {@link Link} to a server: chooses the version of MQTT, and dials again after a loss. */
export class Redialer {
  readonly #options: ConnectionOptions;
  readonly #owner: RedialerOwner;
  readonly #now: () => number;
  #state: ConnectionState = { status: "connecting", attempt: 1 };
  #dialing: AbortController | undefined;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #link: Link | undefined;
  #level: ProtocolLevel;
  /** A server that has once let us in is asked the same way again. */
  #levelKnown: boolean;
  #clientId: string;
  readonly #dials: readonly Dial[];
  readonly #plan: RetryPlan;
  #attempt = 0;
  /** What the server holds for us is not wanted any more. */
  #isSessionUnwanted = false;
  #connectedAtMs: number | undefined;

  constructor(options: ConnectionOptions, owner: RedialerOwner, now: () => number) {
    this.#options = options;
    this.#owner = owner;
    this.#now = now;
    this.#level = options.level ?? 5;
    this.#levelKnown = options.level !== undefined;
    this.#clientId = options.clientId;
    this.#dials = [options.dial].flat();
    if (this.#dials.length === 0) throw new TypeError("A connection needs an address.");
    this.#plan = new RetryPlan(this.#dials.length);
    this.#dial();
  }

  get state(): ConnectionState {
    return this.#state;
  }

  get clientId(): string {
    return this.#clientId;
  }

  /** Whether there was a connection before the one that is being made or used now. */
  get wasConnected(): boolean {
    return this.#connectedAtMs !== undefined;
  }

  /** Final. Returns the link to say goodbye to, if there is one. */
  close(error?: ConnectionError): Link | undefined {
    const link = this.#link;
    this.#link = undefined;
    clearTimeout(this.#retryTimer);
    this.#setState(error ? { status: "closed", error } : { status: "closed" });
    this.#dialing?.abort(error ?? new ConnectionError("closed", "The connection was closed."));
    this.#dialing = undefined;
    return link;
  }

  /** Gives the connection up and makes another, without what the server still holds for us. Does nothing while there is none. */
  renew(): void {
    if (this.#state.status !== "connected") return;
    this.#isSessionUnwanted = true;
    this.#link?.abandon();
  }

  /** Dials now what would be dialled later. Does nothing unless it waits for that. */
  retryNow(): void {
    if (this.#retryTimer === undefined) return;
    clearTimeout(this.#retryTimer);
    this.#dial();
  }

  #dial(): void {
    this.#retryTimer = undefined;
    this.#attempt++;
    if (this.#attempt > 1) this.#setState({ status: "connecting", attempt: this.#attempt });
    if (this.#state.status === "closed") return;
    const dialing = new AbortController();
    this.#dialing = dialing;
    const timeout = new ConnectionError("timeout", "The server does not answer.");
    const timer = setTimeout(() => dialing.abort(timeout), this.#handshakeTimeoutMs);
    const done = () => {
      clearTimeout(timer);
      return this.#dialing === dialing;
    };
    const open = (stream: ByteStream, will: Will | undefined) => {
      if (done()) this.#open(stream, will);
      else stream.destroy();
    };
    (this.#dials[this.#plan.address] as Dial)({ signal: dialing.signal }).then(
      (stream) => {
        const will = this.#options.will?.();
        if (will instanceof Promise) void will.then((lastWill) => open(stream, lastWill));
        else open(stream, will);
      },
      (error: unknown) => {
        if (done()) this.#failed(dialError(error), false);
      },
    );
  }

  #open(stream: ByteStream, will: Will | undefined): void {
    let answered = false;
    const packet = this.#connectPacket(will);
    const link = new Link(stream, {
      level: this.#level,
      keepAliveS: packet.keepAliveS,
      maxPacketBytes: this.#options.maxPacketBytes ?? DEFAULT_MAX_PACKET_BYTES,
      pingIntervalMs: this.#options.pingIntervalMs ?? DEFAULT_PING_INTERVAL_MS,
      handshakeTimeoutMs: this.#handshakeTimeoutMs,
      now: this.#now,
      onConnected: (connack) => {
        answered = true;
        this.#connected(link, connack);
      },
      onPacket: (packet) => this.#owner.onPacket(packet, link),
      onEnd: (error) => {
        this.#link = undefined;
        if (answered) this.#lost(error);
        else this.#failed(error, error.code === "closed");
      },
    });
    this.#link = link;
    link.connect(packet);
  }

  #connectPacket(will: Will | undefined): ConnectPacket {
    const { username, password, sessionExpiryS = 0, keepAliveS = DEFAULT_KEEP_ALIVE_S } = this.#options;
    const level = this.#level;
    const resumes = level === 5 && sessionExpiryS > 0 && this.wasConnected && !this.#isSessionUnwanted;
    return {
      type: "connect",
      level,
      clientId: this.#clientId,
      cleanStart: resumes ? false : this.#isSessionUnwanted || (this.#options.cleanStart ?? true),
      keepAliveS,
      // Before MQTT 5 a password needs a user name.
      username: username ?? (password === undefined ? undefined : ""),
      password: password === undefined ? undefined : new TextEncoder().encode(password),
      will,
      properties: {
        sessionExpiryS: sessionExpiryS > 0 ? sessionExpiryS : undefined,
        topicAliasMaximum: TOPIC_ALIAS_MAXIMUM,
        maximumPacketBytes: this.#options.maxPacketBytes ?? DEFAULT_MAX_PACKET_BYTES,
      },
    };
  }

  #connected(link: Link, connack: ConnackPacket): void {
    this.#levelKnown = true;
    this.#attempt = 0;
    this.#isSessionUnwanted = false;
    this.#clientId = connack.properties?.assignedClientIdentifier ?? this.#clientId;
    this.#owner.onConnected(link, connack);
    this.#connectedAtMs = this.#now();
  }

  #lost(error: ConnectionError): void {
    if (this.#now() - (this.#connectedAtMs ?? 0) >= STABLE_MS) this.#plan.forget();
    this.#owner.onLost();
    this.#retry(error, { wasOpen: true });
  }

  /** There was no CONNACK that let us in. `hungUp`: the stream was opened, and then closed without an answer. */
  #failed(error: ConnectionError, hungUp: boolean): void {
    const unknown = error.code === "unsupported-version" || hungUp;
    if (unknown && !this.#levelKnown && this.#level === 5) {
      this.#level = 4;
      this.#attempt--;
      this.#dial();
      return;
    }
    if (!this.#levelKnown) this.#level = 5;
    this.#retry(error, { wasOpen: false });
  }

  #retry(error: ConnectionError, { wasOpen }: { readonly wasOpen: boolean }): void {
    if (this.#state.status === "closed") return;
    const { delayMs, isRoundOver } = this.#plan.failed({ wasOpen, random: (this.#options.random ?? Math.random)() });
    if (this.#isOver(error, { wasOpen, isRoundOver })) {
      this.close(this.wasConnected || this.#dials.length === 1 || !isRoundOver ? error : noneOf(this.#dials, error));
      return;
    }
    this.#retryTimer = setTimeout(() => this.#dial(), delayMs);
    // Within a round it is still the same attempt for those who watch.
    if (wasOpen || isRoundOver) this.#setState({ status: "waiting", retryAtMs: this.#now() + delayMs, error });
  }

  /** Whether trying again is of no use, or not wanted. What one address says of itself does not count for the others. */
  #isOver(
    { code }: ConnectionError,
    { wasOpen, isRoundOver }: { readonly wasOpen: boolean; readonly isRoundOver: boolean },
  ): boolean {
    if (FINAL.has(code)) return true;
    if (this.#options.reconnect === false) return wasOpen || isRoundOver;
    return isRoundOver && FINAL_AT_FIRST.has(code) && !this.wasConnected;
  }

  get #handshakeTimeoutMs(): number {
    return this.#dials.length === 1 ? HANDSHAKE_TIMEOUT_MS : HANDSHAKE_TIMEOUT_OF_SEVERAL_MS;
  }

  /** The owner calls it once it is ready to be used. */
  announce(level: ProtocolLevel): void {
    this.#setState({ status: "connected", level });
  }

  #setState(state: ConnectionState): void {
    if (this.#state.status === "closed") return;
    this.#state = state;
    this.#owner.onState(state);
  }
}

/** A dial rejects with a ConnectionError, or with the reason of our own timeout, which is one, too. */
function dialError(error: unknown): ConnectionError {
  if (error instanceof ConnectionError) return error;
  return new ConnectionError("unreachable", "The server cannot be reached.", { cause: error });
}

function noneOf(dials: readonly Dial[], last: ConnectionError): ConnectionError {
  const { code, reasonCode, message } = last;
  return new ConnectionError(code, `None of ${dials.length} addresses lets us in. The last: ${message}`, {
    cause: last,
    reasonCode,
  });
}
