import type { PeerId } from "@mqtt-meet/protocol";
import type { FrameOpener, SealedFrameHeader } from "./frame-cipher.ts";
import type { OpenContext } from "./key-context.ts";
import type { Candidate, KeyRing } from "./key-ring.ts";
import { OrderedResults } from "./ordered-results.ts";
import { parseSframeHeader } from "./sframe-header.ts";

/** Frames that wait for their key; above either, the oldest are dropped. */
const MAX_WAITING = 64;
const MAX_WAITING_BYTES = 2 * 1024 * 1024;
/** A key comes within this, or the frame is of no use any more. */
const MAX_WAIT_MS = 2_000;
/** Frames inside WebCrypto; it answers within a millisecond. */
const MAX_PENDING = 128;

/** What became of something on a stream. */
export type OpenResult = "opened" | "cannot-decrypt" | "not-encrypted";

/** What a {@link StreamOpener} needs. */
export interface StreamOpenerOptions {
  readonly ring: KeyRing;
  /** What stands before a stream's name in its topic. */
  readonly prefix: string;
  readonly nowMs: () => number;
  readonly onResult: (stream: string, result: OpenResult) => void;
}

interface Sealed {
  readonly stream: string;
  readonly frame: SealedFrameHeader & { readonly body: Uint8Array };
  readonly onOpened: (body: Uint8Array | undefined) => void;
  readonly atMs: number;
}

interface Opened {
  readonly body: Uint8Array;
  readonly context: OpenContext;
}

/** Decrypts the frames of one subscription. A frame whose key is missing waits for it, for a bounded time. */
export class StreamOpener implements FrameOpener {
  readonly #options: StreamOpenerOptions;
  readonly #results = new OrderedResults<Opened>();
  readonly #waiting: Sealed[] = [];

  constructor(options: StreamOpenerOptions) {
    this.#options = options;
  }

  open(topic: string, frame: Sealed["frame"], onOpened: Sealed["onOpened"]): void {
    const stream = topic.slice(this.#options.prefix.length);
    this.#open({ stream, frame, onOpened, atMs: this.#options.nowMs() });
  }

  refuse(topic: string): void {
    this.#options.onResult(topic.slice(this.#options.prefix.length), "not-encrypted");
  }

  /** There is another key, or time has passed. */
  retry(): void {
    for (const sealed of this.#waiting.splice(0)) {
      if (this.#options.nowMs() - sealed.atMs > MAX_WAIT_MS) this.#fail(sealed);
      else this.#open(sealed);
    }
  }

  #open(sealed: Sealed): void {
    const { stream, frame } = sealed;
    const header = parseSframeHeader(frame.body);
    if (header === undefined || this.#results.size >= MAX_PENDING) {
      this.#fail(sealed);
      return;
    }
    const from = stream.slice(0, stream.indexOf("/")) as PeerId;
    const candidates = this.#options.ring.opening(stream, { from, kid: header.kid });
    if (candidates.length === 0) this.#wait(sealed);
    else this.#results.push(firstOpened(candidates, frame), (opened) => this.#deliver(sealed, opened));
  }

  #deliver(sealed: Sealed, opened: Opened | undefined): void {
    if (opened === undefined) this.#fail(sealed);
    else if (opened.context.accept(sealed.frame.body, "ordered")) {
      this.#options.onResult(sealed.stream, "opened");
      sealed.onOpened(opened.body);
    } else sealed.onOpened(undefined); // a replay: it is dropped, and the stream is well
  }

  #wait(sealed: Sealed): void {
    this.#waiting.push(sealed);
    let sizeBytes = this.#waiting.reduce((sum, { frame }) => sum + frame.body.length, 0);
    while (this.#waiting.length > MAX_WAITING || sizeBytes > MAX_WAITING_BYTES) {
      const oldest = this.#waiting.shift();
      if (oldest === undefined) return;
      sizeBytes -= oldest.frame.body.length;
      this.#fail(oldest);
    }
  }

  #fail(sealed: Sealed): void {
    this.#options.onResult(sealed.stream, "cannot-decrypt");
    sealed.onOpened(undefined);
  }
}

async function firstOpened(candidates: readonly Candidate[], frame: Sealed["frame"]): Promise<Opened | undefined> {
  const { keyFrame, discardable, number, timestampUs, body: sealed } = frame;
  const header = { keyFrame, discardable, frame: number, timestampUs, rootKeyed: false, will: false };
  for (const { context } of candidates) {
    const body = await context.open(header, sealed);
    if (body !== undefined) return { body, context };
  }
  return undefined;
}
