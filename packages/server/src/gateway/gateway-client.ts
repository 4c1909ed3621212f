import type { ConnectedClient, ConnectionInfo, Grant } from "@mqtt-meet/broker";
import { admissionProblem, connackProperties, connectProblem, newClientId, termsFor } from "@mqtt-meet/broker/parts";
import {
  type ByteStream,
  type ConnackPacket,
  type ConnectPacket,
  encodePacket,
  MalformedPacketError,
  type Packet,
  PacketParser,
  type ProtocolLevel,
  ReasonCode,
} from "@mqtt-meet/mqtt";
import { type GatewayCore, reportFault } from "./gateway-core.ts";
import { mergeConnack } from "./merge-connack.ts";
import { refusalPacket } from "./refusal-packet.ts";
import { openRelay, type Relay } from "./relay.ts";
import { Upstream, type UpstreamEnd } from "./upstream.ts";
import { upstreamConnect } from "./upstream-connect.ts";

/** What a {@link GatewayClient} needs. */
export interface GatewayClientOptions {
  readonly core: GatewayCore;
  readonly stream: ByteStream;
  readonly info: ConnectionInfo;
  /** Called once, when it has ended. */
  readonly onEnd: (client: GatewayClient) => void;
}

/** A client that may come in, as soon as the broker lets it. */
interface Candidate {
  readonly packet: ConnectPacket;
  readonly clientId: string;
  readonly grant: Grant;
}

/** One chunk may be on its way when reading is stopped. */
const CHUNK_BYTES = 64 * 1024;

/**
 * One network connection through the gateway: judged as the embedded broker would, then carried on over a connection of
 * its own to the broker behind. When either side ends, the other does. A fault in it ends only itself.
 */
export class GatewayClient implements ConnectedClient {
  readonly #core: GatewayCore;
  readonly #stream: ByteStream;
  readonly #info: ConnectionInfo;
  readonly #onEnd: (client: GatewayClient) => void;
  readonly #parser: PacketParser;
  readonly #acceptedAtMs: number;
  #phase: "new" | "waiting" | "open" | "ended" = "new";
  #candidate: Candidate | undefined;
  #upstream: Upstream | undefined;
  #relay: Relay | undefined;
  #receivedAtMs: number;
  /** What came before the client was let in. */
  #heldBytes = 0;

  constructor({ core, stream, info, onEnd }: GatewayClientOptions) {
    this.#core = core;
    this.#stream = stream;
    this.#info = info;
    this.#onEnd = onEnd;
    this.#parser = new PacketParser({ maxPacketBytes: core.limits.maxConnectPacketBytes, receiver: "server" });
    this.#acceptedAtMs = core.now();
    this.#receivedAtMs = this.#acceptedAtMs;
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
    return this.#parser.level ?? 4;
  }

  get transport(): "tcp" | "websocket" {
    return this.#stream.transport;
  }

  get remoteAddress(): string | undefined {
    return this.#stream.remoteAddress;
  }

  get queuedBytes(): number {
    return this.#relay?.queuedBytes ?? 0;
  }

  get subscriptions(): number {
    return this.#relay?.subscriptions ?? 0;
  }

  close(reasonCode: number): void {
    this.#end({ how: "close", lastPacket: { type: "disconnect", reasonCode } });
  }

  /** The gateway ends, not the client: it will come back, and its will is not wanted. */
  shutDown(): void {
    this.#upstream?.leave(ReasonCode.normalDisconnection);
    this.close(ReasonCode.serverShuttingDown);
  }

