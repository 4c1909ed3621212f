import { type ByteStream, type Packet, PacketParser, type ProtocolLevel } from "@mqtt-meet/mqtt";
import type { BrokerCore } from "./broker-core.ts";
import type { ConnectionInfo } from "./grant.ts";

/** What an {@link Intake} needs. */
export interface IntakeOptions {
  readonly core: Pick<BrokerCore, "limits" | "counters" | "now">;
  readonly stream: ByteStream;
  readonly info: ConnectionInfo;
  /** Whether the next packet is wanted; what is not stays. Asked before each. */
  readonly isReading: () => boolean;
  readonly onPacket: (packet: Packet) => void;
}

/** Why a connection has to end now; each is counted. */
export type Overdue = "undecided" | "stalled" | "silent";

/** What decides whether a connection that is open is overdue. */
export interface OpenState {
  readonly keepAliveS: number;
  /** How long it has taken nothing. */
  readonly stalledMs: number;
}

/** One chunk may be on its way when reading is stopped. */
const CHUNK_BYTES = 64 * 1024;

/** The way in of one connection: its bytes become packets, within the limits, and its silence is measured. */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #parser: PacketParser;
  readonly #acceptedAtMs: number;
  #receivedAtMs: number;
  #heldBytes = 0;

  constructor(options: IntakeOptions) {
    this.#options = options;
    const { limits, now } = options.core;
    this.#parser = new PacketParser({
      maxPacketBytes: limits.maxConnectPacketBytes,
      receiver: "server",
      refuseControlCharacters: true,
    });
    this.#acceptedAtMs = now();
    this.#receivedAtMs = this.#acceptedAtMs;
  }

  /** 4 until a CONNECT said it. */
  get level(): ProtocolLevel {
    return this.#parser.level ?? 4;
  }

  get transport(): "tcp" | "websocket" {
    return this.#options.stream.transport;
  }

  /** Who it is, as a trusted proxy says or the stream. */
  get remoteAddress(): string | undefined {
    return this.#options.info.remoteAddress ?? this.#options.stream.remoteAddress;
  }

  /** When something last came. */
  get receivedAtMs(): number {
    return this.#receivedAtMs;
  }

  /** From now on packets may be as large as those of a client that was let in. */
  enlarge(): void {
    this.#parser.maxPacketBytes = this.#options.core.limits.maxPacketBytes;
  }

  /** Takes a chunk, of which nothing is handled yet. Returns false when more waits than may. */
  push(chunk: Uint8Array): boolean {
    const { core, isReading } = this.#options;
    this.#receivedAtMs = core.now();
    core.counters.bytesIn += chunk.length;
    if (!isReading()) this.#heldBytes += chunk.length;
    if (this.#heldBytes > core.limits.maxConnectPacketBytes + CHUNK_BYTES) return false;
    this.#parser.push(chunk);
    return true;
  }

  /** Hands on what has come, as far as it is wanted. Throws MalformedPacketError. */
  read(): void {
    const { isReading, onPacket } = this.#options;
    while (isReading()) {
      const packet = this.#parser.next();
      if (!packet) return;
      onPacket(packet);
    }
  }

  /** Whether the connection has been silent, stalled or undecided for too long. `open` is there once it was let in. */
  overdue(nowMs: number, open: OpenState | undefined): Overdue | undefined {
    const { limits, counters } = this.#options.core;
    if (!open) {
      if (nowMs - this.#acceptedAtMs < limits.connectTimeoutMs) return undefined;
      counters.connectionsRefused++;
      return "undecided";
    }
    if (open.stalledMs >= limits.drainTimeoutMs) {
      counters.stalledConnections++;
      return "stalled";
    }
    if (nowMs - this.#receivedAtMs <= open.keepAliveS * 1500) return undefined;
    counters.silentConnections++;
    return "silent";
  }
}
