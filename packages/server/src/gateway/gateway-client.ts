import type { Authentication, ConnectedClient, ConnectionInfo, Grant } from "@mqtt-meet/broker";
import {
  connackProperties,
  type Ending,
  endStream,
  grantIn,
  Intake,
  newClientId,
  reasonName,
  reasonOfBrokenConnect,
  refusalAfterAuthentication,
  refusalBeforeAuthentication,
  refusalPacket,
  reportFault,
  tellEnding,
  termsFor,
} from "@mqtt-meet/broker/parts";
import {
  type ByteStream,
  type ConnackPacket,
  type ConnectPacket,
  MalformedPacketError,
  type Packet,
  type ProtocolLevel,
  ReasonCode,
} from "@mqtt-meet/mqtt";
import type { GatewayCore } from "./gateway-core.ts";
import { mergeConnack } from "./merge-connack.ts";
import { Reading } from "./reading.ts";
import { Relay } from "./relay.ts";
import { Upstream, type UpstreamEnd } from "./upstream.ts";
import { upstreamConnect } from "./upstream-connect.ts";

/** What a {@link GatewayClient} needs. */
export interface GatewayClientOptions {
  readonly core: GatewayCore;
  readonly stream: ByteStream;
  readonly info: ConnectionInfo;
  /** What it is counted under; undefined for a local one. */
  readonly address: string | undefined;
  /** Called once, when it has ended. */
  readonly onEnd: (client: GatewayClient) => void;
}

/** A client that may come in, as soon as the broker lets it. */
interface Candidate {
  readonly packet: ConnectPacket;
  readonly clientId: string;
  readonly grant: Grant;
}

/**
 * One network connection through the gateway: judged as the embedded broker would, then carried on over a connection of
 * its own to the broker behind. When either side ends, the other does. A fault in it ends only itself.
 */
export class GatewayClient implements ConnectedClient {
  readonly #core: GatewayCore;
  readonly #stream: ByteStream;
  readonly #info: ConnectionInfo;
  readonly #address: string | undefined;
  readonly #onEnd: (client: GatewayClient) => void;
  readonly #intake: Intake;
  readonly #reading: Reading;
  #phase: "new" | "waiting" | "open" | "ended" = "new";
  #candidate: Candidate | undefined;
  #upstream: Upstream | undefined;
  #relay: Relay | undefined;

  constructor({ core, stream, info, address, onEnd }: GatewayClientOptions) {
    this.#core = core;
    this.#stream = stream;
    this.#info = info;
    this.#address = address;
    this.#onEnd = onEnd;
    this.#reading = new Reading(stream);
    const isReading = () => this.#phase === "new" || this.#phase === "open";
    this.#intake = new Intake({ core, stream, info, isReading, onPacket: (packet) => this.#handle(packet) });
    stream.onClose = () => this.#end({ how: "gone" });
    stream.onData = (chunk) => this.#receive(chunk);
  }

  get clientId(): string {
    return this.#candidate?.clientId ?? "";
  }

  get identity(): string {
    return this.#candidate?.grant.identity ?? "";
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
    return this.#relay?.queuedBytes ?? 0;
  }

  noteOldest(sinceMs: number[]): void {
    this.#relay?.noteOldest(sinceMs);
  }

  get subscriptions(): number {
    return this.#relay?.subscriptions ?? 0;
  }

  close(reasonCode: number): void {
    this.#end({ how: "close", lastPacket: { type: "disconnect", reasonCode }, cause: reasonName(reasonCode) });
  }

  /** The gateway ends, not the client: it will come back, and its will is not wanted. */
  shutDown(): void {
    this.#upstream?.leave(ReasonCode.normalDisconnection);
    const lastPacket: Packet = { type: "disconnect", reasonCode: ReasonCode.serverShuttingDown };
    this.#end({ how: "close", lastPacket: this.#relay ? lastPacket : undefined });
  }

