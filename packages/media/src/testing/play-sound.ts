import { ClockedSink } from "../subscribe/clocked-sink.ts";
import { SoundPlayout } from "../subscribe/sound-playout.ts";

/** Of a frame, when nothing is said. */
export const FRAME_US = 20_000;
const PATH_US = 5_000;
/** Our clock is three hours behind the publisher's: nothing may depend on it. */
const PUBLISHER_US = 10_800_000_000;

/** How sound comes. */
export interface Trace {
  readonly seconds: number;
  /** How much later than on an empty path frame `i` comes; order is kept, as TCP does. */
  readonly late?: (i: number) => number;
  readonly lost?: (i: number) => boolean;
  /** What the publisher's 20 ms take on our clock. */
  readonly drift?: number;
  /** Only the delays matter. */
  readonly silent?: boolean;
  /** When frame `i` is to be heard at least, after its capture. */
  readonly minimumDelayUs?: (i: number) => number;
  /** {@link FRAME_US} when left out. */
  readonly frameUs?: number;
  /** The device takes so much at once; evenly when left out. */
  readonly stepUs?: number;
}

/** A tone, 20 ms of it when nothing is said. */
export function voice(from: number, count = 960): Float32Array {
  const samples = new Float32Array(count);
  for (let k = 0; k < count; k++) samples[k] = 0.5 * Math.sin((2 * Math.PI * 220 * (from + k)) / 48_000);
  return samples;
}

/** Plays a voice-like tone that comes as `trace` says. */
export function playSound(trace: Trace) {
  const { frameUs = FRAME_US, stepUs = 0 } = trace;
  const count = (48 * frameUs) / 1000;
  let nowUs = 0;
  /** The largest step between two samples: a click. */
  let largestStep = 0;
  let before = 0;
  const listen = (samples: Float32Array) => {
    for (const sample of samples) {
      largestStep = Math.max(largestStep, Math.abs(sample - before));
      before = sample;
    }
  };
  const sink = new ClockedSink({
    channels: 1,
    nowMs: () => (stepUs === 0 ? nowUs : Math.floor(nowUs / stepUs) * stepUs) / 1000,
    onSamples: listen,
  });
  const playout = new SoundPlayout({ sink });
  /** Delay of what is heard, in ms, once per frame. */
  const delays: number[] = [];
  let lastUs = 0;
  let lostBefore = false;
  for (let i = 0; i * frameUs < trace.seconds * 1e6; i++) {
    const capturedUs = i * frameUs * (trace.drift ?? 1);
    const arrivalUs = Math.max(lastUs, capturedUs + frameUs + PATH_US + (trace.late?.(i) ?? 0));
    if (trace.lost?.(i)) {
      lostBefore = true;
      continue;
    }
    lastUs = arrivalUs;
    nowUs = arrivalUs;
    const samples = trace.silent ? new Float32Array(count) : voice(i * count, count);
    const timestampUs = PUBLISHER_US + i * frameUs;
    const minimumDelayUs = trace.minimumDelayUs === undefined ? undefined : trace.minimumDelayUs(i) - PUBLISHER_US;
    playout.push(
      { timestampUs, sampleRate: 48_000, channels: 1, samples },
      { nowUs, lost: lostBefore, minimumDelayUs },
    );
    lostBefore = false;
    const heardUs = playout.heardUs(nowUs);
    delays.push(heardUs === undefined ? Number.NaN : (nowUs - (heardUs - PUBLISHER_US) * (trace.drift ?? 1)) / 1000);
  }
  const { counts } = playout;
  return { playout, counts, delays, largestStep, concealed: counts.concealedSamples / counts.totalSamplesReceived };
}

/** The average. */
export const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
/** The average of the last second. */
export const last = (values: readonly number[]) => mean(values.slice(-50));
