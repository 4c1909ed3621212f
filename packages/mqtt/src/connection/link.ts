import { encodeClientPacket } from "../codec/encode-client-packet.ts";
import { MalformedPacketError, violation } from "../codec/malformed-packet-error.ts";
import type { ConnackPacket, ConnectPacket, ProtocolLevel } from "../codec/packet.ts";
import { PacketCutter } from "../codec/packet-cutter.ts";
import { parseServerPacket, type ServerPacket } from "../codec/parse-server-packet.ts";
import { ReasonCode } from "../codec/reason-code.ts";
import type { ByteStream } from "./byte-stream.ts";
import { ConnectionError } from "./connection-error.ts";
import type { PathState } from "./connection-state.ts";
import { Delivery } from "./delivery.ts";
import { KeepAlive } from "./keep-alive.ts";
import { disconnectError, refusalError } from "./server-error.ts";
import { UnsentBytes } from "./unsent-bytes.ts";

/** What a link does not answer itself. */
export type SessionPacket = Exclude<ServerPacket, { type: "connack" | "pingresp" | "disconnect" }>;

/** What a {@link Link} is told, and whom it tells. */
export interface LinkOptions {
  readonly level: ProtocolLevel;
  /** What CONNECT says; the server may decide otherwise. 0: none. */
  readonly keepAliveS: number;
  readonly maxPacketBytes: number;
  readonly pingIntervalMs: number;
  readonly handshakeTimeoutMs: number;
  readonly now: () => number;
  /** The server has let us in. */
  readonly onConnected: (connack: ConnackPacket) => void;
  readonly onPacket: (packet: SessionPacket) => void;
  /** It is over, in whatever way but {@link Link.close}. Called once. */
  readonly onEnd: (error: ConnectionError) => void;
}

/** A server that answers no PINGREQ is waited for this long when it has no keep alive. */
const SILENCE_WITHOUT_KEEP_ALIVE_MS = 15_000;

/** Several a second; the same in all versions. */
const PINGREQ = Uint8Array.of(0xc0, 0);

/** MQTT over one stream: from CONNECT to the end. */
export class Link {
  readonly level: ProtocolLevel;
  readonly #stream: ByteStream;
  readonly #options: LinkOptions;
  readonly #cutter: PacketCutter<ServerPacket>;
  readonly #unsent = new UnsentBytes();
  readonly #delivery = new Delivery();
  readonly #handshakeTimer: ReturnType<typeof setTimeout>;
  #keepAlive: KeepAlive | undefined;
  #connected = false;
  #ended = false;
  #onClosed: (() => void) | undefined;

