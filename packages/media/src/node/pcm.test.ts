import { expect, test } from "vitest";
import type { PcmBlock } from "../codec.ts";
import { PcmFramer } from "./pcm-framer.ts";
import { PcmMixer } from "./pcm-mixer.ts";

const block = (value: number, options: { frames?: number; channels?: number; timestampUs?: number } = {}): PcmBlock => {
  const { frames = 960, channels = 1, timestampUs = 0 } = options;
  return { timestampUs, sampleRate: 48_000, channels, samples: new Float32Array(frames * channels).fill(value) };
};

test("PcmMixer: voices add up, the sum is limited, mono fills both sides", () => {
  const mixer = new PcmMixer();
  expect(mixer.take(10)).toBeUndefined();
  mixer.push("a", block(0.25));
  mixer.push("b", block(0.5, { channels: 2 }));
  expect([...(mixer.take(20) ?? []).slice(0, 3)]).toEqual([0.75, 0.75, 0.75]);
  mixer.push("a", block(0.9));
  mixer.push("b", block(0.9));
  expect(mixer.take(20)?.[7]).toBe(1);
  expect(mixer.take(1)).toBeUndefined();
});

test("PcmMixer: a voice that has less does not hold the others back", () => {
  const mixer = new PcmMixer();
  mixer.push("short", block(0.1, { frames: 100 }));
  mixer.push("long", block(0.2));
  expect(mixer.take(20)?.[0]).toBeCloseTo(0.2);
});

test("PcmMixer: what waits is bounded", () => {
  const mixer = new PcmMixer();
  for (let i = 0; i < 100; i++) mixer.push("a", block(i / 100));
  let takenMs = 0;
  while (mixer.take(10)) takenMs += 10;
  expect(takenMs).toBeLessThanOrEqual(120);
  expect(takenMs).toBeGreaterThanOrEqual(40);
});

test("PcmFramer: blocks of any length become frames of one length with their times", () => {
  const framer = new PcmFramer({ channels: 1, frameSamples: 960, sampleRate: 48_000 });
  const frames: PcmBlock[] = [];
  for (let i = 0; i < 9; i++) {
    const part = block(i, { frames: 320, timestampUs: Math.round(1_000_000 + (i * 320 * 1e6) / 48_000) });
    framer.push(part, (frame) => frames.push(frame));
  }
  expect(frames.map(({ timestampUs }) => timestampUs)).toEqual([1_000_000, 1_020_000, 1_040_000]);
  expect([...new Set(frames[1]?.samples)]).toEqual([3, 4, 5]);
});

test("PcmFramer: stereo is averaged to mono, mono doubled to stereo, a gap begins anew", () => {
  const mono = new PcmFramer({ channels: 1, frameSamples: 2, sampleRate: 48_000 });
  const stereo = new PcmFramer({ channels: 2, frameSamples: 2, sampleRate: 48_000 });
  const got: PcmBlock[] = [];
  const samples = Float32Array.of(0, 1, 0.5, 0.5);
  mono.push({ timestampUs: 0, sampleRate: 48_000, channels: 2, samples }, (frame) => got.push(frame));
  stereo.push({ timestampUs: 0, sampleRate: 48_000, channels: 1, samples }, (frame) => got.push(frame));
  expect(got.map((frame) => [...frame.samples])).toEqual([
    [0.5, 0.5],
    [0, 0, 1, 1],
    [0.5, 0.5, 0.5, 0.5],
  ]);
  const gap = new PcmFramer({ channels: 1, frameSamples: 960, sampleRate: 48_000 });
  const frames: PcmBlock[] = [];
  gap.push(block(1, { frames: 500, timestampUs: 0 }), (frame) => frames.push(frame));
  gap.push(block(2, { timestampUs: 5_000_000 }), (frame) => frames.push(frame));
  expect(frames).toHaveLength(1);
  expect(frames[0]?.timestampUs).toBe(5_000_000);
  expect(() => gap.push({ ...block(1), sampleRate: 44_100 }, () => {})).toThrow(RangeError);
});