  /** Ends the connection if it has been silent, stalled or undecided for too long. Ask about once a second. */
  tick(nowMs: number): void {
    // The broker behind has a time of its own to answer.
    if (this.#phase === "waiting") return;
    const relay = this.#relay && { keepAliveS: this.#relay.keepAliveS, stalledMs: this.#relay.stalledMs(nowMs) };
    const overdue = this.#intake.overdue(nowMs, relay);
    if (overdue === "silent") this.close(ReasonCode.keepAliveTimeout);
    else if (overdue) this.#end({ how: "cut", cause: overdue });
  }

  #receive(chunk: Uint8Array): void {
    if (this.#phase === "ended") return;
    if (!this.#intake.push(chunk)) {
      this.#end({ how: "cut", cause: "early-data" });
      return;
    }
    this.#relay?.arrived(chunk.length, this.#intake.receivedAtMs);
    this.#guard(() => this.#intake.read());
    this.#relay?.settle();
  }

  #handle(packet: Packet): void {
    if (packet.type === "connect" && this.#phase === "new") this.#connect(packet);
    else if (packet.type === "connect" || packet.type === "auth" || !this.#relay) {
      throw new MalformedPacketError(ReasonCode.protocolError, "This packet does not belong here.");
    } else if (packet.type === "disconnect") {
      this.#upstream?.leave(packet.reasonCode);
      this.#end({ how: "close" });
    } else this.#relay.fromClient(packet);
  }

  #connect(packet: ConnectPacket): void {
    const problem = refusalBeforeAuthentication(this.#core, { packet, address: this.#address });
    if (problem !== undefined) {
      this.#refuse(problem);
      return;
    }
    this.#phase = "waiting";
    this.#reading.hold("admission");
    const clientId = packet.clientId === "" ? newClientId() : packet.clientId;
    const { username, password } = packet;
    const { secure = false } = this.#stream;
    const request = { clientId, username, password, info: this.#info, remoteAddress: this.remoteAddress, secure };
    Promise.resolve(this.#core.authenticate(request))
      .then((answer) => this.#admit(packet, { clientId, answer }))
      .catch((error: unknown) => this.#fail(error));
  }

  #admit(packet: ConnectPacket, { clientId, answer }: { clientId: string; answer: Authentication }): void {
    if (this.#phase !== "waiting") return;
    const [grant, existing] = [grantIn(answer), this.#core.holders.get(clientId)];
    const problem = refusalAfterAuthentication(this.#core, { packet, address: this.#address, answer, existing });
    if (!grant || problem !== undefined) this.#refuse(problem ?? ReasonCode.notAuthorized);
    else if (this.level === 5 && this.#core.knowledge.speaksMqtt5 === false) {
      this.#refuse(ReasonCode.unsupportedProtocolVersion);
    } else this.#dial({ packet, clientId, grant });
  }

  #dial(candidate: Candidate): void {
    const { packet, clientId, grant } = candidate;
    const { limits, address } = this.#core;
    const terms = termsFor(packet, { grant, limits });
    this.#candidate = candidate;
    this.#core.holders.set(clientId, candidate);
    this.#upstream = new Upstream({
      ...{ dial: address.dial, onSilent: address.silent },
      connect: upstreamConnect(packet, { clientId, terms, limits, account: address, level: this.level }),
      maxPacketBytes: limits.maxPacketBytes,
      onConnack: (connack) => this.#guard(() => this.#answered(connack)),
      onPacket: (packet) =>
        this.#guard(() =>
          packet.type === "disconnect" ? this.close(packet.reasonCode) : this.#relay?.fromBroker(packet),
        ),
      onDrain: () => this.#reading.release("broker"),
      onEnd: (end) => this.#guard(() => this.#lostBroker(end)),
    });
  }

  #answered(connack: ConnackPacket): void {
    const { knowledge, limits, counters, events } = this.#core;
    const [candidate, upstream] = [this.#candidate, this.#upstream];
    if (this.#phase !== "waiting" || !candidate || !upstream) return;
    if (connack.reasonCode !== ReasonCode.success) {
      this.#refusedByBroker(connack.reasonCode);
      return;
    }
    if (this.level === 5) knowledge.speaksMqtt5 = true;
    const { packet, clientId, grant } = candidate;
    const terms = termsFor(packet, { grant, limits });
    const properties = mergeConnack(connackProperties(packet, { grant, limits, terms, clientId }), connack.properties);
    this.#relay = new Relay({
      ...{ core: this.#core, grant, terms, upstream, level: this.level, stream: this.#stream, reading: this.#reading },
      keepAliveS: Math.min(terms.keepAliveS, properties.serverKeepAliveS ?? terms.keepAliveS),
      onClose: (reasonCode) => this.close(reasonCode),
      onFlood: () => this.#flood(),
      onError: (error) => this.#fail(error),
    });
    this.#phase = "open";
    this.#intake.enlarge();
    const { sessionPresent } = connack;
    this.#relay.reply({ type: "connack", sessionPresent, reasonCode: ReasonCode.success, properties });
    counters.connectionsAccepted++;
    events.onConnect?.(this);
    this.#reading.release("admission");
    this.#intake.read();
  }

  #flood(): void {
    this.#core.counters.floodedConnections++;
    this.close(ReasonCode.messageRateTooHigh);
  }

  /** What the broker has against our version concerns the client; anything else is between it and us. */
  #refusedByBroker(reasonCode: number): void {
    const { knowledge, events } = this.#core;
    if (reasonCode === 1 || reasonCode === ReasonCode.unsupportedProtocolVersion) {
      if (this.level === 5) knowledge.speaksMqtt5 = false;
      this.#refuse(ReasonCode.unsupportedProtocolVersion);
      return;
    }
    events.onError?.(new Error(`The broker refused the gateway's connection with code ${reasonCode}.`));
    this.#refuse(ReasonCode.serverUnavailable);
  }

  #lostBroker(end: UpstreamEnd): void {
    const { knowledge } = this.#core;
    if (end === "lost") this.#end({ how: "close" });
    else if (end === "silent" && this.level === 5 && knowledge.speaksMqtt5 !== true) {
      // Some brokers hang up on a version that they do not know.
      this.#refuse(ReasonCode.unsupportedProtocolVersion);
    } else this.#refuse(ReasonCode.serverUnavailable);
  }

