import { topicMatches } from "@mqtt-meet/mqtt";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RetainedStore } from "./retained-store.ts";

function message(topic: string, options: { sizeBytes?: number; expiresAtMs?: number } = {}) {
  return { topic, sizeBytes: 10, expiresAtMs: Number.POSITIVE_INFINITY, ...options };
}

function newStore(limits: { maxMessages?: number; maxBytes?: number } = {}) {
  return new RetainedStore({ maxMessages: 100, maxBytes: 1_000_000, ...limits });
}

function topicsOf(store: ReturnType<typeof newStore>, filter: string, nowMs = 0): string[] {
  return store.match(filter, nowMs).map(({ topic }) => topic);
}

describe("RetainedStore", () => {
  test("finds what a filter matches, by the plain definition", () => {
    const level = fc.constantFrom("a", "b", "", "$c");
    const topic = fc.array(level, { minLength: 1, maxLength: 4 }).map((levels) => levels.join("/"));
    const filter = fc
      .tuple(fc.array(fc.oneof(level, fc.constant("+")), { maxLength: 4 }), fc.boolean())
      .map(([levels, rest]) => [...levels, ...(rest || levels.length === 0 ? ["#"] : [])].join("/"));
    fc.assert(
      fc.property(fc.uniqueArray(topic), fc.array(filter, { maxLength: 5 }), (topics, filters) => {
        const store = newStore();
        for (const each of topics) store.set(message(each));
        for (const each of filters) {
          expect(topicsOf(store, each).sort()).toEqual(topics.filter((name) => topicMatches(each, name)).sort());
        }
        for (const each of topics) store.delete(each);
        expect(store.size).toBe(0);
        expect(topicsOf(store, "#")).toEqual([]);
      }),
    );
  });

  test("keeps the last message of a topic", () => {
    const store = newStore();
    store.set(message("a", { sizeBytes: 1 }));
    store.set(message("a", { sizeBytes: 2 }));
    expect(store.size).toBe(1);
    expect(store.match("a", 0)).toEqual([message("a", { sizeBytes: 2 })]);
    store.delete("b");
    store.delete("a/b");
    expect(store.size).toBe(1);
  });

  test("refuses what exceeds its bounds, but lets a message be replaced", () => {
    const store = newStore({ maxMessages: 2 });
    expect([store.set(message("a")), store.set(message("b")), store.set(message("c"))]).toEqual([true, true, false]);
    expect(store.set(message("a"))).toBe(true);
    store.delete("b");
    expect(store.set(message("c"))).toBe(true);
    expect(topicsOf(store, "#")).toEqual(["a", "c"]);

    const small = newStore({ maxBytes: 1000 });
    expect(small.set(message("a", { sizeBytes: 600 }))).toBe(true);
    expect(small.set(message("b", { sizeBytes: 600 }))).toBe(false);
    expect(small.set(message("a", { sizeBytes: 700 }))).toBe(true);
    expect(small.set(message("a", { sizeBytes: 800 }))).toBe(false);
    expect(small.match("a", 0)).toMatchObject([{ sizeBytes: 700 }]);
  });

  test("an expired message is not found, and its room is free after a sweep", () => {
    const store = newStore({ maxMessages: 2 });
    store.set(message("a/b", { expiresAtMs: 1000 }));
    store.set(message("a"));
    expect(topicsOf(store, "#", 999)).toEqual(["a", "a/b"]);
    expect(topicsOf(store, "#", 1000)).toEqual(["a"]);
    expect(store.set(message("c"))).toBe(false);
    store.sweep(1000);
    expect(store.set(message("c"))).toBe(true);
  });
});
