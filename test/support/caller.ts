import { setTimeout as delay } from "node:timers/promises";
import { epochNowMs, type PcmBlock } from "@mqtt-meet/media";
import { joinRoom, type NodeRoom } from "@mqtt-meet/sdk/node";
import { SAMPLE_RATE } from "./speech.ts";

const TICK_MS = 20;
const BLOCK_SAMPLES = (SAMPLE_RATE * TICK_MS) / 1000;
/** Who was held up says at most so many blocks at once; the rest was never said. */
const MAX_LATE_BLOCKS = 25;

/** Some sound of another one, mono. */
interface Heard {
  /** When it plays, on the epoch clock. */
  readonly timestampUs: number;
  readonly samples: Float32Array;
}

/** Somebody in a meeting of two who says the same over and over, and keeps what the other one sends. Disposing of it leaves. */
export class Caller implements AsyncDisposable {
  readonly #room: NodeRoom;
  readonly #timer: NodeJS.Timeout;
  #heard: Heard[] = [];

  private constructor(room: NodeRoom, timer: NodeJS.Timeout) {
    this.#room = room;
    this.#timer = timer;
    room.watchAudio("all", ({ timestampUs, ...block }) => this.#heard.push({ timestampUs, samples: mono(block) }));
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

  /** What it hears from now on for so long, mono: pauses, which are not sent (F9), are silence. */
  async listen(ms: number): Promise<Float32Array> {
    const fromUs = epochNowMs() * 1000;
    this.#heard = [];
    await delay(ms);
    return joined(this.#heard, { fromUs, ms });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#room[Symbol.asyncDispose]();
  }
}

function mono({ samples, channels }: Pick<PcmBlock, "samples" | "channels">): Float32Array {
  return channels === 1 ? samples.slice() : samples.filter((_, index) => index % channels === 0);
}

/** Each where its time says; what plays outside of the `ms` from `fromUs` is left out. */
function joined(
  heard: readonly Heard[],
  { fromUs, ms }: { readonly fromUs: number; readonly ms: number },
): Float32Array {
  const all = new Float32Array((ms / 1000) * SAMPLE_RATE);
  for (const { timestampUs, samples } of heard) {
    const at = Math.round(((timestampUs - fromUs) / 1e6) * SAMPLE_RATE);
    if (at >= 0 && at + samples.length <= all.length) all.set(samples, at);
  }
  return all;
}
