import { setTimeout as delay } from "node:timers/promises";
import { type ProbeClient, type ProbeRoom, probeNumber, probePacket } from "./probe-line.ts";

/** Packets on their way through the broker, from one member to another. */
export class Echo {
  readonly #topic: string;
  readonly #from: ProbeClient;
  readonly #arrived = new Map<number, () => void>();
  #number = 0;
  /** Bytes that arrived. */
  bytes = 0;

  private constructor(topic: string, from: ProbeClient) {
    this.#topic = topic;
    this.#from = from;
  }

  /** Subscribes. Rejects when that is refused. */
  static async open(
    room: ProbeRoom,
    clients: { from: ProbeClient; to: ProbeClient },
    signal: AbortSignal,
  ): Promise<Echo> {
    const { from, to } = clients;
    const echo = new Echo(room.video(from.peer), from);
    const onMessage = ({ payload }: { payload: Uint8Array }) => echo.#receive(payload);
    await to.connection.subscribe(room.videoFilter(from.peer), onMessage, { qos: 0, signal });
    return echo;
  }

  /** How long a packet takes; undefined when it has not come within `timeoutMs`. */
  async time(sizeBytes: number, timeoutMs: number): Promise<number | undefined> {
    const sentAtMs = performance.now();
    const number = this.send(sizeBytes);
    if (number === undefined) return undefined;
    const giveUp = new AbortController();
    const came = new Promise<number>((resolve) => {
      this.#arrived.set(number, () => resolve(performance.now() - sentAtMs));
    });
    const late = delay(timeoutMs, undefined, { signal: giveUp.signal }).catch(() => undefined);
    const result = await Promise.race([came, late]);
    giveUp.abort();
    this.#arrived.delete(number);
    return result ?? undefined;
  }

  /** Sends without waiting; undefined when the connection does not take it. */
  send(sizeBytes: number): number | undefined {
    this.#number++;
    return this.#from.connection.send(this.#topic, probePacket(this.#number, sizeBytes)) ? this.#number : undefined;
  }

  #receive(payload: Uint8Array): void {
    this.bytes += payload.length;
    this.#arrived.get(probeNumber(payload))?.();
  }
}
