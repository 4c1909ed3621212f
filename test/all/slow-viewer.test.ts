import { expect, test } from "vitest";
import { describeWith } from "../support/requirements.ts";
import { watchOnSlowLine } from "../support/slow-viewer.ts";

/** A queue without a bound would be behind by half of this at its end. Five minutes, and memory: `npm run test:long`. */
const TIMES = { warmS: 20, slowS: 100 };

describeWith(["root and TUN", "ffmpeg", "the sample clips"], "a viewer on a line of half the needed rate", () => {
  test("is no more behind at the end than after 20 seconds", async () => {
    const { lastPictures, delayGrewMs, starvedMs } = await watchOnSlowLine(TIMES);
    expect(lastPictures).toBeGreaterThanOrEqual(5); // it is slow, not dead
    expect(delayGrewMs).toBeLessThanOrEqual(1_000 + starvedMs);
  });
});
