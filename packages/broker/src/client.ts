import {
  type ByteStream,
  type ConnectPacket,
  type DisconnectPacket,
  MalformedPacketError,
  type Packet,
  type ProtocolLevel,
  ReasonCode,
} from "@mqtt-meet/mqtt";
import {
  connackProperties,
  newClientId,
  reasonOfBrokenConnect,
  refusalPacket,
  type Terms,
  termsFor,
} from "./admission.ts";
import { type BrokerCore, type ConnectedClient, reportFault } from "./broker-core.ts";
import { refusalAfterAuthentication, refusalBeforeAuthentication } from "./check-admission.ts";
import type { ClientLink } from "./client-link.ts";
import { type Ending, endStream, tellEnding } from "./ending.ts";
import { type Authentication, type ConnectionInfo, grantIn } from "./grant.ts";
import { Intake } from "./intake.ts";
import { OpenConnection } from "./open-connection.ts";
import { reasonName } from "./reason-name.ts";
import type { Session } from "./session.ts";

/** What a {@link Client} needs. */
export interface ClientOptions {
  readonly core: BrokerCore;
  readonly stream: ByteStream;
  readonly info: ConnectionInfo;
  /** What it is counted under; undefined for a local one. */
  readonly address: string | undefined;
  /** Called once, when it has ended. */
  readonly onEnd: (client: Client) => void;
}

/** One network connection, from its first byte over CONNECT to its end. A fault in it ends only itself. */
export class Client implements ConnectedClient {
  readonly #core: BrokerCore;
  readonly #stream: ByteStream;
  readonly #info: ConnectionInfo;
  readonly #address: string | undefined;
  readonly #onEnd: (client: Client) => void;
  readonly #intake: Intake;
  #phase: "new" | "authenticating" | "open" | "ended" = "new";
  #open: OpenConnection | undefined;

