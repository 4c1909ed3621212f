import { expect, test } from "vitest";
import { nearestCorner } from "./corner.ts";

test.each([
  [1, 1, "top-left"],
  [99, 1, "top-right"],
  [1, 99, "bottom-left"],
  [60, 51, "bottom-right"],
] as const)("nearestCorner of %i, %i is %s", (x, y, corner) => {
  expect(nearestCorner({ x, y }, { width: 100, height: 100 })).toBe(corner);
});
