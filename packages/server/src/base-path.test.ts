import { expect, test } from "vitest";
import { belowBasePath, checkedBasePath } from "./base-path.ts";

test.each([
  ["", ""],
  ["/", ""],
  ["/meet", "/meet"],
  ["/tools/meet/", "/tools/meet"],
])("checkedBasePath takes %j", (text, path) => {
  expect(checkedBasePath(text)).toBe(path);
});

test.each(["meet", "/a b", "/a//b", "/../x", "/a/..", "/a?b", "/a#b", "https://x/y"])(
  "checkedBasePath refuses %j",
  (text) => {
    expect(() => checkedBasePath(text)).toThrow(RangeError);
  },
);

test.each([
  ["/meet/r/x?y", "/r/x?y"],
  ["/meet/", "/"],
  ["/meet", undefined],
  ["/meet?x", undefined],
  ["/meeting/r/x", "/meeting/r/x"],
  ["/r/x", "/r/x"],
])("below /meet, %s is %s", (url, path) => {
  expect(belowBasePath(url, "/meet")).toBe(path);
});

test("at the root everything stays", () => {
  expect(belowBasePath("/r/x", "")).toBe("/r/x");
});
