import { expect, test } from "vitest";
import { ownPlace } from "./own-place.ts";

test.each([
  [{ others: 1, screens: 0, hidden: false }, "corner"],
  [{ others: 0, screens: 0, hidden: false }, "corner"],
  [{ others: 2, screens: 0, hidden: false }, "grid"],
  [{ others: 1, screens: 1, hidden: false }, "grid"],
  [{ others: 9, screens: 0, hidden: true }, "hidden"],
] as const)("ownPlace for %j is the %s", (options, place) => {
  expect(ownPlace(options)).toBe(place);
});
