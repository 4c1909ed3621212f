import { expect, test } from "vitest";
import { FrameGate } from "./frame-gate.ts";

const KEY = { keyFrame: true, discardable: false };
const DELTA = { keyFrame: false, discardable: false };
const DISCARDABLE = { keyFrame: false, discardable: true };
const FREE = { congested: false };
const CONGESTED = { congested: true };

test("FrameGate begins with a key frame (P5)", () => {
  const gate = new FrameGate();
  expect(gate.needsKeyFrame).toBe(true);
  expect(gate.admit(DELTA, FREE)).toBe(false);
  expect(gate.admit(KEY, FREE)).toBe(true);
  expect(gate.admit(DELTA, FREE)).toBe(true);
});

test("FrameGate lets nothing pass after a lost frame until a key frame (P5)", () => {
  const gate = new FrameGate();
  gate.admit(KEY, FREE);
  gate.shut();
  expect(gate.needsKeyFrame).toBe(true);
  expect([gate.admit(DELTA, FREE), gate.admit(DISCARDABLE, FREE), gate.admit(KEY, FREE)]).toEqual([false, false, true]);
});

test("FrameGate drops for congestion only what no other frame needs", () => {
  const gate = new FrameGate();
  gate.admit(KEY, FREE);
  expect(gate.admit(DISCARDABLE, CONGESTED)).toBe(false);
  expect(gate.needsKeyFrame).toBe(false);
  expect(gate.admit(DELTA, CONGESTED)).toBe(true);
});
