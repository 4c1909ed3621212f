/** A frame's number, and when it was there. */
export interface NumberedTime {
  readonly number: number;
  readonly atMs: number;
}

/** How pictures stood still. */
export interface Freezes {
  readonly count: number;
  readonly totalMs: number;
  readonly longestMs: number;
}

/** The definition of webrtc-stats: a frame that lasts for max(3 · mean, mean + 150 ms) of the 30 frames before it. */
const FRAMES = 30;
const FACTOR = 3;
const MARGIN_MS = 150;

/** Freezes between `fromMs` and `toMs`, by when frames were shown, in this order. What is frozen at the end counts, too. */
export function freezesOf(shownMs: readonly number[], { fromMs, toMs }: { fromMs: number; toMs: number }): Freezes {
  const durations: number[] = [];
  let [count, totalMs, longestMs] = [0, 0, 0];
  const ends = [...shownMs.slice(1), Math.max(toMs, shownMs.at(-1) ?? toMs)];
  shownMs.forEach((startMs, i) => {
    const endMs = ends[i] ?? startMs;
    const lastedMs = endMs - startMs;
    const meanMs = durations.reduce((sum, value) => sum + value, 0) / durations.length;
    if (durations.length > 0 && lastedMs >= Math.max(FACTOR * meanMs, meanMs + MARGIN_MS)) {
      const insideMs = Math.min(endMs, toMs) - Math.max(startMs, fromMs);
      if (insideMs > 0) {
        count++;
        totalMs += insideMs;
        longestMs = Math.max(longestMs, lastedMs);
      }
    }
    durations.push(lastedMs);
    if (durations.length > FRAMES) durations.shift();
  });
  return { count, totalMs, longestMs };
}

/** How long each frame that was captured in the given time took to be shown, for those that were. */
export function latenciesOf(
  shown: readonly NumberedTime[],
  { capturedMs, fromMs, toMs }: { capturedMs: readonly number[]; fromMs: number; toMs: number },
): readonly NumberedLatency[] {
  return shown.flatMap(({ number, atMs }) => {
    const startMs = capturedMs[number];
    if (startMs === undefined || startMs < fromMs || startMs >= toMs) return [];
    return [{ capturedMs: startMs, latencyMs: atMs - startMs }];
  });
}

/** From a frame's capture to its display. */
export interface NumberedLatency {
  readonly capturedMs: number;
  readonly latencyMs: number;
}

/** A sound that was captured and heard. */
export interface HeardBeep {
  readonly saidMs: number;
  readonly mouthToEarMs: number;
}

/** Beeps are a second apart: what is heard within less of one that was said is that one. */
const BEEP_WITHIN_MS = 950;

/** Which beeps of the given time were heard, and how late. */
export function heardBeeps(
  saidMs: readonly number[],
  { heardMs, fromMs, toMs }: { heardMs: readonly number[]; fromMs: number; toMs: number },
): readonly HeardBeep[] {
  return saidMs.flatMap((said) => {
    if (said < fromMs || said >= toMs) return [];
    const heard = heardMs.find((ms) => ms >= said && ms < said + BEEP_WITHIN_MS);
    return heard === undefined ? [] : [{ saidMs: said, mouthToEarMs: heard - said }];
  });
}

/** Frames captured so near to a beep tell how late its picture was. */
const NEAR_MS = 200;

/** How much earlier each beep was heard than the picture of its moment was shown; negative: later. */
export function skewsOf(
  beeps: readonly HeardBeep[],
  { frames, outputLatencyMs }: { frames: readonly NumberedLatency[]; outputLatencyMs: number },
): readonly number[] {
  return beeps.flatMap(({ saidMs, mouthToEarMs }) => {
    const near = frames.filter(({ capturedMs }) => Math.abs(capturedMs - saidMs) <= NEAR_MS);
    const middle = near.toSorted((a, b) => a.latencyMs - b.latencyMs)[Math.floor(near.length / 2)];
    return middle === undefined ? [] : [middle.latencyMs - mouthToEarMs - outputLatencyMs];
  });
}

/** How many follow each other at the most that are true. */
export function longestRun(flags: readonly boolean[]): number {
  let [run, longest] = [0, 0];
  for (const flag of flags) {
    run = flag ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}
