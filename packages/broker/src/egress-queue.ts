import { LANES } from "./classification.ts";
import type { DropCounts, DropReason } from "./drop-counts.ts";
import { Fifo } from "./fifo.ts";

/** One packet that waits to be sent. Entries are shared by all queues that they wait in, and never change. */
export interface EgressEntry {
  readonly bytes: Uint8Array;
  /** Index into {@link LANES}. */
  readonly lane: number;
  readonly enqueuedAtMs: number;
  /** False: when there is no room for it, the connection has to end. */
  readonly droppable: boolean;
  /** Infinity when age does not matter. */
  readonly maxAgeMs: number;
  /** The stream, within one lane, whose messages need each other; undefined: the message stands alone. */
  readonly stream: string | undefined;
  readonly beginsKeyFrame: boolean;
}

/** What became of a pushed entry. "overflow": it was not droppable, and there was no room. */
export type PushResult = "queued" | "dropped" | "overflow";

/** What an {@link EgressQueue} needs. */
export interface EgressQueueOptions {
  readonly maxBytes: number;
  /** Where drops are counted; may be shared by many queues. */
  readonly drops: DropCounts;
}

/** What an entry costs beside its bytes, so that many tiny packets are bounded too. */
const ENTRY_OVERHEAD_BYTES = 64;

/** The lane of acknowledgements and of reliable messages, from which nothing is dropped to make room. */
const CONTROL = 0;

/**
 * What one connection still has to send, in lanes: a more urgent one always goes first. Bounded in bytes: the oldest of
 * the least urgent lane is dropped first. An entry that is too old is dropped; and when a part of a stream was dropped,
 * so is the rest up to the stream's next key frame. Something that cannot be dropped is taken, however large, when
 * nothing is before it.
 */
export class EgressQueue<E extends EgressEntry = EgressEntry> {
  readonly #maxBytes: number;
  readonly #drops: DropCounts;
  readonly #lanes: readonly Fifo<E>[] = LANES.map(() => new Fifo<E>());
  /** Streams that wait for their next key frame: none of their messages is in the queue. */
  readonly #skipping = new Set<string>();
  readonly #laneBytes: number[] = LANES.map(() => 0);
  #bytes = 0;
  #length = 0;

  constructor(options: EgressQueueOptions) {
    this.#maxBytes = options.maxBytes;
    this.#drops = options.drops;
  }

  /** Waiting bytes, and a little for every entry. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The part of them that is not media. */
  get controlBytes(): number {
    return this.#laneBytes[CONTROL] as number;
  }

  get length(): number {
    return this.#length;
  }

  /** Lowers each lane's number in `sinceMs` to when the first entry of that lane was enqueued, if one waits. */
  noteOldest(sinceMs: number[]): void {
    for (let index = 0; index < this.#lanes.length && this.#length > 0; index++) {
      const { enqueuedAtMs = Number.POSITIVE_INFINITY } = this.#lane(index).peek() ?? {};
      sinceMs[index] = Math.min(sinceMs[index] ?? enqueuedAtMs, enqueuedAtMs);
    }
  }

  /** Adds an entry at the end of its lane and drops what has to go instead. */
  push(entry: E, nowMs: number): PushResult {
    const lane = this.#lane(entry.lane);
    if (lane.length > 0) this.#expire(lane, nowMs);
    if (this.#skipping.size > 0 && this.#isUseless(entry)) {
      this.#drops.add(entry.lane, "incomplete");
      return "dropped";
    }
    if (this.#bytes + cost(entry) > this.#maxBytes && !this.#makeRoom(entry)) {
      if (entry.droppable) {
        this.#drop(entry, "room");
        return "dropped";
      }
      if (lane.length > 0) return "overflow";
    }
    lane.push(entry);
    this.#account(entry, 1);
    return "queued";
  }

  /** Moves entries, most urgent first, into `target`: the first whatever its size, others up to `maxBytes` in all. */
  take(maxBytes: number, nowMs: number, target: E[]): void {
    let taken = 0;
    for (let index = 0; index < this.#lanes.length && this.#length > 0; index++) {
      const lane = this.#lane(index);
      for (let entry = this.#freshHead(lane, nowMs); entry; entry = this.#freshHead(lane, nowMs)) {
        taken += entry.bytes.length;
        if (taken > maxBytes && target.length > 0) return;
        target.push(entry);
        this.#removeHead(lane);
      }
    }
  }

  /** Forgets everything, without counting it as dropped. */
  clear(): void {
    for (const lane of this.#lanes) lane.clear();
    this.#skipping.clear();
    this.#laneBytes.fill(0);
    this.#bytes = 0;
    this.#length = 0;
  }

  /** Whether what `entry` needs was dropped. A key frame ends that. */
  #isUseless(entry: E): boolean {
    if (entry.stream === undefined || !this.#skipping.has(entry.stream)) return false;
    if (!entry.beginsKeyFrame) return true;
    this.#skipping.delete(entry.stream);
    return false;
  }

  /** Drops what is at most as urgent as `entry`, least urgent first. Returns whether `entry` fits in now. */
  #makeRoom(entry: E): boolean {
    const needed = cost(entry);
    if (needed > this.#maxBytes && entry.droppable) return false;
    for (let index = LANES.length - 1; index >= Math.max(entry.lane, CONTROL + 1); index--) {
      const lane = this.#lane(index);
      while (lane.length > 0 && this.#bytes + needed > this.#maxBytes) this.#dropHead(lane, "room");
    }
    return this.#bytes + needed <= this.#maxBytes && !this.#isUseless(entry);
  }

  #freshHead(lane: Fifo<E>, nowMs: number): E | undefined {
    this.#expire(lane, nowMs);
    return lane.peek();
  }

  #expire(lane: Fifo<E>, nowMs: number): void {
    for (let entry = lane.peek(); entry; entry = lane.peek()) {
      if (nowMs - entry.enqueuedAtMs <= entry.maxAgeMs) return;
      this.#dropHead(lane, "age");
    }
  }

  #dropHead(lane: Fifo<E>, reason: DropReason): void {
    const entry = this.#removeHead(lane);
    if (entry) this.#drop(entry, reason);
  }

  /** Counts `entry`, which is in no lane any more, and removes what is useless without it. */
  #drop(entry: E, reason: DropReason): void {
    this.#drops.add(entry.lane, reason);
    if (entry.stream === undefined) return;
    this.#skipping.add(entry.stream);
    this.#lane(entry.lane).filter((next) => {
      if (next.stream !== entry.stream || !this.#isUseless(next)) return true;
      this.#drops.add(next.lane, "incomplete");
      this.#account(next, -1);
      return false;
    });
  }

  #removeHead(lane: Fifo<E>): E | undefined {
    const entry = lane.shift();
    if (entry) this.#account(entry, -1);
    return entry;
  }

  /** `sign` is 1 for an entry that comes and -1 for one that goes. */
  #account(entry: E, sign: 1 | -1): void {
    const bytes = sign * cost(entry);
    this.#bytes += bytes;
    this.#laneBytes[entry.lane] = (this.#laneBytes[entry.lane] as number) + bytes;
    this.#length += sign;
  }

  #lane(index: number): Fifo<E> {
    return this.#lanes[index] as Fifo<E>;
  }
}

function cost(entry: EgressEntry): number {
  return entry.bytes.length + ENTRY_OVERHEAD_BYTES;
}
