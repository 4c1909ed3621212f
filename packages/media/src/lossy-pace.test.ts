import { expect, test } from "vitest";
import { LossyPace } from "./lossy-pace.ts";

/** A line on which more pictures wait the more is sent: none at 300 kbit/s, half of them at 800. */
function lossyLine(bps: number, look: number): number {
  const part = Math.min(1, Math.max(0, (bps - 300_000) / 1_000_000));
  return (look * 0.618034) % 1 < part ? 300 : 40;
}

function run(pace: LossyPace, seconds: number, { fromBps = 1_000_000, waits = lossyLine } = {}) {
  const rates: number[] = [];
  let sentBps = fromBps;
  for (let look = 0; look < seconds * 10; look++) {
    sentBps = Math.min(fromBps, pace.decide({ nowMs: look * 100, waitingMs: waits(sentBps, look), sentBps }));
    rates.push(sentBps);
  }
  return rates;
}

test("LossyPace comes down from what makes too many pictures wait, and stays where few do", () => {
  const rates = run(new LossyPace(), 60);
  expect(rates[0]).toBe(1_000_000);
  const settled = rates.slice(300);
  expect(Math.max(...settled)).toBeLessThan(600_000);
  expect(Math.min(...settled)).toBeGreaterThan(350_000);
});

test("LossyPace gives nothing away within the first second and a half, and has given a third away after five", () => {
  const rates = run(new LossyPace(), 6, { waits: () => 300 });
  expect(rates[13]).toBe(1_000_000);
  expect(rates[50]).toBeLessThan(670_000);
});

test("LossyPace grows by a twentieth a second at most where nothing waits", () => {
  const pace = new LossyPace();
  const paced = [];
  for (let look = 0; look < 100; look++) paced.push(pace.decide({ nowMs: look * 100, waitingMs: 0, sentBps: 500_000 }));
  expect(paced.at(-1)).toBeGreaterThan(650_000);
  expect(paced.at(-1)).toBeLessThan(500_000 * 1.05 ** 10);
});

test("LossyPace begins anew, at what is sent then, on a line that began to lose packets again", () => {
  const pace = new LossyPace();
  run(pace, 30);
  pace.end();
  expect(pace.decide({ nowMs: 60_000, waitingMs: 300, sentBps: 900_000 })).toBe(900_000);
});
