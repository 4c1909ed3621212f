import type { PeerId } from "@mqtt-meet/protocol";
import type { OpenLink, RoomLink } from "../room-link.ts";
import { KEEP_ALIVE_S } from "./lines.ts";
import type { LineUse } from "./stall-watch.ts";

/** Of the client ids (docs/protocol.md, K4). */
const LETTERS = ["I", "J"] as const;

/** Nothing is decided by the answers; they keep the connection alive. */
const PING_MS = 2_000;

/** What {@link SoundLines} need of their room. */
export interface SoundLinesOptions {
  /** That of everything but pictures. */
  readonly first: RoomLink;
  readonly open: OpenLink;
  readonly own: PeerId;
}

/**
 * The connections for sound: one, and two beside it as long as packets are lost one way or the other. Three, as sound is to wait for none
 * of two that lost something at once; of its own, as TCP counts its window in packets: fifty small ones a second,
 * on a connection that carries pictures, are lost as often as large ones and leave those no window.
 */
export class SoundLines {
  readonly #options: SoundLinesOptions;
  readonly #lossy = new Set<"up" | "down">();
  #others: readonly RoomLink[] = [];

  constructor(options: SoundLinesOptions) {
    this.#options = options;
  }

  get first(): RoomLink {
    return this.#options.first;
  }

  /** What carries all sound once more on the way up, or down. */
  others(way: "up" | "down"): readonly RoomLink[] {
    return this.#lossy.has(way) ? this.#others : [];
  }

  /** How pictures go up, or down, from now on: sound loses packets where they do. */
  follow(way: "up" | "down", use: LineUse): void {
    if (use === "several") this.#lossy.add(way);
    else this.#lossy.delete(way);
    if (this.#lossy.size > 0 && this.#others.length === 0) this.#others = LETTERS.map((letter) => this.#open(letter));
  }

  /** Closes what is needed neither way; to be called when nothing is subscribed to there any more. */
  async prune(): Promise<void> {
    if (this.#lossy.size === 0) await this.#closeOthers();
  }

  /** The first belongs to the room. */
  async close(): Promise<void> {
    this.#lossy.clear();
    await this.#closeOthers();
  }

  async #closeOthers(): Promise<void> {
    const closing = this.#others;
    this.#others = [];
    await Promise.all(closing.map((link) => link.close()));
  }

  #open(letter: string): RoomLink {
    const { open, own } = this.#options;
    return open({ clientId: `${own}.${letter}`, keepAliveS: KEEP_ALIVE_S, pingIntervalMs: PING_MS });
  }
}
