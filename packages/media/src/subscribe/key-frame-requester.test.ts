import { expect, test } from "vitest";
import { KeyFrameRequester } from "./key-frame-requester.ts";

/** The times at which a request is made when asked every 10 ms until `endMs`. */
function requests(endMs: number, state: (nowMs: number) => { needed: boolean; receiving: boolean }): number[] {
  const requester = new KeyFrameRequester({ nowMs: 0 });
  const times: number[] = [];
  for (let nowMs = 0; nowMs <= endMs; nowMs += 10) if (requester.ask(nowMs, state(nowMs))) times.push(nowMs);
  return times;
}

test("KeyFrameRequester asks when something comes, and again every second (R2)", () => {
  expect(requests(2_500, (nowMs) => ({ needed: true, receiving: nowMs >= 40 }))).toEqual([40, 1_040, 2_040]);
});

test("KeyFrameRequester asks a source that sends nothing", () => {
  expect(requests(500, () => ({ needed: true, receiving: false }))).toEqual([250]);
});

test("KeyFrameRequester asks for a new gap at once, but at most every 500 ms (R2)", () => {
  const gaps = (nowMs: number) => ({ needed: nowMs % 100 >= 50, receiving: true });
  expect(requests(1_700, gaps)).toEqual([50, 550, 1_050, 1_550]);
});

test("KeyFrameRequester asks for nothing while nothing is missing", () => {
  expect(requests(3_000, () => ({ needed: false, receiving: true }))).toEqual([]);
});

test("KeyFrameRequester asks when a layer falls silent, each time after twice as long, until something comes (R2)", () => {
  const requester = new KeyFrameRequester({ nowMs: 0 });
  const times: number[] = [];
  for (let nowMs = 0; nowMs <= 60_000; nowMs += 100) {
    if (nowMs <= 3_000 || nowMs === 30_000) requester.received(nowMs);
    if (requester.ask(nowMs, { needed: false, receiving: true })) times.push(nowMs);
  }
  expect(times).toEqual([8_000, 13_000, 23_000, 35_000, 40_000, 50_000]);
});
