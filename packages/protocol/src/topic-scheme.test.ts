import fc from "fast-check";
import { expect, test } from "vitest";
import { ProtocolError } from "./protocol-error.ts";
import { topicLevel } from "./topic-level.ts";
import { type RoomTopic, TopicScheme } from "./topic-scheme.ts";
import vectors from "./vectors/topics.json" with { type: "json" };

const scheme = new TopicScheme(topicLevel(vectors.room));
const level = fc.stringMatching(/^[A-Za-z0-9_-]{1,43}$/).map(topicLevel);
const peer = level.filter((text) => text !== "all");

function build(topics: TopicScheme, topic: RoomTopic): string {
  switch (topic.kind) {
    case "state":
      return topics.state(topic.peer);
    case "catalog":
      return topics.catalog(topic.peer);
    case "audio":
      return topics.audio(topic.peer, topic.track);
    case "video":
      return topics.video(topic.peer, topic.track, topic.layer, topic.temporal);
    case "inbox":
      return topics.inbox(topic.peer, topic.from);
    case "removal":
      return topics.removal(topic.peer, topic.from);
    case "knock":
      return topics.knock(topic.peer);
    case "standing":
      return topics.standing(topic.peer);
    case "order":
      return topics.order(topic.peer, topic.from);
    case "rules":
      return topics.rules;
    case "all":
      return topics.all(topic.from);
  }
}

test.each(vectors.valid)("TopicScheme builds and parses $topic (T1, T4, T5)", ({ topic, means }) => {
  expect(scheme.parse(topic)).toEqual(means);
  expect(build(scheme, means as RoomTopic)).toBe(topic);
});

test.each(vectors.ignored)("TopicScheme ignores %s (T1, T3, T4, T6)", (topic) => {
  expect(scheme.parse(topic)).toBeUndefined();
});

test("TopicScheme parses what it builds, and another room does not (T5)", () => {
  const topic = fc.oneof(
    fc.record({ kind: fc.constantFrom("state" as const, "catalog" as const), peer }),
    fc.record({ kind: fc.constantFrom("knock" as const, "standing" as const), peer }),
    fc.record({ kind: fc.constant("order" as const), peer, from: peer }, { requiredKeys: ["kind", "from"] }),
    fc.record({ kind: fc.constant("rules" as const) }),
    fc.record({ kind: fc.constant("audio" as const), peer, track: level }),
    fc.record({ kind: fc.constant("video" as const), peer, track: level, layer: fc.nat(99), temporal: fc.nat(99) }),
    fc.record({ kind: fc.constantFrom("inbox" as const, "removal" as const), peer, from: peer }),
    fc.record({ kind: fc.constant("all" as const), from: peer }),
  );
  fc.assert(
    fc.property(level, level, topic, (room, other, means) => {
      const text = build(new TopicScheme(room), means);
      expect(new TopicScheme(room).parse(text)).toEqual(means);
      if (other !== room) expect(new TopicScheme(other).parse(text)).toBeUndefined();
    }),
  );
});

test("TopicScheme names the filters of a room (T4)", () => {
  const [own, track] = [topicLevel("P"), topicLevel("cam")];
  const topics = new TopicScheme(topicLevel("R"));
  expect([topics.allStates, topics.allCatalogs, topics.allMessages]).toEqual([
    "mm/1/R/+/state",
    "mm/1/R/+/catalog",
    "mm/1/R/all/+",
  ]);
  expect(topics.allKnocks).toBe("mm/1/R/+/knock");
  expect(topics.inboxFilter(own)).toBe("mm/1/R/P/in/+");
  expect(topics.audioFilter(own)).toBe("mm/1/R/P/a/+");
  expect(topics.videoFilter(own, track, 2)).toBe("mm/1/R/P/v/cam/2/+");
});

test("topicLevel refuses what is no level (T1)", () => {
  for (const text of ["", "a/b", "+", "#", "$SYS", "a b", "é", "x".repeat(44), "a\n", "a\u0000"]) {
    expect(() => topicLevel(text)).toThrow(ProtocolError);
  }
});
