import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { encodePacket, type Packet } from "@mqtt-meet/mqtt";

/** Who publishes how much to whom: every subscriber gets everything. */
export interface TrafficShape {
  readonly name: string;
  readonly publishers: number;
  readonly subscribers: number;
  readonly messagesPerS: number;
  readonly payloadBytes: number;
}

/** All subscribers read into one buffer: they only count. */
const READ_BYTES = 256 * 1024;

const QOS_0 = { qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0 } as const;

/** Raw MQTT 3.1.1 clients of one broker, as light as they can be, so that the broker is what is measured. */
export class Load implements Disposable {
  readonly #shape: TrafficShape;
  readonly #sockets: Socket[] = [];
  readonly #publishers: Socket[] = [];
  readonly #packet: Uint8Array;
  readonly #timers: NodeJS.Timeout[] = [];
  #receivedBytes = 0;
  #sent = 0;

  private constructor(shape: TrafficShape) {
    this.#shape = shape;
    const payload = new Uint8Array(shape.payloadBytes);
    this.#packet = encodePacket(
      { type: "publish", topic: "bench/load", payload, qos: 0, retain: false, dup: false },
      4,
    );
  }

  static async open(port: number, shape: TrafficShape): Promise<Load> {
    const load = new Load(shape);
    for (let index = 0; index < shape.subscribers; index++) await load.#connect(port, `subscriber-${index}`, true);
    for (let index = 0; index < shape.publishers; index++) {
      load.#publishers.push(await load.#connect(port, `publisher-${index}`, false));
    }
    load.#receivedBytes = 0;
    return load;
  }

  /** Messages that arrived, all subscribers together. */
  get deliveries(): number {
    return this.#receivedBytes / this.#packet.length;
  }

  /** How many should have arrived. */
  get expected(): number {
    return this.#sent * this.#shape.subscribers;
  }

  /** Publishers begin one after another, as independent ones would. */
  start(): void {
    const intervalMs = 1000 / this.#shape.messagesPerS;
    const startMs = performance.now();
    const due = this.#publishers.map((_, index) => startMs + (index / this.#publishers.length) * intervalMs);
    const timer = setInterval(() => {
      const nowMs = performance.now();
      for (const [index, socket] of this.#publishers.entries()) {
        for (let at = due[index] as number; at <= nowMs; at += intervalMs) {
          socket.write(this.#packet);
          this.#sent++;
          due[index] = at + intervalMs;
        }
      }
    }, 1);
    this.#timers.push(timer);
  }

  stop(): void {
    for (const timer of this.#timers.splice(0)) clearInterval(timer);
  }

  [Symbol.dispose](): void {
    this.stop();
    for (const socket of this.#sockets) socket.destroy();
  }

  async #connect(port: number, clientId: string, isSubscriber: boolean): Promise<Socket> {
    const callback = (size: number) => {
      this.#receivedBytes += size;
      return true;
    };
    const onread = { buffer: Buffer.alloc(READ_BYTES), callback };
    const socket = connect({ host: "127.0.0.1", port, noDelay: true, onread });
    this.#sockets.push(socket);
    await once(socket, "connect");
    const send = (packet: Packet) => socket.write(encodePacket(packet, 4));
    const before = this.#receivedBytes;
    send({ type: "connect", level: 4, clientId, cleanStart: true, keepAliveS: 0 });
    if (isSubscriber) send({ type: "subscribe", packetId: 1, subscriptions: [{ filter: "bench/#", ...QOS_0 }] });
    const answerBytes = isSubscriber ? 9 : 4; // CONNACK and SUBACK
    while (this.#receivedBytes < before + answerBytes) await new Promise((resolve) => setTimeout(resolve, 1));
    return socket;
  }
}
