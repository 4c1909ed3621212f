import { Fifo } from "./fifo.ts";
import type { Publication } from "./publication.ts";

/** A message of QoS 1 or 2 for one session. */
export interface OutboxItem {
  readonly publication: Publication;
  readonly qos: 1 | 2;
  readonly retain: boolean;
  readonly identifiers: readonly number[] | undefined;
}

/** A message that was sent and not acknowledged to the end. */
export interface InFlight extends OutboxItem {
  readonly packetId: number;
  /** QoS 2: the receiver has it, PUBREL was sent. */
  released: boolean;
}

/** What an item costs beside its bytes. */
const ITEM_OVERHEAD_BYTES = 128;

const MAX_PACKET_ID = 0xffff;

/**
 * What a session has still to deliver with QoS 1 and 2: messages in flight, at most as many as the receiver allows,
 * and after them those that wait. Whoever pushes looks at `length` and `bytes`, and decides what happens at a bound.
 */
export class Outbox {
  /** How many messages may be in flight. */
  window = 1;
  readonly #waiting = new Fifo<OutboxItem>();
  /** In the order of sending. */
  readonly #inFlight = new Map<number, InFlight>();
  /** The part of those that has not been sent over the present connection. */
  readonly #unsent = new Fifo<InFlight>();
  #lastPacketId = 0;
  #bytes = 0;

  /** Messages in flight and waiting. */
  get length(): number {
    return this.#waiting.length + this.#inFlight.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** About the size of the message that waits first; undefined when none waits. */
  get nextBytes(): number | undefined {
    return this.#waiting.peek()?.publication.sizeBytes;
  }

  /** There is a new connection: over this one, nothing has been sent yet. */
  rewind(): void {
    this.#unsent.clear();
    for (const item of this.#inFlight.values()) this.#unsent.push(item);
  }

  /** The next message to send once more, in the old order; undefined when there is none or the window is full. */
  nextAgain(): InFlight | undefined {
    const next = this.#unsent.peek();
    if (!next) return undefined;
    // Of a message that was released only PUBREL is sent, which takes no place in the window.
    const isFull = this.#inFlight.size - this.#unsent.length >= this.window;
    return isFull && !next.released ? undefined : this.#unsent.shift();
  }

  push(item: OutboxItem): void {
    this.#waiting.push(item);
    this.#bytes += cost(item);
  }

  /** The next message to send, now in flight; undefined when none waits or the window is full. */
  next(nowMs: number): InFlight | undefined {
    while (this.#inFlight.size < Math.min(this.window, MAX_PACKET_ID)) {
      const item = this.#waiting.shift();
      if (!item) return undefined;
      if (item.publication.expiresAtMs <= nowMs) {
        this.#bytes -= cost(item);
        continue;
      }
      const inFlight = { ...item, packetId: this.#freePacketId(), released: false };
      this.#inFlight.set(inFlight.packetId, inFlight);
      return inFlight;
    }
    return undefined;
  }

  /** What the receiver says of a message in flight. PUBREC may come twice, and leaves it in flight. */
  acknowledge(packetId: number, type: "puback" | "pubrec" | "pubcomp"): "known" | "unknown" | "wrong" {
    const item = this.#inFlight.get(packetId);
    if (!item) return "unknown";
    if ((item.qos === 1) !== (type === "puback")) return "wrong";
    if (type === "pubrec") {
      item.released = true;
      return "known";
    }
    if (type === "pubcomp" && !item.released) return "wrong";
    this.abandon(packetId);
    return "known";
  }

  /** Forgets a message in flight. */
  abandon(packetId: number): void {
    const item = this.#inFlight.get(packetId);
    if (!item) return;
    this.#inFlight.delete(packetId);
    if (this.#unsent.length > 0) this.#unsent.filter((other) => other !== item);
    this.#bytes -= cost(item);
  }

  /** Drops the message that has waited longest; what is in flight stays. Returns false when none waits. */
  dropOldest(): boolean {
    const item = this.#waiting.shift();
    if (!item) return false;
    this.#bytes -= cost(item);
    return true;
  }

  /** Drops what may not be delivered any more. A released QoS 2 message has been delivered. */
  retainOnly(keep: (publication: Publication) => boolean): void {
    this.#waiting.filter((item) => {
      const kept = keep(item.publication);
      if (!kept) this.#bytes -= cost(item);
      return kept;
    });
    for (const item of this.#inFlight.values()) {
      if (!item.released && !keep(item.publication)) this.abandon(item.packetId);
    }
  }

  #freePacketId(): number {
    do {
      this.#lastPacketId = (this.#lastPacketId % MAX_PACKET_ID) + 1;
    } while (this.#inFlight.has(this.#lastPacketId));
    return this.#lastPacketId;
  }
}

function cost(item: OutboxItem): number {
  return item.publication.sizeBytes + ITEM_OVERHEAD_BYTES;
}
