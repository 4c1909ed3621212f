import { expect, test } from "vitest";
import { FirstCopies } from "./first-copies.ts";
import { writePacket } from "./packet.ts";

const packet = (frame: number, fragment = 0) =>
  writePacket(
    {
      ...{ keyFrame: false, lastFragment: true, encrypted: false, discardable: false, rootKeyed: false, will: false },
      ...{ frame, fragment, timestampUs: 1 },
    },
    new Uint8Array(9),
  );

test("a packet is the first of its fragment and frame once (P10)", () => {
  const copies = new FirstCopies();
  expect([packet(7), packet(7, 1), packet(8), packet(7), packet(7, 1)].map((bytes) => copies.isFirst(bytes))).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});

test("numbers next to the end of their range are told apart", () => {
  const copies = new FirstCopies();
  const all = [packet(2 ** 32 - 1, 2 ** 16 - 1), packet(2 ** 32 - 1, 0), packet(0, 2 ** 16 - 1), packet(0, 0)];
  expect(all.map((bytes) => copies.isFirst(bytes))).toEqual([true, true, true, true]);
  expect(all.map((bytes) => copies.isFirst(bytes))).toEqual([false, false, false, false]);
});

test("what is no packet is left to those who judge packets", () => {
  const copies = new FirstCopies();
  for (const bytes of [new Uint8Array(0), new Uint8Array(16)]) {
    expect(copies.isFirst(bytes)).toBe(true);
    expect(copies.isFirst(bytes)).toBe(true);
  }
});

test("what is remembered has a bound, the oldest is forgotten first", () => {
  const copies = new FirstCopies();
  for (let frame = 0; frame < 10_000; frame++) copies.isFirst(packet(frame));
  expect(copies.isFirst(packet(9_999))).toBe(false);
  expect(copies.isFirst(packet(9_900))).toBe(false);
  expect(copies.isFirst(packet(9_000))).toBe(true);
});
