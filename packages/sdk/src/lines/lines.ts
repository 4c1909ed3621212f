import { every, type SenderPath } from "@mqtt-meet/media";
import type { PeerId } from "@mqtt-meet/protocol";
import { pathWaitMs } from "../path-wait.ts";
import type { OpenLink, RoomLink } from "../room-link.ts";
import type { SoundLines } from "./sound-lines.ts";
import { type LineUse, LOOK_INTERVAL_MS, StallWatch } from "./stall-watch.ts";

/** Of every connection for pictures, and of those beside the first for sound. */
export const KEEP_ALIVE_S = 10;

/** How connections in one direction are opened. */
export interface LinesOptions {
  readonly open: OpenLink;
  readonly own: PeerId;
  /** Of the client ids (docs/protocol.md, K4): of the first connection, of the one that is opened to see what it waits for, and of the others. */
  readonly letters: readonly [string, string, ...string[]];
  readonly pingMs: number;
  /** The first connection is there, or there again. */
  readonly onConnected: () => void;
  /** The use of the line changed; connections that are opened for it are there already, those that are not needed any more still. */
  readonly onUse?: (use: LineUse) => void;
  readonly nowMs: () => number;
}

/** What the lines of a direction leave to their owner. */
export interface DirectionOptions extends Pick<LinesOptions, "open" | "own" | "onConnected" | "nowMs"> {
  readonly sound: SoundLines;
}

/** The connections over one line in one direction: one, and several where packets are lost. */
export class Lines {
  readonly first: RoomLink;
  readonly #options: LinesOptions;
  readonly #watch = new StallWatch();
  readonly #lifetime = new AbortController();
  readonly #others: RoomLink[] = [];

  constructor(options: LinesOptions) {
    const { letters, onConnected } = options;
    this.#options = options;
    this.first = this.#open(letters[0], onConnected);
    every(LOOK_INTERVAL_MS, () => this.#look(), { signal: this.#lifetime.signal });
  }

  /** Beside the first, in the order of their letters. */
  get others(): readonly RoomLink[] {
    return this.#others;
  }

  get use(): LineUse {
    return this.#watch.use;
  }

  async close(): Promise<void> {
    this.#lifetime.abort();
    await Promise.all([this.first, ...this.#others].map((link) => link.close()));
  }

  #look(): void {
    const before = this.use;
    const use = this.#watch.look(
      [this.first, ...this.#others].map((link) => link.path()),
      this.#options.nowMs(),
    );
    if (use !== before) this.#change(use);
  }

  #change(use: LineUse): void {
    const [, ...letters] = this.#options.letters;
    const wanted = { one: 0, witnessed: 1, several: letters.length }[use];
    for (const letter of letters.slice(this.#others.length, wanted)) this.#others.push(this.#open(letter));
    this.#options.onUse?.(use);
    for (const link of this.#others.splice(wanted)) link.close().catch(() => undefined);
  }

  #open(letter: string, onConnected: () => void = () => undefined): RoomLink {
    const { open, own, pingMs } = this.#options;
    return open({ clientId: `${own}.${letter}`, keepAliveS: KEEP_ALIVE_S, pingIntervalMs: pingMs, onConnected });
  }
}

/** Of several ways that carry the same, the one on which least waits. Undefined while nothing is known of any. */
export function leastWaiting(paths: readonly (SenderPath | undefined)[]): SenderPath | undefined {
  const [first, ...others] = paths.filter((path) => path !== undefined);
  return first && others.reduce((least, path) => (pathWaitMs(path) < pathWaitMs(least) ? path : least), first);
}
