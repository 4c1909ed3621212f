import { expect, test } from "vitest";
import { PlayoutClock } from "./playout-clock.ts";

const TRACK = {};
/** Our clock is an hour ahead of the publisher's: nothing may depend on it. */
const OFFSET_US = 3_600_000_000;

/** Asks every 33 ms for `seconds`; returns the delays beyond the offset of the clocks, in ms. */
function delays(
  clock: PlayoutClock,
  options: { readonly seconds: number; readonly readyMs: number; readonly fromMs?: number },
): number[] {
  const { seconds, readyMs, fromMs = 0 } = options;
  const result: number[] = [];
  for (let ms = fromMs; ms < fromMs + seconds * 1000; ms += 33) {
    result.push((clock.pictureDelayUs(TRACK, OFFSET_US + readyMs * 1000, ms * 1000) - OFFSET_US) / 1000);
  }
  return result;
}

/** Sound that is heard `delayMs()` after its capture. */
function soundAt(clock: PlayoutClock, delayMs: () => number | undefined): () => void {
  return clock.addSound({
    heardUs: (nowUs) => {
      const delay = delayMs();
      return delay === undefined ? undefined : nowUs - OFFSET_US - delay * 1000;
    },
  });
}

test("without sound pictures are shown when they are ready", () => {
  expect(new Set(delays(new PlayoutClock(), { seconds: 1, readyMs: 12 }))).toEqual(new Set([12]));
});

test("pictures wait for no sound that is not noticeably behind them", () => {
  const clock = new PlayoutClock();
  soundAt(clock, () => 80);
  expect(Math.max(...delays(clock, { seconds: 3, readyMs: 12 }))).toBe(12);
});

test("pictures are held until they are 90 ms ahead of their sound, by slowing down", () => {
  const clock = new PlayoutClock();
  soundAt(clock, () => 300);
  const result = delays(clock, { seconds: 3, readyMs: 20 });
  expect(result.at(-1)).toBe(210);
  for (let i = 1; i < result.length; i++) expect((result[i] ?? 0) - (result[i - 1] ?? 0)).toBeLessThanOrEqual(8.26);
});

test("pictures catch up when sound does", () => {
  const clock = new PlayoutClock();
  let soundMs = 500;
  soundAt(clock, () => soundMs);
  expect(delays(clock, { seconds: 5, readyMs: 20 }).at(-1)).toBe(410);
  soundMs = 90;
  expect(delays(clock, { seconds: 1, readyMs: 20, fromMs: 5_000 }).at(-1)).toBe(20);
});

test("pictures are released when sound ends or is removed", () => {
  const clock = new PlayoutClock();
  let soundMs: number | undefined = 300;
  const remove = soundAt(clock, () => soundMs);
  delays(clock, { seconds: 3, readyMs: 20 });
  soundMs = undefined;
  expect(delays(clock, { seconds: 0.2, readyMs: 20, fromMs: 3_000 }).at(-1)).toBe(210);
  expect(delays(clock, { seconds: 1, readyMs: 20, fromMs: 3_200 }).at(-1)).toBe(20);
  soundMs = 300;
  expect(delays(clock, { seconds: 3, readyMs: 20, fromMs: 4_200 }).at(-1)).toBe(210);
  remove();
  expect(delays(clock, { seconds: 1.5, readyMs: 20, fromMs: 7_200 }).at(-1)).toBe(20);
});

test("sound that is far behind holds pictures by no more than a second", () => {
  const clock = new PlayoutClock();
  soundAt(clock, () => 60_000);
  expect(delays(clock, { seconds: 20, readyMs: 20 }).at(-1)).toBe(1_020);
});

test("sound is told how late its pictures are, less what nobody notices", () => {
  const clock = new PlayoutClock();
  expect(clock.soundDelayUs(0)).toBeUndefined();
  delays(clock, { seconds: 1, readyMs: 180 });
  expect((clock.soundDelayUs(1_000_000) ?? 0) - OFFSET_US).toBe(155_000);
  expect(clock.soundDelayUs(3_000_000)).toBeUndefined();
  delays(clock, { seconds: 0.1, readyMs: 180, fromMs: 3_000 });
  clock.removePictures(TRACK);
  expect(clock.soundDelayUs(3_100_000)).toBeUndefined();
});

test("all tracks of a participant forget how late packets came when these come another way", () => {
  const clock = new PlayoutClock();
  const forgotten: string[] = [];
  const stop = clock.onRerouted(() => forgotten.push("sound"));
  clock.onRerouted(() => forgotten.push("pictures"));
  clock.reroute();
  stop();
  clock.reroute();
  expect(forgotten).toEqual(["sound", "pictures", "pictures"]);
});
