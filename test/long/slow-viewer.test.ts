import { expect, test } from "vitest";
import { describeWith } from "../support/requirements.ts";
import { watchOnSlowLine } from "../support/slow-viewer.ts";

const TIMES = { warmS: 150, slowS: 300 };

describeWith(["root and TUN", "ffmpeg", "the sample clips"], "a viewer on a line of half the needed rate", () => {
  test("is no more behind after five minutes than after 20 seconds, and nobody's memory grows", {
    timeout: 900_000,
  }, async () => {
    const { lastPictures, delayGrewMs, starvedMs, memoryGrewMb } = await watchOnSlowLine(TIMES);
    expect(lastPictures).toBeGreaterThanOrEqual(5); // it is slow, not dead
    expect(delayGrewMs).toBeLessThanOrEqual(100 + starvedMs);
    for (const [name, grownMb] of memoryGrewMb) expect(grownMb, name).toBeLessThanOrEqual(5);
  });
});
