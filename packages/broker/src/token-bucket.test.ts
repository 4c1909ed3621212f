import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TokenBucket } from "./token-bucket.ts";

describe("TokenBucket", () => {
  test("gives its burst at once, then its rate", () => {
    const bucket = new TokenBucket({ perS: 10, burst: 3 }, 1000);
    expect([1, 2, 3, 4].map(() => bucket.tryTake(1, 1000))).toEqual([true, true, true, false]);
    expect(bucket.tryTake(1, 1099)).toBe(false);
    expect(bucket.tryTake(1, 1101)).toBe(true);
    expect(bucket.isFull(1200)).toBe(false);
    expect(bucket.isFull(1401)).toBe(true);
  });

  test("a debt is paid by waiting", () => {
    const bucket = new TokenBucket({ perS: 100, burst: 50 }, 0);
    bucket.take(150, 0);
    expect(bucket.waitMs(0)).toBe(1000);
    expect(bucket.waitMs(600)).toBeCloseTo(400, 6);
    expect(bucket.waitMs(1000)).toBe(0);
  });

  test("a clock that steps back gives nothing", () => {
    const bucket = new TokenBucket({ perS: 100, burst: 10 }, 1000);
    bucket.take(10, 1000);
    expect(bucket.tokens(500)).toBe(0);
    expect(bucket.tokens(1010)).toBeCloseTo(1, 6);
  });

  test("never gives more than the burst and the rate allow, however it is asked", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(200), fc.nat(20)), { maxLength: 60 }), (asks) => {
        const bucket = new TokenBucket({ perS: 50, burst: 30 }, 0);
        let nowMs = 0;
        let taken = 0;
        for (const [stepMs, amount] of asks) {
          nowMs += stepMs;
          if (bucket.tryTake(amount, nowMs)) taken += amount;
          expect(taken).toBeLessThanOrEqual(30 + 0.05 * nowMs + 1e-6);
        }
      }),
    );
  });
});
