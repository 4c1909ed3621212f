import { describe, expect, test } from "vitest";
import { addressKey } from "./address-key.ts";
import { AddressLimits } from "./address-limits.ts";

const LIMITS = {
  maxConnections: 3,
  connects: { perS: 1, burst: 5 },
  failures: { perS: 5 / 60, burst: 5 },
};

describe("AddressLimits", () => {
  test("bounds the connections of one address, and those of others not", () => {
    const addresses = new AddressLimits(LIMITS);
    expect([1, 2, 3, 4].map(() => addresses.enter("192.0.2.1", 0))).toEqual([true, true, true, false]);
    expect(addresses.enter("192.0.2.2", 0)).toBe(true);
    addresses.leave("192.0.2.1");
    expect(addresses.enter("192.0.2.1", 0)).toBe(true);
  });

  test("bounds how fast they come", () => {
    const addresses = new AddressLimits(LIMITS);
    const come = (nowMs: number) => {
      const isIn = addresses.enter("192.0.2.1", nowMs);
      if (isIn) addresses.leave("192.0.2.1");
      return isIn;
    };
    expect([1, 2, 3, 4, 5, 6].map(() => come(0))).toEqual([true, true, true, true, true, false]);
    expect([come(1001), come(1002)]).toEqual([true, false]);
  });

  test("blocks an address after five failures, for the twelve seconds that one of them takes to be forgotten", () => {
    const addresses = new AddressLimits(LIMITS);
    for (let count = 0; count < 4; count++) addresses.failed("192.0.2.1", 0);
    expect(addresses.isBlocked("192.0.2.1", 0)).toBe(false);
    addresses.failed("192.0.2.1", 0);
    expect(addresses.isBlocked("192.0.2.1", 11_000)).toBe(true);
    expect(addresses.isBlocked("192.0.2.2", 0)).toBe(false);
    expect(addresses.isBlocked("192.0.2.1", 12_001)).toBe(false);
  });

  test("forgets who is quiet, and holds a bounded number", () => {
    const addresses = new AddressLimits(LIMITS);
    addresses.enter("192.0.2.1", 0);
    addresses.failed("192.0.2.2", 0);
    addresses.sweep(70_000);
    expect(addresses.size).toBe(1);
    for (let index = 0; index < 20_000; index++) addresses.failed(`10.0.${index >> 8}.${index & 255}`, 70_000);
    expect(addresses.size).toBe(10_000);
    expect([2, 3].map(() => addresses.enter("192.0.2.1", 70_000))).toEqual([true, true]);
    expect(addresses.enter("192.0.2.1", 70_000)).toBe(false);
  });
});

test.each([
  ["192.0.2.7", "192.0.2.7"],
  ["::ffff:192.0.2.7", "192.0.2.7"],
  ["::1", "0:0:0:0"],
  ["2001:db8:0:1::5", "2001:db8:0:1"],
  ["2001:DB8:0000:0001:2:3:4:5", "2001:db8:0:1"],
  ["fe80::1%eth0", "fe80:0:0:0"],
  ["2001:db8::", "2001:db8:0:0"],
])("the address %s counts as %s", (address, key) => {
  expect(addressKey(address)).toBe(key);
});
