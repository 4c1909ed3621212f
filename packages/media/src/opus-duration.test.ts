import { expect, test } from "vitest";
import { opusDurationUs } from "./opus-duration.ts";

// Configuration, code, count of frames, and milliseconds, from RFC 6716, table 2 and 3.2.
test.each([
  [1, 0, 0, 20], // SILK, narrowband
  [11, 0, 0, 60],
  [12, 0, 0, 10], // hybrid
  [15, 1, 0, 40],
  [16, 0, 0, 2.5], // CELT
  [31, 0, 0, 20],
  [31, 2, 0, 40],
  [31, 3, 3, 60],
])("configuration %i, code %i, %i frames: %d ms", (configuration, code, count, ms) => {
  expect(opusDurationUs(Uint8Array.of((configuration << 3) | code, count))).toBe(ms * 1000);
});

test("an empty packet has no duration", () => {
  expect(opusDurationUs(new Uint8Array())).toBe(0);
});
