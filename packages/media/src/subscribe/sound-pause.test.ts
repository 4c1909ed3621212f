import { expect, test } from "vitest";
import { seededRandom } from "../testing/random.ts";
import { ClockedSink } from "./clocked-sink.ts";
import { SoundPause } from "./sound-pause.ts";
import { SoundPlayout } from "./sound-playout.ts";

const FRAME_US = 20_000;
const PATH_US = 5_000;
/** The publisher's clock is three hours ahead: nothing may depend on it. */
const PUBLISHER_US = 10_800_000_000;
const SIGN_FRAMES = 20;
const PAUSE_MS = 420;

interface Talk {
  readonly frames: number;
  readonly speaks: (i: number) => boolean;
  /** How much later than on an empty path frame `i` comes; order is kept. */
  readonly late?: (i: number) => number;
  readonly lost?: (i: number) => boolean;
  /** All frames are sent, as without pauses. */
  readonly whole?: boolean;
}

interface SentFrame {
  readonly i: number;
  readonly pauseMs: number | undefined;
}

/** What a publisher sends who leaves out its pauses; undefined: nothing. */
function sentFrames({ frames, speaks, whole = false }: Talk): (SentFrame | undefined)[] {
  let silentFor = 0;
  return Array.from({ length: frames }, (_, i) => {
    silentFor = speaks(i) ? 0 : silentFor + 1;
    const isSent = whole || silentFor <= 1 || (silentFor - 1) % SIGN_FRAMES === 0;
    return isSent ? { i, pauseMs: silentFor > 0 && !whole ? PAUSE_MS : undefined } : undefined;
  });
}

/** Plays it. */
function listen(talk: Talk) {
  const { late = () => 0, lost = () => false } = talk;
  let nowUs = 0;
  const sink = new ClockedSink({ channels: 1, nowMs: () => nowUs / 1000, onSamples: () => undefined });
  const playout = new SoundPlayout({ sink });
  /** How long after capture sound is heard, in ms, at every frame's time, also of those that are not sent. */
  const delays: number[] = [];
  const targets: number[] = [];
  let missing = false;
  const arrive = (frame: SentFrame) => {
    const { i, pauseMs } = frame;
    nowUs = Math.max(nowUs, (i + 1) * FRAME_US + PATH_US + late(i));
    const samples = new Float32Array(960).fill(talk.speaks(i) ? 0.2 : 0);
    const block = { timestampUs: PUBLISHER_US + i * FRAME_US, sampleRate: 48_000, channels: 1, samples };
    playout.push(block, { nowUs, lost: missing, pauseMs });
  };
  for (const [i, frame] of sentFrames(talk).entries()) {
    if (frame && !lost(i)) arrive(frame);
    if (frame) missing = lost(i);
    nowUs = Math.max(nowUs, (i + 1) * FRAME_US + PATH_US);
    const heardUs = playout.heardUs(nowUs);
    delays.push(heardUs === undefined ? Number.NaN : (nowUs - (heardUs - PUBLISHER_US)) / 1000);
    targets.push(playout.targetUs / 1000);
  }
  return { counts: playout.counts, delays, targets };
}

/** Two seconds of speech, three of silence. */
const inTurns = (i: number) => i % 250 < 100;

test("a pause is counted as silence, and nothing of it as missing (F9)", () => {
  const { counts } = listen({ frames: 2_500, speaks: inTurns });
  expect(counts).toMatchObject({ concealedSamples: 0, concealmentEvents: 0 });
  // Of each pause, all but its first frame; what is written in front of the next word is part of it.
  expect(counts.silentSamples / 48_000).toBeGreaterThan(28);
  expect(counts.silentSamples / 48_000).toBeLessThan(30);
  expect(counts.totalSamplesReceived / 48_000).toBeGreaterThan(48.5);
  expect(counts.totalSamplesReceived / 48_000).toBeLessThan(50.1);
});

