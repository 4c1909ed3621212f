import { expect, test } from "vitest";
import { SoundFramer } from "./sound-framer.ts";

const RATE = 48_000;

function block(timestampUs: number, samples: readonly number[] | Float32Array, channels = 1) {
  return { timestampUs, sampleRate: RATE, channels, samples: Float32Array.from(samples) };
}

test("SoundFramer makes frames of 20 ms from blocks of any size, with the time of their first sample", () => {
  const framer = new SoundFramer({ channels: 1, frameDurationMs: 20 });
  const frames = [];
  for (let i = 0; i < 15; i++) {
    const samples = Array.from({ length: 128 }, (_, k) => i * 128 + k);
    frames.push(...framer.push(block(5_000_000 + (i * 128 * 1e6) / RATE, samples)));
  }
  expect(frames.length).toBe(2);
  expect(frames.map((frame) => Math.round(frame.timestampUs))).toEqual([5_000_000, 5_020_000]);
  expect([...(frames[1]?.samples ?? [])]).toEqual(Array.from({ length: 960 }, (_, k) => 960 + k));
});

test("SoundFramer cuts several frames from one block", () => {
  const framer = new SoundFramer({ channels: 1, frameDurationMs: 20 });
  const frames = framer.push(block(0, new Float32Array(2_400)));
  expect(frames.map((frame) => frame.timestampUs)).toEqual([0, 20_000]);
  expect(framer.push(block(50_000, new Float32Array(480))).map((frame) => frame.timestampUs)).toEqual([40_000]);
});

test("SoundFramer gives a begun frame away", () => {
  const framer = new SoundFramer({ channels: 1, frameDurationMs: 20 });
  expect(framer.take()).toBeUndefined();
  framer.push(block(0, new Float32Array(1_440).fill(1)));
  expect(framer.take()).toMatchObject({ timestampUs: 20_000, samples: new Float32Array(480).fill(1) });
  expect(framer.push(block(30_000, new Float32Array(960))).map((frame) => frame.timestampUs)).toEqual([30_000]);
});

test("SoundFramer throws a begun frame away at a gap", () => {
  const framer = new SoundFramer({ channels: 1, frameDurationMs: 20 });
  framer.push(block(0, new Float32Array(480).fill(1)));
  const [frame] = framer.push(block(1_000_000, new Float32Array(960).fill(2)));
  expect(frame?.timestampUs).toBe(1_000_000);
  expect(frame?.samples.every((sample) => sample === 2)).toBe(true);
});

test("SoundFramer converts channels", () => {
  const mono = new SoundFramer({ channels: 1, frameDurationMs: 20 });
  const stereo = new SoundFramer({ channels: 2, frameDurationMs: 20 });
  const [mixed] = mono.push(
    block(
      0,
      Array.from({ length: 1_920 }, (_, i) => (i % 2 === 0 ? 1 : 0)),
      2,
    ),
  );
  expect(mixed?.samples.length).toBe(960);
  expect(mixed?.samples[7]).toBe(0.5);
  const [doubled] = stereo.push(block(0, new Float32Array(960).fill(0.25)));
  expect(doubled).toMatchObject({ channels: 2 });
  expect(doubled?.samples.length).toBe(1_920);
});

test("SoundFramer refuses other sample rates", () => {
  const framer = new SoundFramer({ channels: 1, frameDurationMs: 20 });
  expect(() => framer.push({ ...block(0, [0]), sampleRate: 44_100 })).toThrow(RangeError);
});
