import { expect, test } from "vitest";
import { ownPlace } from "./own-place.ts";

test.each([
  [{ others: 1, screens: 0, choice: "auto" }, "corner"],
  [{ others: 0, screens: 0, choice: "auto" }, "corner"],
  [{ others: 2, screens: 0, choice: "auto" }, "grid"],
  [{ others: 1, screens: 1, choice: "auto" }, "grid"],
  [{ others: 9, screens: 0, choice: "small" }, "corner"],
  [{ others: 9, screens: 0, choice: "hidden" }, "hidden"],
] as const)("ownPlace for %j is the %s", (options, place) => {
  expect(ownPlace(options)).toBe(place);
});
