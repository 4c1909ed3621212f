import { expect, test } from "vitest";
import { cornerPlace, nearestCorner } from "./corner.ts";

test.each([
  [1, 1, "top-left"],
  [99, 1, "top-right"],
  [1, 99, "bottom-left"],
  [60, 51, "bottom-right"],
] as const)("nearestCorner of %i, %i is %s", (x, y, corner) => {
  expect(nearestCorner({ x, y }, { width: 100, height: 100 })).toBe(corner);
});

test("cornerPlace lies within the other's picture, or beside it, and never across its edge", () => {
  const stage = { width: 1424, height: 796 };
  expect(cornerPlace(stage, { x: 0, y: 40, width: 1424, height: 716 })).toMatchObject({ insetX: 12, insetY: 52 });
  const beside = cornerPlace({ width: 374, height: 720 }, { x: 0, y: 230, width: 374, height: 260 });
  expect(beside).toMatchObject({ insetX: 0, insetY: 0 });
  expect(beside.height).toBeLessThan(230);
  expect(cornerPlace(stage, undefined)).toMatchObject({ width: 236, insetX: 12, insetY: 12 });
});
