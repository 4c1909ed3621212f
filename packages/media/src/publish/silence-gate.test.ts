import { expect, test } from "vitest";
import { seededRandom } from "../testing/random.ts";
import { PAUSE_MS, type SilenceChoice, SilenceGate } from "./silence-gate.ts";

const FRAME = { durationMs: 20 };

/** 20 ms of noise of a level, in dB of full scale. */
function noise(db: number, random: () => number): Float32Array {
  const peak = Math.sqrt(3) * 10 ** (db / 20);
  return Float32Array.from({ length: 960 }, () => (2 * random() - 1) * peak);
}

function gate() {
  const random = seededRandom(1);
  const silence = new SilenceGate();
  return {
    silence,
    /** What becomes of frames of such levels. */
    hear: (...levels: readonly number[]) => levels.map((db) => silence.choose(noise(db, random), FRAME)),
    /** What becomes of so many milliseconds of one level. */
    hearFor: (db: number, ms: number) =>
      Array.from({ length: ms / 20 }, () => silence.choose(noise(db, random), FRAME)),
  };
}

const sent = (choices: readonly SilenceChoice[]) => choices.filter((choice) => choice !== "leave-out").length;

test("a pause begins after 200 ms of silence, and a sign of it is sent every 400 ms (F9)", () => {
  const { hearFor } = gate();
  expect(hearFor(-25, 100)).toEqual(Array(5).fill("send"));
  const pause = hearFor(-70, 2_000);
  expect(pause.slice(0, 10)).toEqual([...Array(9).fill("send"), "last"]);
  expect(pause.flatMap((choice, i) => (choice === "sign" ? [(i - 9) * 20] : []))).toEqual([400, 800, 1_200, 1_600]);
  expect(sent(pause)).toBe(14);
});

test("the first frame in which a word begins is sent, even if it begins at its end (F9)", () => {
  const { hearFor, silence } = gate();
  hearFor(-70, 1_000);
  const samples = new Float32Array(960);
  for (let i = 850; i < 960; i++) samples[i] = 0.02 * Math.sin(i / 10);
  expect(silence.choose(samples, FRAME)).toBe("send");
  expect(hearFor(-70, 100)).toEqual(Array(5).fill("send"));
});

test("the noise of a room is silence beside a voice that is 25 dB louder, and not before one was heard (F9)", () => {
  const { hearFor } = gate();
  expect(sent(hearFor(-55, 2_000))).toBe(100);
  hearFor(-25, 1_000);
  expect(sent(hearFor(-55, 2_000))).toBeLessThan(20);
  // Above 50 dB below full scale, noise would be missed.
  expect(sent(hearFor(-45, 2_000))).toBe(100);
});

test("who speaks softly is not cut: a voice at -50 dB, after a loud one (F9)", () => {
  const { hear, hearFor } = gate();
  hearFor(-20, 200);
  for (let i = 0; i < 80; i++) hear(-46, -46, -52, -56, -58, -52);
  const word = hear(-46, -52, -54, -56, -58, -58, -58, -58, -58, -58, -58, -58);
  expect(word).toEqual(Array(12).fill("send"));
});

test("digital silence is left out from the first frame on, but for 200 ms and signs (F9)", () => {
  const silence = new SilenceGate();
  const choices = Array.from({ length: 500 }, () => silence.choose(new Float32Array(960), FRAME));
  expect(sent(choices)).toBe(10 + 24);
});

test("what comes after a break is sent as if nothing had been", () => {
  const { hearFor, silence } = gate();
  hearFor(-70, 1_000);
  silence.reset();
  expect(hearFor(-70, 180)).toEqual(Array(9).fill("send"));
});

test("longer frames give the same pauses (F9)", () => {
  const silence = new SilenceGate();
  const choices = Array.from({ length: 50 }, () => silence.choose(new Float32Array(2_880), { durationMs: 60 }));
  expect(choices.indexOf("last")).toBe(3);
  const signs = choices.flatMap((choice, i) => (choice === "sign" ? [(i - 3) * 60] : []));
  expect(signs.slice(0, 2)).toEqual([420, 840]);
});

test("while frames get shorter and longer, a sign never comes later than was said, and is not sent for nothing (F9)", () => {
  const random = seededRandom(2);
  const silence = new SilenceGate();
  const durations = [10, 20, 40, 60];
  const sentAtMs: number[] = [];
  let atMs = 0;
  let durationMs = 10;
  for (let i = 0; i < 20_000; i++) {
    if (random() < 0.05) durationMs = durations[Math.floor(random() * 4)] ?? 20;
    const choice = silence.choose(new Float32Array(48 * durationMs), { durationMs });
    if (choice === "last" || choice === "sign") sentAtMs.push(atMs);
    atMs += durationMs;
  }
  const distances = sentAtMs.slice(1).map((ms, i) => ms - (sentAtMs[i] ?? 0));
  expect(distances.length).toBeGreaterThan(1_000);
  expect(Math.max(...distances)).toBeLessThanOrEqual(PAUSE_MS);
  expect(Math.min(...distances)).toBeGreaterThan(PAUSE_MS - 60);
});
