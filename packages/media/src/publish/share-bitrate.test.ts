import { expect, test } from "vitest";
import { shareBitrate } from "./share-bitrate.ts";

test("shareBitrate gives all the same, and what one does not want to the others", () => {
  expect(shareBitrate(1000, [])).toEqual([]);
  expect(shareBitrate(1000, [700, 700])).toEqual([500, 500]);
  expect(shareBitrate(1000, [2000, 100, 600])).toEqual([450, 100, 450]);
  expect(shareBitrate(5000, [2000, 100, 600])).toEqual([2000, 100, 600]);
});
