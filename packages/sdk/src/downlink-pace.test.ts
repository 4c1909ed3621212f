import { expect, test } from "vitest";
import { DownlinkPace } from "./downlink-pace.ts";

const PATH = {
  ...{ roundTripMs: 100, minRoundTripMs: 100, waitedMs: 0, sentBytes: 0 },
  delivered: { bytes: 0, atMs: 0 },
};

/** Four looks a second, from `fromS` on: what is available after each. `worstWaitMs`: undefined where no packets are lost. */
function run(
  pace: DownlinkPace,
  {
    fromS,
    forS,
    receivedBps,
    followed = true,
  }: { readonly fromS: number; readonly forS: number; readonly receivedBps: number; readonly followed?: boolean },
  worstWaitMs: (look: number) => number | undefined,
) {
  return Array.from({ length: forS * 4 }, (_, look) => {
    const waits = worstWaitMs(look);
    const path = waits === undefined ? PATH : { ...PATH, worstWaitMs: waits };
    return pace.look({ nowMs: fromS * 1000 + look * 250, path, receivedBps, followed })?.availableBps;
  });
}

test("DownlinkPace says nothing of a way that loses no packets", () => {
  const pace = new DownlinkPace();
  expect(new Set(run(pace, { fromS: 0, forS: 30, receivedBps: 900_000 }, () => undefined))).toEqual(
    new Set([undefined]),
  );
  expect(pace.availableBps).toBeUndefined();
});

test("DownlinkPace begins with what came lately, gives way to waiting pictures by steps, and grows slowly without", () => {
  const pace = new DownlinkPace();
  run(pace, { fromS: 0, forS: 10, receivedBps: 1_000_000 }, () => undefined);
  const [first = 0, ...falls] = run(pace, { fromS: 10, forS: 10, receivedBps: 600_000 }, () => 300);
  expect(first).toBe(1_000_000 * 0.985);
  const after = falls.map((bps) => bps ?? 0);
  expect(after.every((bps, i) => bps > 0.67 * (after[i - 1] ?? first))).toBe(true);
  expect(after.at(-1)).toBeGreaterThan(300_000);
  const grown = run(pace, { fromS: 20, forS: 10, receivedBps: 600_000 }, () => 20).at(-1) ?? 0;
  expect(grown / (after.at(-1) ?? 1)).toBeGreaterThan(1.2);
  expect(grown / (after.at(-1) ?? 1)).toBeLessThan(1.5);
});

test("DownlinkPace begins with a useful picture where little came, and falls no faster because publishers send less", () => {
  const pace = new DownlinkPace();
  run(pace, { fromS: 0, forS: 5, receivedBps: 30_000 }, () => undefined);
  const falls = run(pace, { fromS: 5, forS: 4, receivedBps: 30_000 }, () => 300).map((bps) => bps ?? 0);
  expect(falls[0]).toBe(500_000);
  const others = new DownlinkPace();
  run(others, { fromS: 0, forS: 5, receivedBps: 100_000 }, () => undefined);
  expect(run(others, { fromS: 5, forS: 1, receivedBps: 0, followed: false }, () => 0)[0]).toBeLessThan(100_000);
  expect(falls.every((bps, i) => bps >= 0.68 * (falls[i - 1] ?? bps) - 1)).toBe(true);
});

test("DownlinkPace forgets with the connection, and with the losses", () => {
  const pace = new DownlinkPace();
  run(pace, { fromS: 0, forS: 10, receivedBps: 1_500_000 }, () => 300);
  pace.reset();
  expect(pace.availableBps).toBeUndefined();
  expect(run(pace, { fromS: 10, forS: 1, receivedBps: 100_000 }, () => 0)[0]).toBe(500_000);
  run(pace, { fromS: 11, forS: 1, receivedBps: 100_000 }, () => undefined);
  expect(pace.availableBps).toBeUndefined();
});