  constructor(options: ClientOptions) {
    this.#core = options.core;
    this.#stream = options.stream;
    this.#info = options.info;
    this.#address = options.address;
    this.#onEnd = options.onEnd;
    this.#intake = new Intake({
      core: options.core,
      stream: options.stream,
      info: options.info,
      isReading: () => this.#phase === "new" || this.#phase === "open",
      onPacket: (packet) => this.#handle(packet),
    });
    options.stream.onClose = () => this.#end({ how: "gone" });
    options.stream.onData = (chunk) => this.#receive(chunk);
  }

  get clientId(): string {
    return this.#open?.session.clientId ?? "";
  }

  get identity(): string {
    return this.#open?.session.grant.identity ?? "";
  }

  get level(): ProtocolLevel {
    return this.#intake.level;
  }

  get transport(): "tcp" | "websocket" {
    return this.#intake.transport;
  }

  get remoteAddress(): string | undefined {
    return this.#intake.remoteAddress;
  }

  get queuedBytes(): number {
    return this.#open?.link.queuedBytes ?? 0;
  }

  /** When what waits longest was enqueued, by lane. */
  noteOldest(sinceMs: number[]): void {
    this.#open?.link.noteOldest(sinceMs);
  }

  close(reasonCode: number): void {
    this.#end({ how: "close", lastPacket: { type: "disconnect", reasonCode }, cause: reasonName(reasonCode) });
  }

  /** The broker ends, not the client: it will come back, and its will is not wanted. */
  shutDown(): void {
    const lastPacket: Packet = { type: "disconnect", reasonCode: ReasonCode.serverShuttingDown };
    this.#end({ how: "close", lastPacket: this.#open ? lastPacket : undefined, isClean: true });
  }

  /** Ends the connection if it has been silent, stalled or undecided for too long. Ask about once a second. */
  tick(nowMs: number): void {
    const open = this.#open && { keepAliveS: this.#open.keepAliveS, stalledMs: this.#open.link.stalledMs(nowMs) };
    const overdue = this.#intake.overdue(nowMs, open);
    if (overdue === "silent") this.close(ReasonCode.keepAliveTimeout);
    else if (overdue) this.#end({ how: "cut", cause: overdue });
  }

  #receive(chunk: Uint8Array): void {
    if (this.#phase === "ended") return;
    if (!this.#intake.push(chunk)) {
      this.#end({ how: "cut", cause: "early-data" });
      return;
    }
    this.#open?.arrived(chunk.length, this.#intake.receivedAtMs);
    this.#read();
    this.#open?.settle();
  }

  #read(): void {
    try {
      this.#intake.read();
    } catch (error) {
      this.#fail(error);
    }
  }

  #handle(packet: Packet): void {
    if (packet.type === "connect" && this.#phase === "new") this.#connect(packet);
    else if (packet.type === "connect" || packet.type === "auth" || !this.#open) {
      throw new MalformedPacketError(ReasonCode.protocolError, "This packet does not belong here.");
    } else if (packet.type === "disconnect") this.#disconnect(packet, this.#open.session);
    else this.#open.handle(packet);
  }

  #flood(): void {
    this.#core.counters.floodedConnections++;
    this.close(ReasonCode.messageRateTooHigh);
  }

  #connect(packet: ConnectPacket): void {
    const problem = refusalBeforeAuthentication(this.#core, { packet, address: this.#address });
    if (problem !== undefined) {
      this.#refuse(problem);
      return;
    }
    this.#phase = "authenticating";
    const clientId = packet.clientId === "" ? newClientId() : packet.clientId;
    const { username, password } = packet;
    const { secure = false } = this.#stream;
    const request = { clientId, username, password, info: this.#info, remoteAddress: this.remoteAddress, secure };
    const answer = this.#core.authenticate(request);
    if (!(answer instanceof Promise)) {
      this.#admit(packet, { clientId, answer });
      return;
    }
    this.#stream.pause?.();
    answer
      .then((decided) => {
        this.#admit(packet, { clientId, answer: decided });
        this.#read();
      })
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        if (!this.#open?.isThrottled) this.#stream.resume?.();
      });
  }

  #admit(packet: ConnectPacket, candidate: { readonly clientId: string; readonly answer: Authentication }): void {
    if (this.#phase !== "authenticating") return;
    const { clientId, answer } = candidate;
    const grant = grantIn(answer);
    const { sessions, limits } = this.#core;
    const existing = sessions.get(clientId);
    const problem = refusalAfterAuthentication(this.#core, { packet, address: this.#address, answer, existing });
    if (!grant || problem !== undefined) {
      this.#refuse(problem ?? ReasonCode.notAuthorized);
      return;
    }
    const terms = termsFor(packet, { grant, limits });
    existing?.link?.close(ReasonCode.sessionTakenOver);
    const { session, isPresent } = sessions.open(clientId, { grant, resume: !packet.cleanStart });
    const link = this.#openWith(session, terms);
    const properties = connackProperties(packet, { grant, limits, terms, clientId });
    link.reply({ type: "connack", sessionPresent: isPresent, reasonCode: ReasonCode.success, properties });
    if (session.link !== link) return;
    link.resume();
    this.#core.counters.connectionsAccepted++;
    this.#core.events.onConnect?.(this);
  }

  #openWith(session: Session, terms: Terms): ClientLink {
    const open = new OpenConnection({
      core: this.#core,
      stream: this.#stream,
      session,
      terms,
      level: this.level,
      onClose: (reasonCode) => this.close(reasonCode),
      onFlood: () => this.#flood(),
      onError: (error) => this.#fail(error),
    });
    this.#phase = "open";
    this.#open = open;
    this.#intake.enlarge();
    return open.link;
  }

  #refuse(reasonCode: number): void {
    this.#core.counters.connectionsRefused++;
    this.#end({ how: "close", lastPacket: refusalPacket(reasonCode, this.level), cause: reasonName(reasonCode) });
  }

  #disconnect(packet: DisconnectPacket, session: Session): void {
    const expiryS = packet.properties?.sessionExpiryS;
    if (expiryS !== undefined && expiryS > 0 && session.expiryS === 0) {
      throw new MalformedPacketError(ReasonCode.protocolError, "A session without expiry cannot get one.");
    }
    const maximum = session.grant.sessionExpiryMaxS ?? this.#core.limits.sessionExpiryMaxS;
    if (expiryS !== undefined) session.expiryS = Math.min(expiryS, maximum);
    this.#end({ how: "close", isClean: packet.reasonCode === ReasonCode.normalDisconnection });
  }

  /** What the client did wrong is told to it; what we did wrong is told to our owner. */
  #fail(error: unknown): void {
    if (this.#phase === "ended") return;
    const isTheirs = error instanceof MalformedPacketError;
    if (isTheirs) this.#core.counters.protocolErrors++;
    else reportFault(this.#core, error);
    if (this.#open) this.close(isTheirs ? error.reasonCode : ReasonCode.implementationSpecificError);
    else this.#refuse(isTheirs ? reasonOfBrokenConnect(error, this.level) : ReasonCode.serverUnavailable);
  }

  #end(ending: Ending): void {
    if (this.#phase === "ended") return;
    this.#phase = "ended";
    tellEnding(this, { cause: ending.cause, wasOpen: this.#open !== undefined, events: this.#core.events });
    try {
      endStream(this.#stream, ending, { level: this.level, link: this.#open?.link });
    } catch (error) {
      reportFault(this.#core, error);
      this.#stream.destroy();
    }
    try {
      this.#leave(ending.isClean ?? false);
    } catch (error) {
      reportFault(this.#core, error);
    }
  }

  #leave(isClean: boolean): void {
    this.#onEnd(this);
    const open = this.#open;
    if (!open) return;
    open.close();
    this.#core.sessions.detach(open.session, { willful: isClean, nowMs: this.#core.now() });
    this.#core.events.onDisconnect?.(this);
  }
}
