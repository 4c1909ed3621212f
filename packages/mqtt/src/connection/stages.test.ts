import { describe, expect, test } from "vitest";
import { Delivery } from "./delivery.ts";
import { LiveEncoder } from "./live-encoder.ts";
import { PacketIds } from "./packet-ids.ts";
import { RoundTrip } from "./round-trip.ts";
import { UnsentBytes } from "./unsent-bytes.ts";

test("PacketIds gives each id once, from 1 to 65535, and again when it is free", () => {
  const ids = new PacketIds();
  const taken = Array.from({ length: 65_535 }, () => ids.take());
  expect(new Set(taken).size).toBe(65_535);
  expect([Math.min(...(taken as number[])), Math.max(...(taken as number[]))]).toEqual([1, 65_535]);
  expect(ids.take()).toBeUndefined();
  ids.release(300);
  expect(ids.take()).toBe(300);
});

describe("RoundTrip", () => {
  test("forgets the minimum after 30 seconds, but not the newest", () => {
    const roundTrip = new RoundTrip();
    const measure = (atMs: number, ms: number) => {
      roundTrip.pinged(atMs - ms);
      roundTrip.answered(atMs);
    };
    expect(roundTrip.lastMs(0)).toBeUndefined();
    expect(roundTrip.minMs(0)).toBeUndefined();
    measure(1000, 5);
    measure(10_000, 50);
    measure(20_000, 20);
    expect([roundTrip.lastMs(20_000), roundTrip.minMs(20_000)]).toEqual([20, 5]);
    expect(roundTrip.minMs(31_500)).toBe(20);
    expect(roundTrip.minMs(90_000)).toBe(20);
    measure(100_000, 80);
    expect(roundTrip.minMs(100_000)).toBe(80);
  });

  test("an answer that nobody asked for changes nothing", () => {
    const roundTrip = new RoundTrip();
    roundTrip.answered(10);
    expect(roundTrip.lastMs(10)).toBeUndefined();
  });
});

test("Delivery knows what the server has after each answer", () => {
  const delivery = new Delivery();
  delivery.sent(1000);
  delivery.answered(5); // nobody asked
  expect(delivery.delivered).toBeUndefined();
  delivery.pinged();
  delivery.sent(500);
  delivery.pinged();
  delivery.sent(70);
  delivery.answered(40);
  expect(delivery.delivered).toEqual({ bytes: 1000, atMs: 40 });
  delivery.answered(50);
  expect(delivery.delivered).toEqual({ bytes: 1500, atMs: 50 });
  expect(delivery.sentBytes).toBe(1570);
});

test("RoundTrip asks several times before the first answer, and knows the oldest question", () => {
  const roundTrip = new RoundTrip();
  for (const atMs of [0, 100, 200]) roundTrip.pinged(atMs);
  expect([roundTrip.pingAtMs, roundTrip.waiting, roundTrip.answeredMs]).toEqual([0, 3, undefined]);
  roundTrip.answered(250);
  roundTrip.answered(250);
  expect([roundTrip.pingAtMs, roundTrip.waiting, roundTrip.answeredMs]).toEqual([200, 1, 150]);
  expect(roundTrip.lastMs(400)).toBe(200);
  expect(roundTrip.minMs(400)).toBe(150);
});

describe("UnsentBytes", () => {
  test("follows the stream as it drains", () => {
    const unsent = new UnsentBytes();
    let buffered = 0;
    for (let atMs = 0; atMs < 1000; atMs += 10) {
      const bufferedBefore = buffered;
      buffered += 100;
      unsent.sent(100, { bufferedBefore, bufferedBytes: buffered, nowMs: atMs });
      if (atMs % 20 === 0) buffered -= 100; // half of it goes out
      const expected = buffered === 0 ? 0 : atMs - 10 * Math.floor((100 * (atMs / 10 + 1) - buffered) / 100);
      expect(unsent.oldestAgeMs({ bufferedBytes: buffered, nowMs: atMs })).toBe(expected);
    }
  });

  test("counts from anew when nothing waits", () => {
    const unsent = new UnsentBytes();
    unsent.sent(100, { bufferedBefore: 0, bufferedBytes: 100, nowMs: 0 });
    expect(unsent.oldestAgeMs({ bufferedBytes: 50, nowMs: 500 })).toBe(500);
    expect(unsent.oldestAgeMs({ bufferedBytes: 0, nowMs: 500 })).toBe(0);
    unsent.sent(100, { bufferedBefore: 0, bufferedBytes: 100, nowMs: 600 });
    expect(unsent.oldestAgeMs({ bufferedBytes: 100, nowMs: 610 })).toBe(10);
  });

  test("is not misled by a stream that counts its own framing, as WebSocket over TLS does", () => {
    const unsent = new UnsentBytes();
    for (let atMs = 0; atMs <= 1000; atMs += 100) {
      unsent.sent(2, { bufferedBefore: 0, bufferedBytes: 8, nowMs: atMs });
      expect(unsent.oldestAgeMs({ bufferedBytes: 8, nowMs: atMs + 5 })).toBe(5);
    }
  });
});

test("LiveEncoder remembers a bounded number of topics, and encodes the others all the same", () => {
  const encoder = new LiveEncoder({ level: 4, topicAliasMaximum: 0 });
  for (let index = 0; index < 1000; index++) {
    const bytes = encoder.encode(`t/${index}`, new Uint8Array([1]), 1000);
    expect(new TextDecoder().decode(bytes)).toContain(`t/${index}\u0001`);
  }
});
