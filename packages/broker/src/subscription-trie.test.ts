import { type Subscription, topicMatches } from "@mqtt-meet/mqtt";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SubscriptionTrie } from "./subscription-trie.ts";

function subscription(filter: string, options: Partial<Subscription> & { identifier?: number } = {}) {
  return { filter, qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0, ...options } as const;
}

function subscribersOf(trie: SubscriptionTrie<string>, topic: string): string[] {
  return trie.match(topic).deliveries.map(({ subscriber }) => subscriber);
}

describe("SubscriptionTrie", () => {
  test.each([
    ["a/b", "a/b", true],
    ["a/b", "a/b/c", false],
    ["a/+", "a/b", true],
    ["a/+", "a", false],
    ["a/+", "a/", true],
    ["+/+", "/a", true],
    ["+", "a", true],
    ["#", "a/b/c", true],
    ["a/#", "a", true],
    ["a/#", "a/b/c", true],
    ["a/#", "ab", false],
    ["a/+/c/#", "a/b/c", true],
    ["#", "$SYS/x", false],
    ["+/x", "$SYS/x", false],
    ["$SYS/#", "$SYS/x", true],
    ["a/+", "a/$b", true],
  ])("%s matches %s: %s", (filter, topic, expected) => {
    const trie = new SubscriptionTrie<string>();
    trie.add("me", subscription(filter));
    expect(subscribersOf(trie, topic)).toEqual(expected ? ["me"] : []);
  });

  test("agrees with the plain definition of a match, and is empty after all is deleted", () => {
    const level = fc.constantFrom("a", "b", "", "$c");
    const topic = fc.array(level, { minLength: 1, maxLength: 4 }).map((levels) => levels.join("/"));
    const filter = fc
      .tuple(fc.array(fc.oneof(level, fc.constant("+")), { minLength: 1, maxLength: 4 }), fc.boolean())
      .map(([levels, rest]) => [...levels, ...(rest ? ["#"] : [])].join("/"));
    fc.assert(
      fc.property(fc.uniqueArray(filter, { maxLength: 12 }), fc.array(topic, { maxLength: 6 }), (filters, topics) => {
        const trie = new SubscriptionTrie<string>();
        for (const each of filters) trie.add(each, subscription(each));
        for (const each of topics) {
          const expected = filters.filter((candidate) => topicMatches(candidate, each));
          expect(subscribersOf(trie, each).sort()).toEqual(expected.sort());
          expect(trie.match(each)).toBe(trie.match(each));
        }
        expect(trie.size).toBe(filters.length);
        for (const each of filters) expect(trie.delete(each, each)).toBe(true);
        expect(trie.size).toBe(0);
        for (const each of topics) expect(subscribersOf(trie, each)).toEqual([]);
      }),
    );
  });

  test("one subscriber with several matching filters gets one delivery with the highest QoS and all identifiers", () => {
    const trie = new SubscriptionTrie<string>();
    trie.add("me", subscription("a/#", { qos: 0, identifier: 1 }));
    trie.add("me", subscription("a/+", { qos: 2, retainAsPublished: true }));
    trie.add("me", subscription("a/b", { qos: 1, identifier: 7 }));
    expect(trie.match("a/b").deliveries).toMatchObject([
      { subscriber: "me", qos: 2, retainAsPublished: true, identifiers: [1, 7] },
    ]);
    trie.delete("me", "a/+");
    expect(trie.match("a/b").deliveries).toMatchObject([{ qos: 1, retainAsPublished: false }]);
  });

  test("the same filter again replaces the subscription", () => {
    const trie = new SubscriptionTrie<string>();
    expect(trie.add("me", subscription("a"))).toBe(true);
    expect(trie.add("me", subscription("a", { qos: 1 }))).toBe(false);
    expect(trie.size).toBe(1);
    expect(trie.match("a").deliveries).toMatchObject([{ qos: 1 }]);
    expect(trie.delete("me", "a")).toBe(true);
    expect(trie.delete("me", "a")).toBe(false);
    expect(trie.delete("me", "b/c")).toBe(false);
  });

  test("a change is seen at once, although matches are remembered", () => {
    const trie = new SubscriptionTrie<string>();
    expect(subscribersOf(trie, "a")).toEqual([]);
    trie.add("me", subscription("+"));
    expect(subscribersOf(trie, "a")).toEqual(["me"]);
    trie.delete("me", "+");
    expect(subscribersOf(trie, "a")).toEqual([]);
  });
});

describe("a shared subscription", () => {
  test("is beside ordinary ones, one group for each name and filter", () => {
    const trie = new SubscriptionTrie<string>();
    for (const member of ["a", "b"]) trie.add(member, subscription("$share/g/x/+"));
    trie.add("c", subscription("$share/h/x/+"));
    trie.add("a", subscription("x/y"));
    const { deliveries, groups } = trie.match("x/y");
    expect(deliveries.map(({ subscriber }) => subscriber)).toEqual(["a"]);
    expect(groups.map(({ size }) => size)).toEqual([2, 1]);
    trie.delete("c", "$share/h/x/+");
    trie.delete("a", "$share/g/x/+");
    expect(trie.match("x/y").groups.map(({ size }) => size)).toEqual([1]);
  });

  test("serves its members in turn, those who can take a message at once before others, and skips who cannot", () => {
    const trie = new SubscriptionTrie<string>();
    for (const member of ["a", "b", "c"]) trie.add(member, subscription("$share/g/x"));
    const [group] = trie.match("x").groups;
    const choose = (ranks: Record<string, number>) => group?.choose((member) => ranks[member] ?? 2)?.[0];
    expect([choose({}), choose({}), choose({}), choose({})]).toEqual(["a", "b", "c", "a"]);
    expect([choose({ b: 1 }), choose({ b: 1 }), choose({ b: 1 })]).toEqual(["c", "a", "c"]);
    expect(choose({ a: -1, b: 0, c: -1 })).toBe("b");
    expect(choose({ a: -1, b: -1, c: -1 })).toBeUndefined();
  });
});
