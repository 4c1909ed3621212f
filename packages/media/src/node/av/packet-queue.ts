import type { Packet } from "node-av/lib";
import type { Wakeup } from "../wakeup.ts";

/** A packet and how much later it is than its own timestamp says, because the file has been played before. */
export interface QueuedPacket {
  readonly packet: Packet;
  readonly offsetUs: number;
}

/** The packets of one track between the reader of a file and the track's decoder. */
export class PacketQueue {
  readonly #wakeup: Wakeup;
  #items: (QueuedPacket | "flush")[] = [];
  #ended = false;

  /** `wakeup` is shared with the reader, which waits while every queue holds enough. */
  constructor(wakeup: Wakeup) {
    this.#wakeup = wakeup;
  }

  get length(): number {
    return this.#items.length;
  }

  push(item: QueuedPacket | "flush"): void {
    if (this.#ended) {
      if (item !== "flush") item.packet.free();
      return;
    }
    this.#items.push(item);
    this.#wakeup.wake();
  }

  /** Frees the oldest packet. Returns false when there is none. */
  dropOldest(): boolean {
    const index = this.#items.findIndex((item) => item !== "flush");
    const [item] = index < 0 ? [] : this.#items.splice(index, 1);
    if (item === undefined || item === "flush") return false;
    item.packet.free();
    return true;
  }

  /** "flush": what the decoder still holds comes before the next packet. Undefined at the end. */
  async take(): Promise<QueuedPacket | "flush" | undefined> {
    while (this.#items.length === 0) {
      if (this.#ended) return undefined;
      await this.#wakeup.wait();
    }
    const item = this.#items.shift();
    this.#wakeup.wake();
    return item;
  }

  /** Nothing more will come. */
  end(): void {
    this.#ended = true;
    this.#wakeup.wake();
  }

  /** Frees what waits and ends. */
  clear(): void {
    while (this.dropOldest());
    this.#items = [];
    this.end();
  }
}
