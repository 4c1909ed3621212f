import { filePartBytes, filePartCount, MAX_PARTS_ASKED } from "@mqtt-meet/protocol";

/** Nothing came for so long: what was asked for is asked again. A sender serves many, in turn. */
const ASK_AGAIN_MS = 5_000;
/** After so many unanswered requests, half a minute, nothing more is to be had. */
const MAX_ASKS = 6;
/** A sender gives 12 parts a second; so much longer for each is a sign of a slow line, on which words and sound wait. */
const GOOD_MS = 150;
const SLOW_MS = 400;
/** There and back, for however few parts. */
const WAY_MS = 400;

/** A range of parts to ask for. */
export interface PartRange {
  readonly from: number;
  readonly count: number;
}

/**
 * Puts a file together from its parts, and says which to ask for: one part first, more at once where they come quickly,
 * so that on a slow line little is ever on its way. Holds no more than the file's size.
 */
export class FileAssembly {
  readonly #sizeBytes: number;
  readonly #bytes: Uint8Array<ArrayBuffer>[] = [];
  readonly #count: number;
  #receivedBytes = 0;
  #received = 0;
  /** The first part that is missing. */
  #next = 0;
  #window = 1;
  #asked: (PartRange & { readonly atMs: number }) | undefined;
  #lastMs = 0;
  #unanswered = 0;

  constructor(sizeBytes: number) {
    this.#sizeBytes = sizeBytes;
    this.#count = filePartCount(sizeBytes);
  }

  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  /** In order, once there are all of them. */
  get complete(): readonly Uint8Array<ArrayBuffer>[] | undefined {
    return this.#received === this.#count ? this.#bytes : undefined;
  }

  /** What to ask for now; "lost" when the sender has been silent for too long. */
  ask(nowMs: number): PartRange | "lost" | undefined {
    if (this.#received === this.#count) return undefined;
    if (this.#asked !== undefined) {
      if (nowMs - this.#lastMs < ASK_AGAIN_MS) return undefined;
      if (this.#unanswered >= MAX_ASKS) return "lost";
      this.#window = 1;
    }
    this.#unanswered++;
    const range = { from: this.#next, count: this.#run() };
    this.#asked = { ...range, atMs: nowMs };
    this.#lastMs = nowMs;
    return range;
  }

  /** Our connection is new: what was asked for may never come. */
  restart(): void {
    this.#asked = undefined;
    this.#unanswered = 0;
  }

  /** Whether `data` is a part that was missing. */
  receive(part: number, data: Uint8Array<ArrayBuffer>, nowMs: number): boolean {
    const isMissing = part < this.#count && this.#bytes[part] === undefined;
    if (!isMissing || data.length !== filePartBytes(this.#sizeBytes, part)) return false;
    this.#bytes[part] = data;
    this.#receivedBytes += data.length;
    this.#received++;
    this.#lastMs = nowMs;
    this.#unanswered = 0;
    while (this.#bytes[this.#next] !== undefined) this.#next++;
    const asked = this.#asked;
    if (asked !== undefined && this.#next >= asked.from + asked.count) {
      this.#asked = undefined;
      this.#adapt(asked.count, nowMs - asked.atMs);
    }
    return true;
  }

  #run(): number {
    let end = this.#next + 1;
    while (end < this.#count && end - this.#next < this.#window && this.#bytes[end] === undefined) end++;
    return end - this.#next;
  }

  #adapt(count: number, tookMs: number): void {
    if (tookMs <= WAY_MS + GOOD_MS * count) this.#window = Math.min(MAX_PARTS_ASKED, this.#window * 2);
    else if (tookMs > WAY_MS + SLOW_MS * count) this.#window = Math.max(1, this.#window >> 1);
  }
}
