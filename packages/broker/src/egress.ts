import type { ByteStream } from "@mqtt-meet/mqtt";
import type { AliasTable } from "./alias-table.ts";
import type { ChunkJoiner } from "./chunk-joiner.ts";
import { EgressQueue, type PushResult } from "./egress-queue.ts";
import type { PublicationEntry } from "./publication.ts";
import type { Counters } from "./statistics.ts";
import type { Flushable, TurnBatch } from "./turn-batch.ts";

/** What an {@link Egress} needs. */
export interface EgressOptions {
  readonly stream: ByteStream;
  readonly batch: TurnBatch;
  readonly joiner: ChunkJoiner;
  readonly counters: Counters;
  readonly now: () => number;
  readonly highWaterBytes: number;
  readonly maxBytes: number;
  /** Everything has been handed over: there is room for more. */
  readonly onEmpty: () => void;
  /** A fault while sending. */
  readonly onError: (error: unknown) => void;
}

/**
 * Sends what waits in an {@link EgressQueue}: once per turn of the event loop, and no more at a time than the socket
 * should hold, so that whatever has to be dropped or overtaken is still in the queue.
 */
export class Egress implements Flushable {
  readonly #options: EgressOptions;
  readonly #queue: EgressQueue<PublicationEntry>;
  readonly #taken: PublicationEntry[] = [];
  /** Set when the client allows topic aliases. */
  aliases: AliasTable | undefined;
  #isScheduled = false;
  #isClosed = false;
  #handedBytes = 0;
  #drainedBytes = 0;
  #progressAtMs: number;

  constructor(options: EgressOptions) {
    this.#options = options;
    this.#queue = new EgressQueue({ maxBytes: options.maxBytes, drops: options.counters.dropped });
    this.#progressAtMs = options.now();
    options.stream.onDrain = () => this.flush(options.now());
  }

  get queuedBytes(): number {
    return this.#queue.bytes;
  }

  /** See {@link EgressQueue.noteOldest}. */
  noteOldest(sinceMs: number[]): void {
    this.#queue.noteOldest(sinceMs);
  }

  /** The part of the queue that is not media. */
  get controlBytes(): number {
    return this.#queue.controlBytes;
  }

  /** More waits than the socket takes. */
  get isBusy(): boolean {
    return this.#options.stream.bufferedBytes >= this.#options.highWaterBytes;
  }

  push(entry: PublicationEntry, nowMs: number): PushResult {
    // Only the client makes what waits for it old; without it, what waits came in this turn of the event loop.
    const isBlocked = this.#queue.length > 0 && this.isBusy;
    const result = this.#queue.push(entry, isBlocked ? nowMs : Number.NEGATIVE_INFINITY);
    if (result !== "queued") return result;
    // One turn may bring more than the queue holds: what the socket takes at once need not wait for its end.
    if (entry.droppable && this.#queue.bytes >= this.#options.highWaterBytes && !this.isBusy) this.flush(nowMs);
    else if (!this.#isScheduled) {
      this.#isScheduled = true;
      this.#options.batch.add(this, nowMs);
    }
    return result;
  }

  flush(nowMs: number): void {
    if (this.#isClosed) return;
    try {
      this.#flush(nowMs);
    } catch (error) {
      this.#options.onError(error);
    }
  }

  /** How long the client has taken nothing, although something was there for it. Ask regularly. */
  stalledMs(nowMs: number): number {
    const { bufferedBytes } = this.#options.stream;
    const drained = this.#handedBytes - bufferedBytes;
    if (bufferedBytes === 0 || drained > this.#drainedBytes) {
      this.#drainedBytes = drained;
      this.#progressAtMs = nowMs;
    }
    return nowMs - this.#progressAtMs;
  }

  /** Forgets what waits; nothing is sent any more. */
  close(): void {
    this.#isClosed = true;
    this.#queue.clear();
  }

  #flush(nowMs: number): void {
    const { stream, highWaterBytes } = this.#options;
    this.#isScheduled = false;
    while (this.#queue.length > 0) {
      const room = highWaterBytes - stream.bufferedBytes;
      if (room <= 0) return;
      this.#queue.take(room, nowMs, this.#taken);
      this.#send(this.#taken);
      // Not by its length, which would free the array's memory.
      while (this.#taken.length > 0) this.#taken.pop();
    }
    this.#options.onEmpty();
  }

  #send(entries: readonly PublicationEntry[]): void {
    const [first] = entries;
    if (!first) return;
    const { stream } = this.#options;
    if (entries.length === 1) {
      stream.send(this.#handOver(first));
      return;
    }
    const chunks = entries.map((entry) => this.#handOver(entry));
    const joined = stream.transport === "tcp" ? this.#options.joiner.join(chunks) : undefined;
    if (joined) stream.send(joined);
    else if (stream.sendMany) stream.sendMany(chunks);
    else for (const chunk of chunks) stream.send(chunk);
  }

  #handOver(entry: PublicationEntry): Uint8Array {
    const { counters } = this.#options;
    const bytes = this.#bytesOf(entry);
    if (entry.isMessage) counters.messagesOut++;
    counters.bytesOut += bytes.length;
    this.#handedBytes += bytes.length;
    return bytes;
  }

  /** An alias is chosen only now: were the message that announces it dropped, those after it could not be read. */
  #bytesOf(entry: PublicationEntry): Uint8Array {
    const source = this.aliases && entry.aliasSource;
    const alias = source && this.aliases?.aliasOf(source.topic);
    return source && alias ? source.aliased(alias.alias, alias.isNew) : entry.bytes;
  }
}
