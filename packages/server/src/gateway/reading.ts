import type { ByteStream } from "@mqtt-meet/mqtt";

/** Why a client is not read from: it has not been let in, it sends too much, or the broker does not take more. */
export type Hold = "admission" | "rate" | "broker";

/** Reads from a client only while nothing speaks against it. */
export class Reading {
  readonly #stream: Pick<ByteStream, "pause" | "resume">;
  readonly #holds = new Set<Hold>();

  constructor(stream: Pick<ByteStream, "pause" | "resume">) {
    this.#stream = stream;
  }

  hold(why: Hold): void {
    if (this.#holds.size === 0) this.#stream.pause?.();
    this.#holds.add(why);
  }

  release(why: Hold): void {
    if (this.#holds.delete(why) && this.#holds.size === 0) this.#stream.resume?.();
  }
}
