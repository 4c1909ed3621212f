import type { RemoteTrack } from "@mqtt-meet/sdk";
import { expect, test } from "vitest";
import { type Speaker, Voices } from "./voices.ts";
import type { ToWorker } from "./worker-messages.ts";

const PLACES = 64;

/** A speaker that counts its streams. */
function fakeSpeaker() {
  const streams: { readonly id: number; volume: number; isOpen: boolean }[] = [];
  const speaker: Speaker = {
    blocked: false,
    addStream: ({ channels }) => {
      const stream = { id: streams.length, volume: 1, isOpen: true };
      streams.push(stream);
      return {
        connection: { kind: "port", channels, port: {} as MessagePort },
        transfer: [],
        setVolume: (volume) => {
          stream.volume = volume;
        },
        close: () => {
          stream.isOpen = false;
        },
      };
    },
    capture: () => ({ track: {} as MediaStreamTrack, close: () => undefined }),
    setDevice: async () => undefined,
    resume: async () => undefined,
    close: () => undefined,
  };
  return { speaker, streams, open: () => streams.filter(({ isOpen }) => isOpen).length };
}

function person(number: number) {
  const track = { key: `p${number}/mic`, peer: `p${number}`, id: "mic", kind: "audio", channels: 1 };
  return { peer: track.peer, tracks: [track as unknown as RemoteTrack] } as unknown as Parameters<
    Voices["follow"]
  >[0][number];
}

async function setUp(people: number) {
  const posted: ToWorker[] = [];
  const { speaker, streams, open } = fakeSpeaker();
  const voices = new Voices({ post: (message) => posted.push(message), open: async () => speaker });
  await voices.capture();
  voices.follow(Array.from({ length: people }, (_, i) => person(i)));
  const said = (type: string) =>
    posted.flatMap((message) => (message.type === type && "key" in message ? [message.key] : []));
  const unplaced = () =>
    posted.flatMap((message) => (message.type === "play" && message.connection === undefined ? [message.key] : []));
  return { voices, posted, streams, open, said, unplaced };
}

test("Voices plays every track of a large room, those beyond the speaker's places without one of their own", async () => {
  const { said, unplaced, open } = await setUp(PLACES + 3);
  expect(open()).toBe(PLACES);
  expect(said("play")).toHaveLength(PLACES + 3);
  expect(unplaced()).toEqual(["p64/mic", "p65/mic", "p66/mic"]);
});

test("a place that moves takes the volume of who speaks there now", async () => {
  const { voices, streams } = await setUp(PLACES + 1);
  voices.setVolume("p3", 0.2);
  voices.setVolume("p64", 0.7);
  voices.moved({ from: "p3/mic", to: "p64/mic" });
  expect(streams[3]?.volume).toBe(0.7);
  voices.setVolume("p64", 0.5);
  voices.setVolume("p3", 0.1);
  expect(streams[3]?.volume).toBe(0.5);
  voices.moved({ from: "p64/mic", to: "p3/mic" });
  expect(streams[3]?.volume).toBe(0.1);
});

test("who leaves frees a place for somebody who had none", async () => {
  const { voices, posted, open } = await setUp(PLACES + 1);
  voices.follow(Array.from({ length: PLACES }, (_, i) => person(i + 1)));
  expect(open()).toBe(PLACES);
  expect(posted.at(-1)).toMatchObject({ type: "play", key: "p64/mic", connection: { kind: "port" } });
});

test("a place that moved while its owner left, or while its new owner did, is given anew", async () => {
  const { voices, posted, open, said } = await setUp(PLACES + 2);
  // p0 has left here when the worker says that p64 plays in its place.
  voices.follow(Array.from({ length: PLACES + 1 }, (_, i) => person(i + 1)));
  const plays = said("play").length;
  voices.moved({ from: "p0/mic", to: "p65/mic" });
  expect(open()).toBe(PLACES);
  expect(said("play").slice(plays)).toEqual(["p65/mic"]);
  // p65 has left here when the worker says that it plays in p1's place.
  voices.follow(Array.from({ length: PLACES }, (_, i) => person(i + 1)));
  voices.moved({ from: "p1/mic", to: "p65/mic" });
  expect(open()).toBe(PLACES);
  expect(posted.at(-1)).toMatchObject({ type: "play", key: "p1/mic", connection: { kind: "port" } });
  voices.close();
  expect(open()).toBe(0);
});
