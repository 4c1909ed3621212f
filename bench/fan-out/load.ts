import { encodePacket } from "@mqtt-meet/mqtt";
import { agesMs, putMark, stampedCopy, stampPlace } from "../support/sending-mark.ts";
import { clientFrame, type LightSocket, openLightSocket, serverFrameBytes } from "./light-socket.ts";
import type { Traffic } from "./traffic.ts";

const QOS_0 = { qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0 } as const;

/** Raw MQTT 3.1.1 clients of one broker, as light as they can be. One subscriber also measures the delay. */
export class Load implements Disposable {
  /** From the write of the publisher to the read of the subscriber. */
  readonly delaysMs: number[] = [];
  readonly #traffic: Traffic;
  readonly #subscribers: LightSocket[] = [];
  readonly #publishers: LightSocket[] = [];
  readonly #frame: Buffer;
  readonly #stampAt: number;
  readonly #deliveredBytes: number;
  readonly #timers: NodeJS.Timeout[] = [];
  #before = 0;
  #sent = 0;

  private constructor(traffic: Traffic) {
    this.#traffic = traffic;
    const payload = Buffer.alloc(traffic.payloadBytes);
    putMark(payload);
    const packet = encodePacket(
      { type: "publish", topic: "bench/load", payload, qos: 0, retain: false, dup: false },
      4,
    );
    this.#frame = clientFrame(packet, traffic.transport);
    this.#stampAt = stampPlace(this.#frame);
    this.#deliveredBytes = serverFrameBytes(packet.length, traffic.transport);
  }

  static async open(port: number, traffic: Traffic): Promise<Load> {
    const load = new Load(traffic);
    for (let index = 0; index < traffic.subscribers; index++) {
      const onBytes = index === 0 ? (chunk: Uint8Array) => load.delaysMs.push(...agesMs(chunk)) : undefined;
      load.#subscribers.push(await load.#connect(port, { clientId: `subscriber-${index}`, onBytes }));
    }
    for (let index = 0; index < traffic.publishers; index++) {
      load.#publishers.push(await load.#connect(port, { clientId: `publisher-${index}` }));
    }
    load.#beginCounting();
    return load;
  }

  /** Messages that arrived, all subscribers together. */
  get deliveries(): number {
    return (this.#receivedBytes - this.#before) / this.#deliveredBytes;
  }

  /** How many should have arrived. */
  get expected(): number {
    return this.#sent * this.#traffic.subscribers;
  }

  /** Publishers begin one after another, as independent ones would. */
  start(): void {
    const intervalMs = 1000 / this.#traffic.messagesPerS;
    const startMs = performance.now();
    const due = this.#publishers.map((_, index) => startMs + (index / this.#publishers.length) * intervalMs);
    const timer = setInterval(() => {
      const nowMs = performance.now();
      for (const [index, { socket }] of this.#publishers.entries()) {
        for (let at = due[index] as number; at <= nowMs; at += intervalMs) {
          socket.write(stampedCopy(this.#frame, this.#stampAt));
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
    for (const { socket } of [...this.#subscribers, ...this.#publishers]) socket.destroy();
  }

  #beginCounting(): void {
    this.#before = this.#receivedBytes;
  }

  get #receivedBytes(): number {
    return this.#subscribers.reduce((sum, { receivedBytes }) => sum + receivedBytes(), 0);
  }

  async #connect(
    port: number,
    options: { readonly clientId: string; readonly onBytes?: ((chunk: Uint8Array) => void) | undefined },
  ): Promise<LightSocket> {
    const { clientId } = options;
    const isSubscriber = clientId.startsWith("subscriber");
    const light = await openLightSocket(port, this.#traffic.transport, options.onBytes);
    const send = (packet: Parameters<typeof encodePacket>[0]) =>
      light.socket.write(clientFrame(encodePacket(packet, 4), this.#traffic.transport));
    send({ type: "connect", level: 4, clientId, cleanStart: true, keepAliveS: 0 });
    if (isSubscriber) send({ type: "subscribe", packetId: 1, subscriptions: [{ filter: "bench/#", ...QOS_0 }] });
    const answerBytes = isSubscriber ? 9 : 4; // CONNACK and SUBACK
    while (light.receivedBytes() < answerBytes) await new Promise((resolve) => setTimeout(resolve, 1));
    return light;
  }
}
