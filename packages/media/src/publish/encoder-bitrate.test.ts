import { expect, test } from "vitest";
import { EncoderBitrate } from "./encoder-bitrate.ts";

/** How often an encoder is told in 20 s of a bitrate that goes up and down by a third, decided ten times a second. */
function timesTold(bitrate: EncoderBitrate, onTold: (nowMs: number) => void = () => undefined): number {
  let times = 0;
  for (let nowMs = 0; nowMs < 20_000; nowMs += 100) {
    const bitrateBps = 500_000 * (1 + 0.33 * Math.sin(nowMs / 1_000));
    if (!bitrate.worthTelling(bitrateBps, { nowMs, whole: false })) continue;
    times++;
    onTold(nowMs);
  }
  return times;
}

test("EncoderBitrate tells of what matters, sooner down than up", () => {
  const bitrate = new EncoderBitrate();
  const tell = (bitrateBps: number, nowMs: number) => bitrate.worthTelling(bitrateBps, { nowMs, whole: false });
  expect([tell(500_000, 0), tell(470_000, 2_000), tell(400_000, 2_100), tell(300_000, 2_200)]).toEqual([
    ...[true, false, true],
    false, // within 300 ms
  ]);
  expect([tell(300_000, 2_400), tell(400_000, 3_000), tell(400_000, 3_400)]).toEqual([true, false, true]);
  expect(bitrate.worthTelling(410_000, { nowMs: 5_000, whole: true })).toBe(true);
});

test("EncoderBitrate tells an encoder less often that answers each change with a key frame", () => {
  const free = timesTold(new EncoderBitrate());
  const paying = new EncoderBitrate();
  const costly = timesTold(paying, (nowMs) => paying.keyFrameCame(nowMs + 30));
  expect(free).toBeGreaterThan(20);
  expect(costly).toBeLessThan(free / 2);
  expect(costly).toBeGreaterThan(5); // the line is followed nevertheless
});

test("EncoderBitrate blames no change for a key frame that comes long after it, and forgets with the encoder", () => {
  const later = new EncoderBitrate();
  const all = timesTold(later, (nowMs) => later.keyFrameCame(nowMs + 600));
  const again = new EncoderBitrate();
  const asMany = timesTold(again, (nowMs) => {
    again.keyFrameCame(nowMs);
    again.restart();
  });
  expect([all, asMany]).toEqual([timesTold(new EncoderBitrate()), all]);
});