  /** Takes the stream over. */
  constructor(stream: ByteStream, options: LinkOptions) {
    this.#stream = stream;
    this.#options = options;
    this.level = options.level;
    this.#cutter = new PacketCutter(options.maxPacketBytes, {
      allow: () => undefined,
      parse: (reader, header) => parseServerPacket(reader, header, this.level),
    });
    this.#handshakeTimer = setTimeout(
      () => this.#fail(new ConnectionError("timeout", "The server does not answer.")),
      options.handshakeTimeoutMs,
    );
    stream.onClose = (error) => this.#closed(error);
    stream.onData = (chunk) => this.#receive(chunk);
  }

  /** The first packet. Everything else is the answer to it. */
  connect(packet: ConnectPacket): void {
    this.send(encodeClientPacket(packet, this.level));
  }

  get bufferedBytes(): number {
    return this.#ended ? 0 : this.#stream.bufferedBytes;
  }

  oldestAgeMs(nowMs: number): number {
    return this.#unsent.oldestAgeMs({ bufferedBytes: this.bufferedBytes, nowMs });
  }

  roundTripMs(): number | undefined {
    return this.#keepAlive?.roundTrip.lastMs(this.#options.now());
  }

  minRoundTripMs(): number | undefined {
    return this.#keepAlive?.roundTrip.minMs(this.#options.now());
  }

  /** Undefined before the first answer to a PINGREQ. */
  path(): PathState | undefined {
    const nowMs = this.#options.now();
    const roundTrip = this.#keepAlive?.roundTrip;
    const [roundTripMs, minRoundTripMs] = [roundTrip?.answeredMs, roundTrip?.minMs(nowMs)];
    const { sentBytes, delivered } = this.#delivery;
    if (roundTripMs === undefined || minRoundTripMs === undefined || delivered === undefined) return undefined;
    const waitedMs = nowMs - (roundTrip?.pingAtMs ?? nowMs);
    return { roundTripMs, minRoundTripMs, waitedMs, sentBytes, delivered };
  }

  /** Straight to the stream: one packet, one call. */
  readonly send = (bytes: Uint8Array): void => {
    if (this.#ended) return;
    const bufferedBefore = this.#stream.bufferedBytes;
    this.#stream.send(bytes);
    const { bufferedBytes } = this.#stream;
    this.#delivery.sent(bytes.length);
    this.#unsent.sent(bytes.length, { bufferedBefore, bufferedBytes, nowMs: this.#options.now() });
  };

  /** The owner found the other side, or us, breaking the rules. */
  fail(error: MalformedPacketError): void {
    this.#disconnect(error.reasonCode);
    this.#fail(new ConnectionError("protocol", error.message, { cause: error, reasonCode: error.reasonCode }));
  }

  /** Says goodbye, and then it is over as if it had been lost: the owner makes another. */
  abandon(): void {
    if (this.#connected) this.#disconnect(ReasonCode.normalDisconnection);
    this.#fail(new ConnectionError("closed", "The connection was given up for a new one."));
  }

  /** Says goodbye. Resolves when the stream has ended. */
  close(): Promise<void> {
    if (this.#ended) return Promise.resolve();
    if (this.#connected) this.#disconnect(ReasonCode.normalDisconnection);
    this.#stop();
    return new Promise((resolve) => {
      this.#onClosed = resolve;
      this.#stream.close();
    });
  }

  /** Ends at once, without a goodbye. */
  destroy(): void {
    this.#stop();
    this.#stream.destroy();
  }

  #receive(chunk: Uint8Array): void {
    if (this.#ended) return;
    this.#keepAlive?.received();
    try {
      for (const packet of this.#cutter.push(chunk)) {
        this.#handle(packet);
        if (this.#ended) return;
      }
    } catch (error) {
      if (!(error instanceof MalformedPacketError)) throw error;
      this.fail(error);
    }
  }

  #handle(packet: ServerPacket): void {
    if (packet.type === "disconnect") this.#fail(disconnectError(packet));
    else if (!this.#connected) this.#handshake(packet);
    else if (packet.type === "connack") throw violation("a second CONNACK");
    else if (packet.type === "pingresp") this.#answered();
    else this.#options.onPacket(packet);
  }

  #answered(): void {
    this.#delivery.answered(this.#options.now());
    this.#keepAlive?.answered();
  }

  #ping(): void {
    this.#delivery.pinged();
    this.send(PINGREQ);
  }

  #handshake(packet: ServerPacket): void {
    if (packet.type !== "connack") throw violation("the server's first packet is no CONNACK");
    if (packet.reasonCode !== ReasonCode.success) {
      this.#fail(refusalError("connection", packet));
      return;
    }
    clearTimeout(this.#handshakeTimer);
    this.#connected = true;
    this.#options.onConnected(packet);
    if (this.#ended) return;
    this.#keepAlive = this.#newKeepAlive(packet);
    this.#keepAlive.check();
  }

  #newKeepAlive({ properties }: ConnackPacket): KeepAlive {
    const keepAliveMs = 1000 * (properties?.serverKeepAliveS ?? this.#options.keepAliveS);
    const asked = this.#options.pingIntervalMs;
    return new KeepAlive({
      intervalMs: keepAliveMs > 0 ? Math.min(asked, keepAliveMs / 2) : asked,
      timeoutMs: keepAliveMs > 0 ? (keepAliveMs * 2) / 3 : SILENCE_WITHOUT_KEEP_ALIVE_MS,
      now: this.#options.now,
      ping: () => this.#ping(),
      onSilent: () => this.#fail(new ConnectionError("keep-alive", "The server does not answer any more.")),
    });
  }

  #disconnect(reasonCode: number): void {
    // 3.1.1 has only the normal goodbye, after which the server forgets the will.
    if (this.level === 4 && reasonCode !== ReasonCode.normalDisconnection) return;
    this.send(encodeClientPacket({ type: "disconnect", reasonCode }, this.level));
  }

  #closed(error: Error | undefined): void {
    this.#onClosed?.();
    if (this.#ended) return;
    this.#stop();
    this.#options.onEnd(this.#closeError(error));
  }

  #closeError(error: Error | undefined): ConnectionError {
    if (error instanceof ConnectionError) return error;
    const message = this.#connected ? "The connection was lost." : "The server hung up without an answer.";
    return new ConnectionError("closed", message, { cause: error });
  }

  #fail(error: ConnectionError): void {
    if (this.#ended) return;
    this.#stop();
    // Nobody would read the rest of what a silent peer was sent.
    if (error.code === "keep-alive" || error.code === "timeout") this.#stream.destroy();
    else this.#stream.close();
    this.#options.onEnd(error);
  }

  #stop(): void {
    this.#ended = true;
    clearTimeout(this.#handshakeTimer);
    this.#keepAlive?.close();
  }
}
