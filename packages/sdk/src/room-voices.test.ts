import { topicLevel } from "@mqtt-meet/protocol";
import { expect, test, vi } from "vitest";
import type { AudioPublication } from "./audio-publication.ts";
import { FakeBroker } from "./testing/fake-broker.ts";
import { type FakeRoom, fakeScheme as scheme } from "./testing/fake-room.ts";
import { joinedRooms } from "./testing/joined-rooms.ts";

const { join } = joinedRooms();

const BLOCK_MS = 20;

/** What sounds like a voice, as loud as `peak`, 0 to 1. */
function block(peak: number) {
  const samples = Float32Array.from({ length: 960 }, (_, i) => Math.sin(i / 10) * peak);
  return { timestampUs: Date.now() * 1000, sampleRate: 48_000, channels: 1 as const, samples };
}

/** A sink that takes everything, and counts what it took. */
function countingSink() {
  const count = { samples: 0, closed: false };
  const sink = {
    channels: 1 as const,
    ...{ bufferedSamples: 0, playedSamples: 0, emptySamples: 0, outputLatencyUs: 0 },
    write: (samples: Float32Array) => {
      count.samples += samples.length;
    },
    skip: () => undefined,
    close: () => {
      count.closed = true;
    },
  };
  return { count, sink };
}

interface Crowd {
  readonly broker: FakeBroker;
  readonly viewer: FakeRoom;
  readonly heard: ReadonlyMap<string, { readonly samples: number; readonly closed: boolean }>;
  /** So long, these people speak, each as loud as said. */
  speak(ms: number, peaks?: Readonly<Record<string, number>>): Promise<void>;
  /** Whose sound the viewer subscribes to. */
  subscriptions(): readonly string[];
  mute(name: string, muted: boolean): void;
  readonly stop: () => void;
}

/** A viewer, and so many others with their microphones on, `p1` and so on, all of whom the viewer listens to. */
async function crowd(others: number, options: { readonly mutedFrom?: number } = {}): Promise<Crowd> {
  const broker = new FakeBroker();
  const viewer = await join(broker, "Viewer");
  const microphones = new Map<string, AudioPublication>();
  for (let i = 1; i <= others; i++) {
    const room = await join(broker, `p${i}`);
    const microphone = room.publishAudio({ source: "microphone", channels: 1 });
    if (i >= (options.mutedFrom ?? Number.POSITIVE_INFINITY)) microphone.setMuted(true);
    microphones.set(`p${i}`, microphone);
  }
  const sinks = [...microphones].map(([name, { key }]) => ({ name, key, ...countingSink() }));
  const stops = sinks.map(({ key, sink }) => viewer.watchAudio(key, sink));
  const names = [...microphones.keys()];
  return {
    broker,
    viewer,
    heard: new Map(sinks.map(({ name, count }) => [name, count])),
    speak: async (ms, peaks = {}) => {
      for (let atMs = 0; atMs < ms; atMs += BLOCK_MS) {
        for (const [name, peak] of Object.entries(peaks)) microphones.get(name)?.push(block(peak));
        await vi.advanceTimersByTimeAsync(BLOCK_MS);
      }
    },
    subscriptions: () => {
      const link = broker.links.get("viewer");
      return names.filter((name) => link?.subscribes(scheme.audio(topicLevel(name), topicLevel("microphone"))));
    },
    mute: (name, muted) => microphones.get(name)?.setMuted(muted),
    stop: () => {
      for (const stop of stops) stop();
    },
  };
}

test("of 14 in a room, three are received: those who speak loudest, and a fourth who gets louder (M11)", async () => {
  const { viewer, heard, speak, subscriptions } = await crowd(13);
  const three = { p2: 0.2, p5: 0.2, p9: 0.2 };
  await speak(1_000, three);
  expect(subscriptions()).toEqual(["p2", "p5", "p9"]);
  await speak(1_500, { ...three, p12: 0.2 });
  expect(subscriptions()).toEqual(["p2", "p5", "p9"]);
  await speak(400, { ...three, p12: 0.9 });
  expect(subscriptions()).toHaveLength(3);
  expect(subscriptions()).toContain("p12");
  const before = heard.get("p12")?.samples ?? 0;
  await speak(1_000, { ...three, p12: 0.9 });
  expect((heard.get("p12")?.samples ?? 0) - before).toBeGreaterThan(40_000);
  expect([...heard.values()].some(({ closed }) => closed)).toBe(false);
  // Who is not received is seen to speak all the same, and the statistics say why nothing comes.
  const resting = Object.keys(three).filter((name) => !subscriptions().includes(name));
  expect(resting).toHaveLength(1);
  expect(viewer.levels.value.get(resting[0] ?? "")).toBeGreaterThan(0.5);
  const tracks = [...viewer.statistics.value.tracks].filter(([, { limitedBy }]) => limitedBy === "louder-voices");
  expect(tracks.map(([, { frames }]) => frames).sort((a, b) => b - a)[1]).toBe(0);
  expect([tracks.length, viewer.statistics.value.tracks.size]).toEqual([10, 13]);
});

