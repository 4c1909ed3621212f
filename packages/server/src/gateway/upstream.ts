import {
  type ByteStream,
  type ConnackPacket,
  type ConnectPacket,
  type Dial,
  encodePacket,
  MalformedPacketError,
  type Packet,
  PacketParser,
  type ProtocolLevel,
  ReasonCode,
} from "@mqtt-meet/mqtt";

/** A broker that answers later than this is of no use for a meeting. */
const HANDSHAKE_MS = 5_000;

/** What an {@link Upstream} is told, and whom it tells. */
export interface UpstreamOptions {
  readonly dial: Dial;
  readonly connect: ConnectPacket;
  readonly maxPacketBytes: number;
  /** The broker's answer, whatever it is. */
  readonly onConnack: (packet: ConnackPacket) => void;
  /** Everything after that. */
  readonly onPacket: (packet: Packet) => void;
  /** All that was sent has been taken. */
  readonly onDrain: () => void;
  /** The broker took the connection and has not answered CONNECT. Called before `onEnd`. */
  readonly onSilent?: ((stream: ByteStream) => void) | undefined;
  /** It is over, in whatever way but by {@link Upstream.leave} or {@link Upstream.cut}. Called once. */
  readonly onEnd: (end: UpstreamEnd) => void;
}

/** How a connection to the broker ended: "unreachable" before it was open, "silent" before it answered. */
export type UpstreamEnd = "unreachable" | "silent" | "lost";

/** One connection of a gateway to the broker behind it, for one client. */
export class Upstream {
  readonly #options: UpstreamOptions;
  readonly #level: ProtocolLevel;
  readonly #parser: PacketParser;
  readonly #lifetime = new AbortController();
  #stream: ByteStream | undefined;
  #isAnswered = false;

  constructor(options: UpstreamOptions) {
    this.#options = options;
    this.#level = options.connect.level === 5 ? 5 : 4;
    const { maxPacketBytes } = options;
    this.#parser = new PacketParser({ maxPacketBytes, level: this.#level, receiver: "client" });
    const { signal } = this.#lifetime;
    const timer = setTimeout(() => this.#timedOut(), HANDSHAKE_MS).unref();
    signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
    options.dial({ signal }).then(
      (stream) => this.#open(stream),
      () => this.#end("unreachable"),
    );
  }

  /** What the broker has not taken yet. */
  get bufferedBytes(): number {
    return this.#stream?.bufferedBytes ?? 0;
  }

  send(packet: Packet): void {
    if (!this.#lifetime.signal.aborted) this.#stream?.send(encodePacket(packet, this.#level));
  }

  /** Says goodbye with this reason: the client's will does not count, unless the reason says so. */
  leave(reasonCode: number): void {
    this.send({ type: "disconnect", reasonCode });
    this.#lifetime.abort();
    this.#stream?.close();
  }

  /** Ends at once, as a lost connection does. Has no effect after {@link leave}, whose goodbye may still be on its way. */
  cut(): void {
    if (this.#lifetime.signal.aborted) return;
    this.#lifetime.abort();
    this.#stream?.destroy();
  }

  #open(stream: ByteStream): void {
    if (this.#lifetime.signal.aborted) {
      stream.destroy();
      return;
    }
    this.#stream = stream;
    stream.onClose = () => {
      if (!this.#isAnswered && !this.#lifetime.signal.aborted) this.#options.onSilent?.(stream);
      this.#end(this.#isAnswered ? "lost" : "silent");
    };
    stream.onDrain = () => this.#options.onDrain();
    stream.onData = (chunk) => this.#receive(chunk);
    this.send(this.#options.connect);
  }

  #receive(chunk: Uint8Array): void {
    const { signal } = this.#lifetime;
    try {
      for (const packet of this.#parser.push(chunk)) {
        if (signal.aborted) return;
        this.#handle(packet);
      }
    } catch (error) {
      if (!(error instanceof MalformedPacketError)) throw error;
      this.#stream?.destroy();
      this.#end("lost");
    }
  }

  #handle(packet: Packet): void {
    if (this.#isAnswered) {
      this.#options.onPacket(packet);
      return;
    }
    if (packet.type !== "connack") {
      throw new MalformedPacketError(ReasonCode.protocolError, "The broker's first packet is no CONNACK.");
    }
    this.#isAnswered = true;
    this.#options.onConnack(packet);
  }

  #timedOut(): void {
    if (this.#isAnswered) return;
    if (this.#stream) this.#options.onSilent?.(this.#stream);
    this.#end("unreachable");
    this.#stream?.destroy();
  }

  #end(end: UpstreamEnd): void {
    if (this.#lifetime.signal.aborted) return;
    this.#lifetime.abort();
    this.#options.onEnd(end);
  }
}
