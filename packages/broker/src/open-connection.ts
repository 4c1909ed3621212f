import type { ByteStream, Packet, ProtocolLevel } from "@mqtt-meet/mqtt";
import type { Terms } from "./admission.ts";
import type { BrokerCore } from "./broker-core.ts";
import { ClientLink } from "./client-link.ts";
import { Exchange, type ExchangePacket } from "./exchange.ts";
import type { Grant } from "./grant.ts";
import type { Session } from "./session.ts";
import { Throttle } from "./throttle.ts";

/** What an {@link OpenConnection} needs. */
export interface OpenConnectionOptions {
  readonly core: BrokerCore;
  readonly stream: ByteStream;
  readonly session: Session;
  readonly terms: Terms;
  readonly level: ProtocolLevel;
  /** The connection has to end. */
  readonly onClose: (reasonCode: number) => void;
  /** It has to end because the client sends too much. */
  readonly onFlood: () => void;
  /** A fault of our own. */
  readonly onError: (error: unknown) => void;
}

/** What a connection has once its client was let in: the ways in and out, and what is measured on them. */
export class OpenConnection {
  readonly session: Session;
  readonly link: ClientLink;
  readonly keepAliveS: number;
  readonly #core: BrokerCore;
  /** That of the session may be another one later. */
  readonly #grant: Grant;
  readonly #exchange: Exchange;
  readonly #throttle: Throttle | undefined;
  #nowMs = 0;
  #isClosed = false;

  constructor(options: OpenConnectionOptions) {
    const { core, stream, session, terms, level, onClose, onFlood, onError } = options;
    this.#core = core;
    this.session = session;
    this.#grant = session.grant;
    this.keepAliveS = terms.keepAliveS;
    this.link = new ClientLink({ core, stream, session, terms, level, onClose, onError });
    const { counters, limits, now } = core;
    const rates = session.grant.rates ?? limits.rates;
    if (rates !== "unlimited") this.#throttle = new Throttle({ stream, rates, counters, now, onFlood });
    const reply = (packet: Packet) => this.link.reply(packet);
    const onUnasked = () => this.#throttle?.chargeMessage(this.#nowMs);
    this.#exchange = new Exchange({ core, session, level, reply, onUnasked });
    core.groups.enter(this.#grant);
    session.link = this.link;
    session.will = terms.will;
    session.expiryS = terms.sessionExpiryS;
    session.outbox.window = terms.window;
  }

  /** Nothing is read at present: it sent too much. */
  get isThrottled(): boolean {
    return this.#throttle?.isPaused ?? false;
  }

  /** Something has come, of which nothing was handled yet. */
  arrived(bytes: number, nowMs: number): void {
    this.#nowMs = nowMs;
    this.#throttle?.arrived(bytes, nowMs);
  }

  /** Throws MalformedPacketError when the connection has to end. */
  handle(packet: ExchangePacket): void {
    this.#throttle?.charge(packet, this.#nowMs);
    if (!this.#isClosed) this.#exchange.handle(packet);
  }

  /** What has come was handled. */
  settle(): void {
    if (!this.#isClosed) this.#throttle?.settle(this.#nowMs);
  }

  /** Sends what can be sent at once, and ends everything but the session. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.link.finish();
    this.#throttle?.close();
    this.#core.groups.leave(this.#grant);
  }
}