test("who begins to speak is received from the second block on (M11)", async () => {
  const { speak, heard, subscriptions } = await crowd(13);
  await speak(500);
  expect(subscriptions()).toEqual(["p1", "p2", "p3"]);
  const before = heard.get("p13")?.samples ?? 0;
  await speak(BLOCK_MS, { p13: 0.3 });
  expect(subscriptions()).toContain("p13");
  await speak(1_000, { p13: 0.3 });
  expect(subscriptions()).toEqual(["p2", "p3", "p13"]);
  // The decoder's blocks are of 20 ms, and some silence goes before the first.
  expect((heard.get("p13")?.samples ?? 0) - before).toBeGreaterThan(48_000 - 2 * 960);
});

test("who switches a microphone on is received before a word is said, where nobody speaks in a place (M11)", async () => {
  const { speak, mute, subscriptions } = await crowd(13, { mutedFrom: 4 });
  await speak(2_500, { p1: 0.3 });
  expect(subscriptions()).toEqual(["p1", "p2", "p3"]);
  mute("p11", false);
  await speak(500, { p1: 0.3 });
  expect(subscriptions()).toEqual(["p1", "p3", "p11"]);
});

test("everybody is received again when twelve are left, and nothing was said of voices among fewer (M11)", async () => {
  const { broker, viewer, speak, subscriptions, stop } = await crowd(10);
  await speak(500, { p1: 0.3 });
  expect(subscriptions()).toHaveLength(10);
  const voices = () =>
    broker.log.filter(({ payload }) => new TextDecoder().decode(payload).includes('"voice","level"'));
  const said = () => voices().filter(({ topic }) => topic.includes("/all/")).length;
  expect(said()).toBe(0);
  const late = [await join(broker, "q1"), await join(broker, "q2")];
  await speak(500, { p1: 0.3 });
  expect(viewer.participants.value).toHaveLength(12);
  expect(subscriptions()).toHaveLength(3);
  expect(said()).toBeGreaterThan(0);
  await late[0]?.leave();
  await speak(500, { p1: 0.3 });
  expect(subscriptions()).toHaveLength(10);
  stop();
  expect(subscriptions()).toEqual([]);
});

test("who comes to a crowd learns at once who speaks (M11)", async () => {
  const { broker, speak, viewer } = await crowd(13);
  await speak(300, { p7: 0.3 });
  const late = await join(broker, "Late");
  const sinks = viewer.participants.value
    .flatMap(({ tracks }) => tracks)
    .map(({ key }) => ({ key, ...countingSink() }));
  for (const { key, sink } of sinks) late.watchAudio(key, sink);
  await speak(200, { p7: 0.3 });
  expect(broker.links.get("late")?.subscribes("mm/1/room/p7/a/microphone")).toBe(true);
  expect(late.levels.value.get("p7")).toBeGreaterThan(0.5);
});

test("sound of a track that does not say when it speaks is always received (M11)", async () => {
  const { broker, viewer, speak } = await crowd(13);
  const radio = await join(broker, "Radio");
  const { key } = radio.publishAudio({ source: "file", channels: 2 });
  const { sink } = countingSink();
  viewer.watchAudio(key, sink);
  await speak(300, { p1: 0.5, p2: 0.5, p3: 0.5, p4: 0.5 });
  expect(broker.links.get("viewer")?.subscribes("mm/1/room/radio/a/file")).toBe(true);
  expect(viewer.statistics.value.tracks.get(key)?.limitedBy).toBeUndefined();
});
