import { expect, test } from "vitest";
import { matchesName } from "./matches-name.ts";

test.each([
  ["Chloé Martin", "chloe", true],
  ["Chloé Martin", " TIN ", true],
  ["王小明", "小明", true],
  ["Ada", "", true],
  ["Ada", "b", false],
])("matchesName of %j and %j is %s", (name, sought, matches) => {
  expect(matchesName(name, sought)).toBe(matches);
});