  /** Ends the connection if it has been silent, stalled or undecided for too long. Ask about once a second. */
  tick(nowMs: number): void {
    const { limits, counters } = this.#core;
    if (this.#phase === "new" && nowMs - this.#acceptedAtMs >= limits.connectTimeoutMs) {
      counters.connectionsRefused++;
      this.#end({ how: "cut" });
    }
    if (!this.#relay) return;
    if (this.#relay.stalledMs(nowMs) >= limits.drainTimeoutMs) {
      counters.stalledConnections++;
      this.#end({ how: "cut" });
    } else if (nowMs - this.#receivedAtMs > this.#relay.keepAliveS * 1500) {
      counters.silentConnections++;
      this.close(ReasonCode.keepAliveTimeout);
    }
  }

  #receive(chunk: Uint8Array): void {
    if (this.#phase === "ended") return;
    this.#receivedAtMs = this.#core.now();
    this.#core.counters.bytesIn += chunk.length;
    if (this.#phase === "waiting") this.#heldBytes += chunk.length;
    if (this.#heldBytes > this.#core.limits.maxConnectPacketBytes + CHUNK_BYTES) this.#end({ how: "cut" });
    else this.#guard(() => this.#process(chunk));
  }

  #process(chunk?: Uint8Array): void {
    if (chunk) this.#parser.push(chunk);
    while (this.#phase === "new" || this.#phase === "open") {
      const packet = this.#parser.next();
      if (!packet) return;
      this.#handle(packet);
    }
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
    const problem = connectProblem(packet, this.#core.limits);
    if (problem !== undefined) {
      this.#refuse(problem);
      return;
    }
    this.#phase = "waiting";
    this.#stream.pause?.();
    const clientId = packet.clientId === "" ? newClientId() : packet.clientId;
    const { username, password } = packet;
    const { remoteAddress, secure = false } = this.#stream;
    const request = { clientId, username, password, info: this.#info, remoteAddress, secure };
    Promise.resolve(this.#core.authenticate(request))
      .then((grant) => this.#admit(packet, { clientId, grant }))
      .catch((error: unknown) => this.#fail(error));
  }

  #admit(packet: ConnectPacket, { clientId, grant }: { clientId: string; grant: Grant | undefined }): void {
    if (this.#phase !== "waiting") return;
    const problem = admissionProblem(packet, { grant, existing: undefined });
    const holder = this.#core.holders.get(clientId)?.identity;
    if (!grant || problem !== undefined) this.#refuse(problem ?? ReasonCode.notAuthorized);
    else if (holder !== undefined && holder !== grant.identity) this.#refuse(ReasonCode.clientIdentifierNotValid);
    else if (this.level === 5 && this.#core.knowledge.speaksMqtt5 === false) {
      this.#refuse(ReasonCode.unsupportedProtocolVersion);
    } else this.#dial({ packet, clientId, grant });
  }

  #dial(candidate: Candidate): void {
    const { packet, clientId, grant } = candidate;
    const { limits, address } = this.#core;
    const terms = termsFor(packet, { grant, limits });
    this.#candidate = candidate;
    this.#core.holders.set(clientId, this);
    this.#upstream = new Upstream({
      dial: address.dial,
      connect: upstreamConnect(packet, { clientId, terms, limits, account: address, level: this.level }),
      maxPacketBytes: limits.maxPacketBytes,
      onConnack: (connack) => this.#guard(() => this.#answered(connack)),
      onPacket: (packet) =>
        this.#guard(() =>
          packet.type === "disconnect" ? this.close(packet.reasonCode) : this.#relay?.fromBroker(packet),
        ),
      onDrain: () => this.#stream.resume?.(),
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
    this.#relay = openRelay({
      ...{ core: this.#core, grant, terms, upstream, level: this.level, stream: this.#stream },
      keepAliveS: Math.min(terms.keepAliveS, properties.serverKeepAliveS ?? terms.keepAliveS),
      onClose: (reasonCode) => this.close(reasonCode),
      onError: (error) => this.#fail(error),
    });
    this.#phase = "open";
    this.#parser.maxPacketBytes = limits.maxPacketBytes;
    const { sessionPresent } = connack;
    this.#relay.reply({ type: "connack", sessionPresent, reasonCode: ReasonCode.success, properties });
    counters.connectionsAccepted++;
    events.onConnect?.(this);
    this.#stream.resume?.();
    this.#process();
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
    this.#end({ how: "close", lastPacket: refusalPacket(reasonCode, this.#parser.level) });
  }

  #goodbye(lastPacket: Packet | undefined): void {
    this.#relay?.finish();
    // 3.1.1 has no such packet from a server.
    if (lastPacket && (this.level === 5 || lastPacket.type !== "disconnect")) {
      this.#stream.send(encodePacket(lastPacket, this.level));
    }
    this.#stream.close();
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
    else this.#refuse(isTheirs ? error.reasonCode : ReasonCode.serverUnavailable);
  }

  /** "gone": the stream is closed already. "cut": what waits does not matter. */
  #end({ how, lastPacket }: { how: "gone" | "cut" | "close"; lastPacket?: Packet | undefined }): void {
    if (this.#phase === "ended") return;
    const wasOpen = this.#phase === "open";
    this.#phase = "ended";
    const { holders, events } = this.#core;
    try {
      // After `leave` it has no effect; otherwise the broker publishes the client's will.
      this.#upstream?.cut();
      if (how === "cut") this.#stream.destroy();
      else if (how === "close") this.#goodbye(lastPacket);
      this.#relay?.finish();
      if (holders.get(this.clientId) === this) holders.delete(this.clientId);
      this.#onEnd(this);
      if (wasOpen) events.onDisconnect?.(this);
    } catch (error) {
      reportFault(this.#core, error);
      this.#stream.destroy();
    }
  }
}
