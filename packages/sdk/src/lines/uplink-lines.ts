import type { MediaSender, SenderPath } from "@mqtt-meet/media";
import { pathWaitMs } from "../path-wait.ts";
import type { RoomLink } from "../room-link.ts";
import { type DirectionOptions, Lines, leastWaiting } from "./lines.ts";

/**
 * Ten a second, of two bytes: the answers are how a queue in the kernel or the network is seen while pictures go up. A line
 * that gets narrow fills by half a second of pictures before four a second would show it.
 */
const PING_MS = 100;

/** Connections that carry the same. */
type Lane = readonly RoomLink[];

/** Of a PUBLISH without properties, beside topic and payload: type, size, size of the topic. */
const PUBLISH_BYTES = 6;

/**
 * The way up for pictures. Where packets are lost, those of each layer in time go over two connections of their own: each
 * carries a third, so a loss costs it little, and what one holds up the other brings.
 */
export class UplinkLines implements MediaSender {
  readonly #lines: Lines;
  #sentBytes = 0;

  constructor(options: DirectionOptions) {
    const { sound } = options;
    this.#lines = new Lines({
      ...options,
      onUse: (use) => {
        sound.follow("up", use);
        sound.prune().catch(() => undefined);
      },
      letters: ["B", "D", "E", "F", "K", "L"],
      pingMs: PING_MS,
    });
  }

  send(topic: string, payload: Uint8Array): boolean {
    // The temporal layer is the last level (docs/protocol.md, T4).
    const sent = sendTo(this.#lanes[Number(topic.at(-1))] ?? this.#lanes[0], topic, payload);
    const taken = sent || sendTo([this.#lines.first], topic, payload);
    if (taken) this.#sentBytes += PUBLISH_BYTES + topic.length + payload.length;
    return taken;
  }

  congested(nowMs: number): boolean {
    return this.#lanes[1].every((link) => link.congested(nowMs));
  }

  oldestAgeMs(nowMs: number): number {
    return Math.max(...this.#lanes.map((lane) => Math.min(...lane.map((link) => link.oldestAgeMs(nowMs)))));
  }

  /** Of the packets, each counted once: what came over one of two connections is there. */
  path(): SenderPath | undefined {
    const [base, ...upper] = [...new Set(this.#lanes)].map((lane) => leastWaiting(lane.map((link) => link.path())));
    if (base === undefined) return undefined;
    const ways = [base, ...upper.filter((way) => way !== undefined)];
    const waiting = ways.reduce((sum, way) => sum + way.sentBytes - way.delivered.bytes, 0);
    const atMs = Math.max(...ways.map(({ delivered }) => delivered.atMs));
    const whole = { ...base, sentBytes: this.#sentBytes, delivered: { bytes: this.#sentBytes - waiting, atMs } };
    return ways.length > 1 ? { ...whole, worstWaitMs: Math.max(...ways.map(pathWaitMs)) } : whole;
  }

  async close(): Promise<void> {
    await this.#lines.close();
  }

  /** Of the temporal layers 0, 1 and 2. */
  get #lanes(): readonly [Lane, Lane, Lane] {
    const { first, others, use } = this.#lines;
    const only = [first];
    if (use !== "several") return [only, only, only];
    return [[first, ...others.slice(0, 1)], others.slice(1, 3), others.slice(3)];
  }
}

/** Sends the same over each of `links`; false when none took it. */
export function sendTo(links: readonly RoomLink[], topic: string, payload: Uint8Array): boolean {
  return links.map((link) => link.send(topic, payload)).includes(true);
}
