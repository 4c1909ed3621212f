import { expect, test } from "vitest";
import { ActiveSpeaker } from "./active-speaker.ts";

const PRESENT = ["a", "b", "c"];
const now = (nowMs: number, ...speaking: string[]) => ({ nowMs, speaking: new Set(speaking) });

test("ActiveSpeaker is nobody before somebody speaks, and then whoever speaks first", () => {
  const active = new ActiveSpeaker();
  expect(active.update(PRESENT, now(0))).toBeUndefined();
  expect(active.update(PRESENT, now(100, "b"))).toBe("b");
  expect(active.update(PRESENT, now(200, "b", "a"))).toBe("b");
});

test("ActiveSpeaker stays through a short word of another and through a pause", () => {
  const active = new ActiveSpeaker();
  active.update(PRESENT, now(0, "a"));
  expect(active.update(PRESENT, now(5000))).toBe("a");
  expect(active.update(PRESENT, now(5100, "b"))).toBe("a");
  expect(active.update(PRESENT, now(5900, "b"))).toBe("a");
  expect(active.update(PRESENT, now(6000))).toBe("a");
  expect(active.update(PRESENT, now(7000, "b"))).toBe("a");
  expect(active.update(PRESENT, now(8000, "b"))).toBe("b");
});

test("ActiveSpeaker does not change twice within two seconds", () => {
  const active = new ActiveSpeaker();
  active.update(PRESENT, now(0, "a"));
  active.update(PRESENT, now(2000, "b"));
  expect(active.update(PRESENT, now(3000, "b"))).toBe("b");
  active.update(PRESENT, now(3100, "c"));
  expect(active.update(PRESENT, now(4500, "c"))).toBe("b");
  expect(active.update(PRESENT, now(5000, "c"))).toBe("c");
});

test("ActiveSpeaker gives the place free of who leaves", () => {
  const active = new ActiveSpeaker();
  active.update(PRESENT, now(0, "a"));
  expect(active.update(["b"], now(100))).toBeUndefined();
  expect(active.update(["b"], now(200, "b"))).toBe("b");
});
