import { expect, test } from "vitest";
import { KeyFrameSchedule } from "./key-frame-schedule.ts";

const OPEN = { needed: false };
const SHUT = { needed: true };

function begun(atMs = 0): KeyFrameSchedule {
  const schedule = new KeyFrameSchedule("motion");
  schedule.begin(atMs);
  schedule.end(0);
  return schedule;
}

test("KeyFrameSchedule begins with a key frame and repeats it every five seconds", () => {
  const schedule = new KeyFrameSchedule("motion");
  expect(schedule.next(0, SHUT)).toBe("key");
  schedule.begin(0);
  schedule.end(0);
  expect(schedule.next(33, OPEN)).toBe("delta");
  expect(schedule.next(4_999, OPEN)).toBe("delta");
  expect(schedule.next(5_000, OPEN)).toBe("key");
});

test("KeyFrameSchedule repeats it every thirty seconds only where all who can read it ask for what they lack (R2)", () => {
  const schedule = new KeyFrameSchedule("motion", { allAsk: true });
  schedule.begin(0);
  schedule.end(0);
  expect(schedule.next(29_999, OPEN)).toBe("delta");
  expect(schedule.next(30_000, OPEN)).toBe("key");
});

test("KeyFrameSchedule repeats a screen's key frame, which is large, every thirty seconds only, and at once for who asks", () => {
  const schedule = new KeyFrameSchedule("detail");
  schedule.begin(0);
  schedule.end(0);
  expect(schedule.next(29_999, OPEN)).toBe("delta");
  expect(schedule.next(30_000, OPEN)).toBe("key");
  schedule.request();
  expect(schedule.next(2_000, OPEN)).toBe("key");
});

test("KeyFrameSchedule answers three requests in a row, then one every 500 ms, and forgets none (R2)", () => {
  const schedule = begun();
  const answered: number[] = [];
  for (let nowMs = 10; nowMs < 10_000; nowMs += 10) {
    schedule.request();
    if (schedule.next(nowMs, OPEN) === "delta") {
      expect(schedule.requested).toBe(true);
      continue;
    }
    answered.push(nowMs);
    schedule.begin(nowMs);
    schedule.end(nowMs);
    expect(schedule.requested).toBe(false);
  }
  expect(answered.slice(0, 5)).toEqual([10, 110, 210, 510, 1_010]);
  expect(answered.length).toBe(3 + Math.floor((10_000 - 210) / 500));
});

test("KeyFrameSchedule answers at once again after a second and a half without requests (R2)", () => {
  const schedule = begun();
  const ask = (nowMs: number) => {
    schedule.request();
    const next = schedule.next(nowMs, OPEN);
    if (next === "key") schedule.begin(nowMs);
    schedule.end(nowMs);
    return next;
  };
  for (let nowMs = 0; nowMs < 5_000; nowMs += 10) ask(nowMs);
  expect([6_500, 6_600, 6_700, 6_800].map(ask)).toEqual(["key", "key", "key", "delta"]);
});

test("KeyFrameSchedule lets nobody wait because of a key frame that nobody had asked for (R2)", () => {
  const schedule = begun();
  schedule.request();
  expect(schedule.next(20, OPEN)).toBe("key");
});

test("KeyFrameSchedule begins a new epoch at once, and serves who asks after it as well (E8)", () => {
  const schedule = begun();
  schedule.request();
  schedule.begin(500);
  schedule.end(500);
  schedule.break();
  expect(schedule.next(599, OPEN)).toBe("delta");
  expect(schedule.next(600, OPEN)).toBe("key");
  schedule.begin(600);
  schedule.end(600);
  expect(schedule.next(700, OPEN)).toBe("delta");
  schedule.request();
  expect(schedule.next(1_000, OPEN)).toBe("key");
});

test("KeyFrameSchedule tries only now and then while nothing can be sent", () => {
  const schedule = begun();
  expect(schedule.next(100, SHUT)).toBe("wait");
  expect(schedule.next(200, SHUT)).toBe("key");
});

test("KeyFrameSchedule lets pictures follow on a key frame that is still being encoded", () => {
  const schedule = new KeyFrameSchedule("motion");
  schedule.begin(0);
  expect(schedule.next(33, SHUT)).toBe("delta");
  // An encoder that never delivers it is asked again.
  expect(schedule.next(1_000, SHUT)).toBe("key");
});

test("KeyFrameSchedule gives a key frame at once when the stream begins anew", () => {
  const schedule = begun();
  schedule.reset();
  expect(schedule.next(10, SHUT)).toBe("key");
});

test("KeyFrameSchedule takes a key frame that the encoder made of itself for one of its own", () => {
  const schedule = begun();
  schedule.request();
  expect(schedule.end(4_000)).toBe(false);
  expect([schedule.requested, schedule.lastMs]).toEqual([false, 4_000]);
  expect(schedule.next(8_999, OPEN)).toBe("delta");
  expect(schedule.next(9_000, OPEN)).toBe("key");
  schedule.begin(9_000);
  expect(schedule.end(9_020)).toBe(true);
  expect(schedule.lastMs).toBe(9_000);
});
