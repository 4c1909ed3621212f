import { expect, test } from "vitest";
import { ClockOffset } from "./clock-offset.ts";

/** A probe to somebody whose clock is `offsetUs` ahead, with these times on the way. */
function probe(offsetUs: number, { outUs, backUs, atUs = 1_000 }: { outUs: number; backUs: number; atUs?: number }) {
  const receivedAtUs = atUs + outUs + offsetUs;
  return { sentAtUs: atUs, receivedAtUs, repliedAtUs: receivedAtUs + 50, arrivedAtUs: atUs + outUs + 50 + backUs };
}

test("ClockOffset trusts the probe with the shortest round trip", () => {
  const clock = new ClockOffset();
  expect(clock.offsetUs).toBeUndefined();
  clock.add(probe(7_000, { outUs: 90_000, backUs: 2_000 }));
  clock.add(probe(7_000, { outUs: 1_000, backUs: 1_000 }));
  clock.add(probe(7_000, { outUs: 4_000, backUs: 60_000 }));
  expect(clock.offsetUs).toBe(7_000);
  expect(clock.roundTripUs).toBe(2_000);
});

test("ClockOffset forgets old probes", () => {
  const clock = new ClockOffset();
  clock.add(probe(7_000, { outUs: 1_000, backUs: 1_000 }));
  for (let i = 0; i < 8; i++) clock.add(probe(9_000, { outUs: 2_000, backUs: 2_000 }));
  expect(clock.offsetUs).toBe(9_000);
});

test("ClockOffset refuses impossible times", () => {
  const clock = new ClockOffset();
  expect(clock.add({ sentAtUs: 100, receivedAtUs: 5, repliedAtUs: 4, arrivedAtUs: 200 })).toBe(false);
  expect(clock.add({ sentAtUs: 100, receivedAtUs: 5, repliedAtUs: 500, arrivedAtUs: 200 })).toBe(false);
  expect(clock.add({ sentAtUs: 100, receivedAtUs: Number.NaN, repliedAtUs: 5, arrivedAtUs: 200 })).toBe(false);
  expect(clock.offsetUs).toBeUndefined();
});
