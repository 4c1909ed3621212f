import { encodePacket } from "../codec/encode-packet.ts";
import type { ConnackPacket, ConnectPacket, Packet, ProtocolLevel } from "../codec/packet.ts";
import { PacketParser } from "../codec/packet-parser.ts";
import type { ByteStream, Dial } from "../connection/byte-stream.ts";
import { ConnectionError } from "../connection/connection-error.ts";

/** The client's end of a connection without a network; the test plays the server. */
export class FakeStream implements ByteStream {
  readonly transport = "websocket";
  bufferedBytes = 0;
  onData: ((chunk: Uint8Array) => void) | undefined;
  onDrain: (() => void) | undefined;
  onClose: ((error?: Error) => void) | undefined;
  /** Each call of `send`. */
  readonly frames: Uint8Array[] = [];
  readonly received: Packet[] = [];
  /** While true, what is sent waits in `bufferedBytes`. */
  stalled = false;
  /** The peer takes nothing any more, so that `close` never ends. */
  stuck = false;
  closed = false;
  readonly #parser = new PacketParser({ maxPacketBytes: 1 << 24, receiver: "server" });
  readonly #onPacket: (packet: Packet, stream: FakeStream) => void;

  constructor(onPacket: (packet: Packet, stream: FakeStream) => void) {
    this.#onPacket = onPacket;
  }

  get level(): ProtocolLevel {
    return this.#parser.level ?? 5;
  }

  send(bytes: Uint8Array): void {
    if (this.closed) throw new Error("sent after the end");
    this.frames.push(bytes);
    if (this.stalled) this.bufferedBytes += bytes.length;
    for (const packet of this.#parser.push(bytes)) {
      this.received.push(packet);
      this.#onPacket(packet, this);
    }
  }

  /** The server sends. */
  reply(...packets: Packet[]): void {
    for (const packet of packets) this.onData?.(encodePacket(packet, this.level));
  }

  /** The server's end, or the network's. */
  hangUp(error?: Error): void {
    if (this.closed) return;
    this.closed = true;
    this.onClose?.(error);
  }

  close(): void {
    if (!this.stuck) this.hangUp();
  }

  destroy(): void {
    this.hangUp();
  }
}

/** What a {@link FakeServer} answers to a CONNECT: a CONNACK, or nothing. */
export type Welcome = (connect: ConnectPacket, stream: FakeStream) => Partial<ConnackPacket> | undefined;

/** A server for tests: lets clients in and answers PINGREQ; everything else is the test's. */
export class FakeServer {
  readonly streams: FakeStream[] = [];
  welcome: Welcome = () => ({});
  answersPings = true;
  /** Dialling fails while this is set. */
  down: ConnectionError | undefined;
  onPacket: (packet: Packet, stream: FakeStream) => void = () => undefined;

  readonly dial: Dial = async ({ signal }) => {
    signal.throwIfAborted();
    if (this.down) throw this.down;
    const stream = new FakeStream((packet, to) => this.#handle(packet, to));
    this.streams.push(stream);
    return stream;
  };

  /** The newest connection. */
  get stream(): FakeStream {
    const stream = this.streams.at(-1);
    if (!stream) throw new Error("nobody has connected");
    return stream;
  }

  /** What the newest connection has received, by type. */
  received<T extends Packet["type"]>(type: T): Extract<Packet, { type: T }>[] {
    return this.stream.received.filter((packet) => packet.type === type) as Extract<Packet, { type: T }>[];
  }

  #handle(packet: Packet, stream: FakeStream): void {
    if (packet.type === "connect") {
      const answer = this.welcome(packet, stream);
      if (answer) stream.reply({ type: "connack", sessionPresent: false, reasonCode: 0, ...answer });
    } else if (packet.type === "pingreq" && this.answersPings) stream.reply({ type: "pingresp" });
    this.onPacket(packet, stream);
  }
}

/** A server that cannot be reached. */
export const UNREACHABLE = new ConnectionError("unreachable", "Nothing listens there.");