test("where sound is stays known in a pause, as if silence had been sent (F9)", () => {
  const { delays } = listen({ frames: 1_500, speaks: inTurns });
  const known = delays.slice(20);
  expect(known.some(Number.isNaN)).toBe(false);
  const steps = known.slice(1).map((delay, i) => Math.abs(delay - (known[i] ?? 0)));
  expect(Math.max(...steps.slice(600))).toBeLessThan(15);
  expect(Math.max(...known.slice(800)) - Math.min(...known.slice(800))).toBeLessThan(30);
});

test("on a line with jitter a pause changes neither what is kept for late packets nor what is missing (F9)", () => {
  const late = () => {
    const random = seededRandom(7);
    const times = Array.from({ length: 6_000 }, () => random() * 60_000);
    return (i: number) => times[i] ?? 0;
  };
  const speaks = (i: number) => i < 1_500 || i >= 4_500;
  const silent = listen({ frames: 6_000, speaks, late: late() });
  const whole = listen({ frames: 6_000, speaks, late: late(), whole: true });
  expect(Math.abs((silent.targets[4_600] ?? 0) - (whole.targets[4_600] ?? 0))).toBeLessThan(15);
  expect(silent.counts.concealedSamples / 48).toBeLessThan(whole.counts.concealedSamples / 48 + 20);
});

test("of a pause that ends with a loss, no more than the time since the last sign counts as missing (F9)", () => {
  // 100 frames of speech, a pause with signs, and the first five frames thereafter are lost.
  const { counts } = listen({ frames: 600, speaks: (i) => i < 100 || i >= 300, lost: (i) => i >= 300 && i < 305 });
  expect(counts.concealedSamples / 48).toBeGreaterThan(99);
  expect(counts.concealedSamples / 48).toBeLessThan(600);
});

test("a sign that is lost makes nothing missing (F9)", () => {
  const { counts } = listen({ frames: 600, speaks: (i) => i < 100 || i >= 400, lost: (i) => i === 180 });
  expect(counts).toMatchObject({ concealedSamples: 0, concealmentEvents: 0 });
});

test("where sound is, is not known when no sign comes", () => {
  const pause = new SoundPause({ endUs: 1_000_000, emptyBefore: 4_800 });
  pause.goOn({ endUs: 1_000_000, nowUs: 5_000_000, pauseMs: 420 });
  expect(pause.heardUs(4_800 + 480, 5_900_000)).toBe(1_010_000);
  expect(pause.heardUs(4_800 + 4_800, 5_930_000)).toBeUndefined();
  pause.goOn({ endUs: 1_400_000, nowUs: 5_940_000, pauseMs: 420 });
  expect(pause.signedUs).toBe(1_400_000);
  expect(pause.heardUs(4_800 + 4_800, 5_950_000)).toBe(1_100_000);
});

test.each([
  { pauseMs: undefined, written: 0 },
  { pauseMs: 420, written: 480 },
])(
  "a short frame waits for the next one to be played faster with it, but not in front of a pause (F9): $pauseMs",
  (each) => {
    let nowUs = 0;
    const sink = new ClockedSink({ channels: 1, nowMs: () => nowUs / 1000, onSamples: () => undefined });
    const playout = new SoundPlayout({ sink });
    let i = 0;
    /** 10 ms of silence; how much of it is written. */
    const push = (pauseMs?: number) => {
      const before = sink.bufferedSamples;
      const block = { timestampUs: PUBLISHER_US + i++ * 10_000, sampleRate: 48_000, channels: 1 };
      playout.push({ ...block, samples: new Float32Array(480) }, { nowUs, lost: false, pauseMs });
      return sink.bufferedSamples - before;
    };
    for (; nowUs < 2_000_000; nowUs += 10_000) push();
    // Much comes together and is too much, so that of two frames the first waits.
    for (let n = 0; n < 20; n++) push();
    while (push() > 0) expect(i).toBeLessThan(300);
    expect(push()).toBeGreaterThan(480);
    expect(push(each.pauseMs)).toBe(each.written);
  },
);
