import { setTimeout as delay } from "node:timers/promises";
import type { PcmBlock } from "@mqtt-meet/media";
import { joinRoom, type NodeRoom } from "@mqtt-meet/sdk/node";
import { SAMPLE_RATE } from "./speech.ts";

const TICK_MS = 20;
const BLOCK_SAMPLES = (SAMPLE_RATE * TICK_MS) / 1000;
/** Who was held up says at most so many blocks at once; the rest was never said. */
const MAX_LATE_BLOCKS = 25;

/** Somebody in a meeting who says the same over and over, and keeps what the others send. Disposing of it leaves. */
export class Caller implements AsyncDisposable {
  readonly #room: NodeRoom;
  readonly #timer: NodeJS.Timeout;
  #heard: Float32Array[] = [];

  private constructor(room: NodeRoom, timer: NodeJS.Timeout) {
    this.#room = room;
    this.#timer = timer;
    room.watchAudio("all", (block) => this.#heard.push(mono(block)));
  }

  static async call(link: string, options: { readonly name: string; readonly speech: Float32Array }): Promise<Caller> {
    const { name, speech } = options;
    const room = await joinRoom(link, { name });
    const microphone = { channels: 1 as const, onBlock: undefined as ((block: PcmBlock) => void) | undefined };
    await room.publishAudio(microphone, { source: "microphone" });
    const beganMs = performance.now();
    let said = 0;
    const timer = setInterval(() => {
      const due = Math.floor((performance.now() - beganMs) / TICK_MS);
      said = Math.max(said, due - MAX_LATE_BLOCKS);
      for (; said < due; said++) {
        const timestampUs = Math.floor((performance.timeOrigin + beganMs + said * TICK_MS) * 1000);
        const at = (said * BLOCK_SAMPLES) % (speech.length - BLOCK_SAMPLES);
        const samples = speech.slice(at, at + BLOCK_SAMPLES);
        microphone.onBlock?.({ timestampUs, sampleRate: SAMPLE_RATE, channels: 1, samples });
      }
    }, TICK_MS);
    return new Caller(room, timer);
  }

  /** What it hears of the others from now on for so long, mono. */
  async listen(ms: number): Promise<Float32Array> {
    this.#heard = [];
    await delay(ms);
    return joined(this.#heard);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#room[Symbol.asyncDispose]();
  }
}

function mono({ samples, channels }: PcmBlock): Float32Array {
  return channels === 1 ? samples.slice() : samples.filter((_, index) => index % channels === 0);
}

function joined(blocks: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(blocks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const block of blocks) {
    all.set(block, at);
    at += block.length;
  }
  return all;
}
