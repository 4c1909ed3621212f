import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { type Packet, PacketParser } from "@mqtt-meet/mqtt";

/** Larger than anything that is said in a room. */
const MAX_PACKET_BYTES = 1 << 20;

/** One PUBLISH of somebody. */
export interface Published {
  readonly topic: string;
  readonly payload: Uint8Array;
}

/** Somebody between a server and everybody who speaks to it, who keeps every byte. Disposing of it ends it. */
export class WireTap implements AsyncDisposable {
  readonly port: number;
  readonly #server: ReturnType<typeof createServer>;
  readonly #sockets = new Set<Socket>();
  readonly #ways: { readonly up: Buffer[]; readonly down: Buffer[] }[] = [];

  private constructor(server: ReturnType<typeof createServer>, port: number) {
    this.#server = server;
    this.port = port;
  }

  /** Listens on a free port, and hands on to `to`. */
  static async before(to: number): Promise<WireTap> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const tap = new WireTap(server, typeof address === "object" && address ? address.port : 0);
    server.on("connection", (socket) => tap.#accept(socket, to));
    return tap;
  }

  /** A moment; what is asked for from it on is that of connections that were made since. */
  mark(): number {
    return this.#ways.length;
  }

  /** All that was said, in both directions, WebSocket frames without their masks. */
  bytes(mark = 0): Buffer {
    const ways = this.#ways.slice(mark).flatMap(({ up, down }) => [said(up), said(down)]);
    return Buffer.concat(ways.flatMap(({ http, stream }) => [http, stream]));
  }

  /** What was published over WebSockets. */
  published(mark = 0): readonly Published[] {
    return this.#ways.slice(mark).flatMap(({ up }) => publishedIn(said(up).stream));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #accept(client: Socket, to: number): void {
    const upstream = connect({ host: "127.0.0.1", port: to, noDelay: true });
    client.setNoDelay(true);
    const way = { up: [] as Buffer[], down: [] as Buffer[] };
    this.#ways.push(way);
    client.on("data", (chunk) => way.up.push(chunk));
    upstream.on("data", (chunk) => way.down.push(chunk));
    client.pipe(upstream).pipe(client);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
  }
}

interface Said {
  /** HTTP, up to the change of protocols where there is one. */
  readonly http: Buffer;
  /** What the WebSocket's frames carried. */
  readonly stream: Buffer;
}

function said(chunks: readonly Buffer[]): Said {
  const bytes = Buffer.concat(chunks);
  const upgrade = /\r\nupgrade: websocket\r\n/i.exec(bytes.toString("latin1"));
  const headEnd = upgrade ? bytes.indexOf("\r\n\r\n", upgrade.index) : -1;
  if (headEnd < 0) return { http: bytes, stream: Buffer.alloc(0) };
  return { http: bytes.subarray(0, headEnd), stream: carried(bytes.subarray(headEnd + 4)) };
}

/** The payloads of all whole WebSocket frames (RFC 6455, section 5.2), unmasked. */
function carried(frames: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const frame = frameAt(frames, at);
    if (frame === undefined) return Buffer.concat(parts);
    if (frame.opcode <= 2) parts.push(frame.payload); // not pings and the like
    at = frame.endsAt;
  }
}

/** Undefined when it is not whole. */
function frameAt(frames: Buffer, at: number): { opcode: number; payload: Buffer; endsAt: number } | undefined {
  if (at + 2 > frames.length) return undefined;
  const second = frames.readUInt8(at + 1);
  const [short, masked] = [second & 0x7f, second >= 0x80];
  const lengthBytes = { 126: 2, 127: 8 }[short] ?? 0;
  const maskAt = at + 2 + lengthBytes;
  const payloadAt = maskAt + (masked ? 4 : 0);
  if (payloadAt > frames.length) return undefined;
  // Nothing here is longer than six bytes can say.
  const length =
    lengthBytes === 0 ? short : frames.readUIntBE(maskAt - Math.min(lengthBytes, 6), Math.min(lengthBytes, 6));
  const endsAt = payloadAt + length;
  if (endsAt > frames.length) return undefined;
  const payload = Buffer.from(frames.subarray(payloadAt, endsAt));
  if (masked) unmask(payload, frames.subarray(maskAt, payloadAt));
  return { opcode: frames.readUInt8(at) & 0x0f, payload, endsAt };
}

function unmask(payload: Buffer, mask: Buffer): void {
  for (let i = 0; i < payload.length; i++) payload[i] = (payload[i] ?? 0) ^ (mask[i & 3] ?? 0);
}

function publishedIn(stream: Buffer): Published[] {
  const topics = new Map<number, string>();
  const parser = new PacketParser({ maxPacketBytes: MAX_PACKET_BYTES });
  return [...parser.push(new Uint8Array(stream))].flatMap((packet: Packet) => {
    if (packet.type !== "publish") return [];
    const alias = packet.properties?.topicAlias;
    if (alias !== undefined && packet.topic !== "") topics.set(alias, packet.topic);
    return [{ topic: packet.topic || (topics.get(alias ?? 0) ?? ""), payload: packet.payload }];
  });
}