  #refuse(reasonCode: number): void {
    this.#core.counters.connectionsRefused++;
    this.#end({ how: "close", lastPacket: refusalPacket(reasonCode, this.level), cause: reasonName(reasonCode) });
  }

  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** What the client did wrong is told to it; what we did wrong is told to our owner. */
  #fail(error: unknown): void {
    if (this.#phase === "ended") return;
    const isTheirs = error instanceof MalformedPacketError;
    if (isTheirs) this.#core.counters.protocolErrors++;
    else reportFault(this.#core, error);
    if (this.#relay) this.close(isTheirs ? error.reasonCode : ReasonCode.implementationSpecificError);
    else this.#refuse(isTheirs ? reasonOfBrokenConnect(error, this.level) : ReasonCode.serverUnavailable);
  }

  #end(ending: Ending): void {
    if (this.#phase === "ended") return;
    const wasOpen = this.#phase === "open";
    this.#phase = "ended";
    const { holders, events } = this.#core;
    tellEnding(this, { cause: ending.cause, wasOpen, events });
    try {
      // After `leave` it has no effect; otherwise the broker publishes the client's will.
      this.#upstream?.cut();
      endStream(this.#stream, ending, { level: this.level, link: this.#relay });
    } catch (error) {
      reportFault(this.#core, error);
      this.#stream.destroy();
    }
    this.#relay?.finish();
    if (holders.get(this.clientId) === this.#candidate) holders.delete(this.clientId);
    this.#onEnd(this);
    if (wasOpen) events.onDisconnect?.(this);
  }
}
