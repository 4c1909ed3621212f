import { expect, test } from "vitest";
import { FrameOrder } from "./frame-order.ts";

const key = (number: number, timestampUs = number * 33_000) => ({ number, timestampUs, keyFrame: true });
const delta = (number: number) => ({ number, timestampUs: number * 33_000, keyFrame: false });

test("FrameOrder begins with a key frame (P5)", () => {
  const order = new FrameOrder();
  expect([delta(4), delta(5), key(6), delta(7)].map((frame) => order.push(frame))).toEqual([
    "gap",
    "gap",
    "decode",
    "decode",
  ]);
  expect(order.framesLost).toBe(0);
});

test("FrameOrder lets nothing pass after a gap until a key frame (P5, P9)", () => {
  const order = new FrameOrder();
  const outcomes = [key(1), delta(2), delta(4), delta(5), key(6), delta(7)].map((frame) => order.push(frame));
  expect(outcomes).toEqual(["decode", "decode", "gap", "gap", "decode", "decode"]);
  expect(order.framesLost).toBe(1);
});

test("FrameOrder drops what comes late or twice", () => {
  const order = new FrameOrder();
  order.push(key(1));
  order.push(delta(2));
  expect([order.push(delta(2)), order.push(delta(1)), order.push(delta(3))]).toEqual(["late", "late", "decode"]);
});

test("FrameOrder goes on over the wrap of numbers (P3)", () => {
  const order = new FrameOrder();
  const frames = [key(0xffff_ffff, 1), { number: 0, timestampUs: 2, keyFrame: false }];
  expect(frames.map((frame) => order.push(frame))).toEqual(["decode", "decode"]);
});

test("FrameOrder begins anew with a later key frame, whatever its number", () => {
  const order = new FrameOrder();
  order.push(key(900_000, 0));
  expect(order.push({ number: 3, timestampUs: 5_000_000, keyFrame: false })).toBe("late");
  expect(order.push(key(4, 5_000_000))).toBe("decode");
  expect(order.push({ number: 5, timestampUs: 5_033_000, keyFrame: false })).toBe("decode");
  expect(order.framesLost).toBe(0);
});

test("FrameOrder waits for a key frame when a frame was not decoded", () => {
  const order = new FrameOrder();
  order.push(key(1));
  order.breakOff();
  expect(order.needsKeyFrame).toBe(true);
  expect(order.push(delta(2))).toBe("gap");
});

/** Every second frame is needed by no other, and the others need the one before the last. */
const base = (number: number) => ({ ...delta(number), needs: 2 });
const upper = (number: number) => ({ ...delta(number), discardable: true });

test("FrameOrder does without frames that no other needs, and counts none of them as lost (P5, F8)", () => {
  const order = new FrameOrder();
  const frames = [key(2), upper(3), base(4), base(6), base(8), upper(9), base(10)];
  expect(new Set(frames.map((frame) => order.push(frame)))).toEqual(new Set(["decode"]));
  expect(order.framesLost).toBe(0);
});

test("FrameOrder finds what is missing among frames that may be missing (P5, F8)", () => {
  const order = new FrameOrder();
  const outcomes = [key(2), base(4), base(8), upper(9), base(10), key(12), base(14)].map((frame) => order.push(frame));
  expect(outcomes).toEqual(["decode", "decode", "gap", "gap", "gap", "decode", "decode"]);
  expect(order.framesLost).toBeGreaterThan(0);
});

test("FrameOrder is not confused by a broker that mixes two topics up: only what no other needs is passed over", () => {
  const order = new FrameOrder();
  const outcomes = [key(2), base(4), upper(3), upper(7), base(6), base(8)].map((frame) => order.push(frame));
  expect(outcomes).toEqual(["decode", "decode", "late", "gap", "decode", "decode"]);
  expect(order.needsKeyFrame).toBe(false);
});
