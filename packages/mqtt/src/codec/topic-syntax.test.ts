import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isTopicFilter, isTopicName, topicMatches } from "./topic-syntax.ts";

test("a topic is not empty and has no wildcard", () => {
  for (const topic of ["a", "/", "a//b", "$SYS/x", "ä/𪛔", " "]) expect(isTopicName(topic)).toBe(true);
  for (const topic of ["", "+", "a/#", "a+", "a\0"]) expect(isTopicName(topic)).toBe(false);
});

test("wildcards fill a level of a filter, and # is the last", () => {
  for (const filter of ["a", "#", "+", "/", "+/+", "a/+/b", "a/#", "/#", "+/#", "$share/g/a", "$share/g/#", "$SYS/#"]) {
    expect(isTopicFilter(filter), filter).toBe(true);
  }
  const wrong = [
    "",
    "a+",
    "+a",
    "a/b+/c",
    "a#",
    "a/#/b",
    "#/",
    "a\0",
    "$share/g",
    "$share//a",
    "$share/g/",
    "$share/+/a",
  ];
  for (const filter of [...wrong, "$share/g/a#", "$share/g/+a"]) expect(isTopicFilter(filter), filter).toBe(false);
});

describe("topicMatches", () => {
  test.each([
    ["a/b", "a/b", true],
    ["a/b", "a/c", false],
    ["a/+", "a/b", true],
    ["a/+", "a", false],
    ["a/+", "a/", true],
    ["a/+", "a/b/c", false],
    ["+/b", "a/b", true],
    ["+", "/", false],
    ["+/+", "/", true],
    ["a/#", "a", true],
    ["a/#", "a/b/c", true],
    ["a/#", "ab", false],
    ["#", "a/b", true],
    ["#", "$SYS/x", false],
    ["+/x", "$SYS/x", false],
    ["$SYS/#", "$SYS/x", true],
    ["a/b", "a", false],
    ["a", "a/b", false],
  ])("%s, %s: %s", (filter, topic, matches) => {
    expect(topicMatches(filter, topic)).toBe(matches);
  });

  test("agrees with the standard's words, level by level", () => {
    const level = fc.constantFrom("", "a", "b", "$x");
    const filter = fc
      .tuple(fc.array(fc.oneof(level, fc.constant("+")), { minLength: 1, maxLength: 4 }), fc.boolean())
      .map(([levels, all]) => (all ? [...levels, "#"] : levels));
    fc.assert(
      fc.property(filter, fc.array(level, { minLength: 1, maxLength: 5 }), (wanted, topic) => {
        expect(topicMatches(wanted.join("/"), topic.join("/"))).toBe(matchLevels(wanted, topic, true));
      }),
      { numRuns: 2000 },
    );
  });
});

function matchLevels(wanted: readonly string[], topic: readonly string[], first: boolean): boolean {
  const [want, ...wantedRest] = wanted;
  const [level, ...topicRest] = topic;
  if (first && level?.startsWith("$") && (want === "+" || want === "#")) return false;
  if (want === "#") return true;
  if (want === undefined || level === undefined) return want === level;
  return (want === "+" || want === level) && matchLevels(wantedRest, topicRest, false);
}
