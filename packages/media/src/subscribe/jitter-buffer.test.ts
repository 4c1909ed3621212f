import { expect, test } from "vitest";
import { JitterBuffer } from "./jitter-buffer.ts";

const frame = (timestampUs: number, keyFrame = false) => ({ keyFrame, timestampUs, body: new Uint8Array(100) });

test("JitterBuffer gives frames in order, when they are due", () => {
  const buffer = new JitterBuffer();
  for (const time of [10, 20, 30]) buffer.push(frame(time));
  expect([buffer.take(9), buffer.take(25)?.timestampUs, buffer.take(25)?.timestampUs, buffer.take(25)]).toEqual([
    undefined,
    10,
    20,
    undefined,
  ]);
  expect(buffer.length).toBe(1);
});

test("JitterBuffer takes no more than its bounds", () => {
  const inFrames = new JitterBuffer({ maxFrames: 2 });
  expect([inFrames.push(frame(1)), inFrames.push(frame(2)), inFrames.push(frame(3))]).toEqual([true, true, false]);
  const inBytes = new JitterBuffer({ maxBytes: 250 });
  expect([inBytes.push(frame(1)), inBytes.push(frame(2)), inBytes.push(frame(3))]).toEqual([true, true, false]);
  inBytes.take(1);
  expect(inBytes.push(frame(3))).toBe(true);
  expect(inBytes.clear()).toBe(2);
  expect(inBytes.push(frame(4))).toBe(true);
});

test("JitterBuffer jumps to a key frame over what is a second late", () => {
  const buffer = new JitterBuffer();
  for (let i = 0; i < 60; i++) buffer.push(frame(i * 33_000, i === 20 || i === 50));
  expect(buffer.take(900_000)?.timestampUs).toBe(0);
  expect(buffer.take(1_400_000)?.timestampUs).toBe(20 * 33_000);
  expect(buffer.framesJumped).toBe(19);
  expect(buffer.take(1_400_000)?.timestampUs).toBe(21 * 33_000);
});
