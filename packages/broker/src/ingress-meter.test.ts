import { describe, expect, test } from "vitest";
import { type ClientRates, IngressMeter } from "./ingress-meter.ts";

const RATES: ClientRates = {
  bytes: { perS: 1000, burst: 1000 },
  messages: { perS: 100, burst: 100 },
  reliable: { perS: 10, burst: 10 },
  subscribes: { perS: 10, burst: 10 },
};

/** One chunk of `bytes`; how long not to read then. */
function receive(meter: IngressMeter, bytes: number, nowMs: number): number | undefined {
  meter.arrived(nowMs);
  meter.charge("bytes", bytes, nowMs);
  return meter.pauseMs(nowMs);
}

/** A client that has more to send as soon as it is read again. Returns when it was given up. */
function flood(meter: IngressMeter, chunkBytes: number): { endMs: number; bytes: number } {
  let nowMs = 0;
  let bytes = 0;
  for (;;) {
    bytes += chunkBytes;
    const pauseMs = receive(meter, chunkBytes, nowMs);
    if (pauseMs === undefined) return { endMs: nowMs, bytes };
    nowMs += Math.max(1, Math.ceil(pauseMs));
  }
}

describe("IngressMeter", () => {
  test("within the rates nobody waits", () => {
    const meter = new IngressMeter(RATES, 0);
    for (let nowMs = 0; nowMs < 20_000; nowMs += 100) expect(receive(meter, 99, nowMs)).toBe(0);
  });

  test("a burst beyond it waits as long as its debt needs, and is forgiven", () => {
    const meter = new IngressMeter(RATES, 0);
    expect(receive(meter, 3000, 0)).toBe(2000);
    for (let nowMs = 2500; nowMs < 60_000; nowMs += 1000) expect(receive(meter, 400, nowMs)).toBe(0);
    expect(receive(meter, 3000, 61_000)).toBe(2000);
  });

  test("who stays above for 5 s is given up, having got no more than the rate and the burst", () => {
    const { endMs, bytes } = flood(new IngressMeter(RATES, 0), 200);
    expect(endMs).toBeGreaterThan(4000);
    expect(endMs).toBeLessThanOrEqual(7000);
    expect(bytes).toBeLessThanOrEqual(1000 + 1000 * (endMs / 1000) + 400);
  });

  test("what would take more than 5 s to pay is given up at once", () => {
    expect(receive(new IngressMeter(RATES, 0), 7000, 0)).toBeUndefined();
  });

  test.each(["messages", "reliable", "subscribes"] as const)("%s have a rate of their own", (kind) => {
    const meter = new IngressMeter(RATES, 0);
    const { burst, perS } = RATES[kind];
    for (let count = 0; count < burst; count++) meter.charge(kind, 1, 0);
    expect(meter.pauseMs(0)).toBe(0);
    meter.charge(kind, 1, 0);
    expect(meter.pauseMs(0)).toBe(1000 / perS);
  });
});
