import { jpegOf } from "@mqtt-meet/protocol";
import { type CameraTopicFigures, NO_CAMERA_FIGURES } from "./camera-topic.ts";
import { jpegSize } from "./jpeg-size.ts";

/** More than the cameras of telephones take, and 400 MB when it is decoded: who sends more means harm. */
const MAX_PIXELS = 100_000_000;

/** Rates are of so long. */
const RATE_MS = 5_000;
/** Messages that are remembered for the rates: 60 a second. */
const MAX_MESSAGES = 300;

/** What {@link TopicPictures} works with. */
export interface TopicPicturesOptions<P> {
  /** Rejects when `jpeg` is damaged. */
  readonly decode: (jpeg: Uint8Array) => Promise<P>;
  /** Takes the picture over. */
  readonly onPicture: (picture: P) => void;
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: () => number;
}

/** A picture that waits to be decoded. */
interface Waiting {
  readonly jpeg: Uint8Array;
  readonly size: CameraTopicFigures["size"];
  readonly atMs: number;
}

/**
 * The pictures of one camera topic: one is decoded at a time, and of those that come meanwhile the newest is kept and the
 * others are left out and counted. A damaged picture is counted, and the next one has its turn.
 */
export class TopicPictures<P> {
  readonly #options: TopicPicturesOptions<P>;
  #messages: { readonly atMs: number; readonly bytes: number }[] = [];
  #shownAtMs: number[] = [];
  #counts = NO_CAMERA_FIGURES;
  #waiting: Waiting | undefined;
  #busy = false;
  #last: Uint8Array | undefined;

  constructor(options: TopicPicturesOptions<P>) {
    this.#options = options;
  }

  /** The newest picture that was shown, as it came. */
  get last(): Uint8Array | undefined {
    return this.#last;
  }

  /** Takes a message (docs/protocol.md, V1, V4). */
  receive(payload: Uint8Array): void {
    const atMs = this.#options.nowMs();
    this.#messages = [...this.#messages.slice(1 - MAX_MESSAGES), { atMs, bytes: payload.length }];
    const jpeg = jpegOf(payload);
    if (jpeg === undefined) {
      this.#count("notPictures");
      return;
    }
    const size = jpegSize(jpeg);
    if (size === undefined || size.widthPx * size.heightPx > MAX_PIXELS) {
      this.#count("damaged");
      return;
    }
    if (this.#waiting !== undefined) this.#count("skipped");
    this.#waiting = { jpeg, size, atMs };
    void this.#decode();
  }

  /** Shows the newest picture once more: there is a new place for it. */
  async again(): Promise<void> {
    if (this.#last === undefined || this.#busy) return;
    this.#options.onPicture(await this.#options.decode(this.#last));
  }

  figures(nowMs: number): CameraTopicFigures {
    const fresh = ({ atMs }: { readonly atMs: number }) => nowMs - atMs < RATE_MS;
    const bytes = this.#messages.filter(fresh).reduce((sum, message) => sum + message.bytes, 0);
    return { ...this.#counts, frameRate: this.#frameRate(nowMs), bitrateBps: Math.round((bytes * 8_000) / RATE_MS) };
  }

  #frameRate(nowMs: number): number | undefined {
    const times = this.#shownAtMs.filter((atMs) => nowMs - atMs < RATE_MS);
    const [first, last] = [times.at(0), times.at(-1)];
    if (first === undefined || last === undefined || last === first) return undefined;
    return ((times.length - 1) * 1_000) / (last - first);
  }

  async #decode(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    while (this.#waiting !== undefined) {
      const next = this.#waiting;
      this.#waiting = undefined;
      try {
        const picture = await this.#options.decode(next.jpeg);
        this.#last = next.jpeg;
        this.#shown(next);
        this.#options.onPicture(picture);
      } catch {
        this.#count("damaged");
      }
    }
    this.#busy = false;
  }

  #shown({ size, atMs }: Waiting): void {
    this.#shownAtMs = [...this.#shownAtMs.slice(1 - MAX_MESSAGES), atMs];
    this.#counts = { ...this.#counts, shown: this.#counts.shown + 1, size, lastAtMs: atMs };
  }

  #count(what: "notPictures" | "damaged" | "skipped"): void {
    this.#counts = { ...this.#counts, [what]: this.#counts[what] + 1 };
  }
}
