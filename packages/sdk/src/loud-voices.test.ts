import { type PeerId, topicLevel } from "@mqtt-meet/protocol";
import { expect, test } from "vitest";
import { LoudVoices } from "./loud-voices.ts";

const peer = (name: string): PeerId => topicLevel(name);
const [ada, bob, cem, dan, eve] = [peer("ada"), peer("bob"), peer("cem"), peer("dan"), peer("eve")] as const;
const all = new Set([ada, bob, cem, dan, eve]);

/** Lets people speak for so long, who say so once a second, and returns who has a place at the end. */
function room() {
  const voices = new LoudVoices();
  let nowMs = 0;
  return (ms: number, speaking: Iterable<readonly [PeerId, number]> = [], peers = all) => {
    const untilMs = nowMs + ms;
    let heard: ReadonlySet<PeerId> = new Set();
    for (; nowMs < untilMs; nowMs += 250) {
      if (nowMs % 1_000 === 0) for (const [each, level] of speaking) voices.hear(each, level, nowMs);
      heard = voices.choose(peers, nowMs);
    }
    return heard;
  };
}

const speak = (level: number, ...peers: readonly PeerId[]) => peers.map((each) => [each, level] as const);

test("LoudVoices gives three places: to who speaks at once, the loudest first, and in silence to whom it knows first (M11)", () => {
  const run = room();
  expect(run(1_000)).toEqual(new Set([ada, bob, cem]));
  expect(run(1_000, speak(0.5, eve)).has(eve)).toBe(true);
  expect(run(20_000, [...speak(0.5, eve), ...speak(0.55, dan), ...speak(0.41, cem), ...speak(0.4, ada, bob)])).toEqual(
    new Set([cem, dan, eve]),
  );
});

test("LoudVoices gives the place of who was silent for longest to who begins to speak (M11)", () => {
  const run = room();
  run(3_000, speak(0.5, ada, bob, cem));
  run(6_000, speak(0.5, bob, cem));
  expect(run(1_000, speak(0.3, dan, bob))).toEqual(new Set([bob, cem, dan]));
});

test("LoudVoices gives a place that nobody speaks in to who switches a microphone on, and no other (M11)", () => {
  const run = room();
  const before = new Set([ada, bob, cem, dan]);
  run(5_000, speak(0.5, ada, bob), before);
  expect(run(250, speak(0.5, ada, bob), all)).toEqual(new Set([ada, bob, eve]));
  run(4_000, speak(0.5, ada, bob, cem), before);
  expect(run(1_000, speak(0.5, ada, bob, cem), all)).toEqual(new Set([ada, bob, cem]));
});

test("LoudVoices keeps who speaks in a place while others are hardly louder, and not when somebody clearly is (M11)", () => {
  const run = room();
  run(3_000, speak(0.5, ada, bob, cem));
  expect(run(10_000, [...speak(0.5, ada, bob, cem), [dan, 0.58]])).toEqual(new Set([ada, bob, cem]));
  const heard = run(1_000, [...speak(0.5, ada, bob, cem), [dan, 0.7]]);
  expect([heard.has(dan), heard.size]).toEqual([true, 3]);
});

test("LoudVoices takes nobody out of a place within two seconds after that one began to speak (M11)", () => {
  const run = room();
  const quiet = speak(0.3, ada, bob, cem);
  expect(run(1_000, quiet)).toEqual(new Set([ada, bob, cem]));
  expect(run(1_000, [...quiet, [dan, 0.9]])).toEqual(new Set([ada, bob, cem]));
  expect(run(1_000, [...quiet, [dan, 0.9]]).has(dan)).toBe(true);
});

test("LoudVoices does not let two who are as loud take a place from each other by turns (M11)", () => {
  const run = room();
  const speaking = speak(0.6, ada, bob, cem, dan, eve);
  const first = run(3_000, speaking);
  for (let i = 0; i < 20; i++) expect(run(1_000, speaking)).toEqual(first);
});

test("LoudVoices forgets who is gone or muted, and takes who falls silent without saying so for silent (M11)", () => {
  const voices = new LoudVoices();
  voices.hear(ada, 0.5, 0);
  expect([voices.level(ada, 2_000), voices.level(ada, 2_500)]).toEqual([0.5, 0]);
  expect(voices.choose(new Set([ada, bob]), 4_000)).toEqual(new Set([ada, bob]));
  voices.forget(ada);
  expect(voices.choose(new Set([bob]), 4_250)).toEqual(new Set([bob]));
  expect(voices.choose(new Set(), 4_500)).toEqual(new Set());
});
