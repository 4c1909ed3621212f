import { topicLevel } from "@mqtt-meet/protocol";
import { expect, test, vi } from "vitest";
import { FakePicture } from "./testing/fake-backend.ts";
import { FakeBroker } from "./testing/fake-broker.ts";
import { fakeScheme as scheme } from "./testing/fake-room.ts";
import { joinedRooms } from "./testing/joined-rooms.ts";

const { join, seconds } = joinedRooms();

const size = { widthPx: 640, heightPx: 360, frameRate: 30 };
const requests = (broker: FakeBroker, topic: string) => broker.log.filter((entry) => entry.topic === topic).length;

test("a track is published, watched with a lease, paused without, and gone when unpublished", async () => {
  const broker = new FakeBroker();
  const ada = await join(broker, "Ada");
  const bob = await join(broker, "Bob");
  const camera = ada.publishVideo({ source: "camera", ...size });
  await seconds(0);
  expect(bob.participants.value[0]?.tracks).toMatchObject([
    { key: "ada/camera", kind: "video", source: "camera", muted: false, codec: "vp8" },
  ]);
  const stop = bob.watchVideo("ada/camera", (picture) => picture.close());
  await seconds(20);
  expect(camera.watched).toBe(true);
  expect(requests(broker, scheme.inbox(ada.peer, bob.peer))).toBeGreaterThanOrEqual(4);
  stop();
  expect(camera.watched).toBe(false);

  camera.setMuted(true);
  await seconds(0);
  expect(bob.participants.value[0]?.tracks[0]?.muted).toBe(true);
  await camera.unpublish();
  await seconds(0);
  expect(bob.participants.value[0]?.tracks).toEqual([]);
  expect(ada.localTracks.value).toEqual([]);
  expect(camera.ended.value).toBe(true);
  const again = ada.publishVideo({ source: "camera", ...size });
  expect(again.id).not.toBe(camera.id);
});

test("who expects pictures has the connection for them before there is one, but not before being let in", async () => {
  const broker = new FakeBroker();
  const opened: string[] = [];
  const { open } = broker;
  const noting: FakeBroker["open"] = (options) => {
    opened.push(`${options.clientId} ${broker.links.get("bob")?.state.status}`);
    return open(options);
  };
  Object.assign(broker, { open: noting });
  await join(broker, "Ada");
  await join(broker, "Bob", { expectsPictures: true });
  expect(opened.map((entry) => entry.split(" "))).toEqual([
    ["ada", "undefined"],
    ["bob", "undefined"],
    ["bob.C", "connected"],
  ]);
});

test("a track is encoded only while somebody watches, and until 12 s after its watcher just vanished", async () => {
  const broker = new FakeBroker();
  const ada = await join(broker, "Ada");
  const camera = ada.publishVideo({ source: "camera", ...size });
  await seconds(1);
  expect(camera.watched).toBe(false);
  const bob = await join(broker, "Bob");
  bob.watchVideo("ada/camera", (picture) => picture.close());
  await seconds(1);
  expect(camera.watched).toBe(true);
  broker.cut("bob", { will: false });
  broker.cut("bob.C", { will: false });
  await seconds(6);
  expect(camera.watched).toBe(true);
  await seconds(6.5);
  expect(camera.watched).toBe(false);
});

test("the codec follows what everybody present decodes", async () => {
  const broker = new FakeBroker();
  const ada = await join(broker, "Ada", { codecs: ["vp9", "vp8"] });
  ada.publishVideo({ source: "camera", ...size });
  const bob = await join(broker, "Bob", { codecs: ["vp9", "vp8"] });
  const codec = () => bob.participants.value.find(({ name }) => name === "Ada")?.tracks[0]?.codec;
  expect(codec()).toMatch(/^vp09|^vp9/);
  const cem = await join(broker, "Cem", { codecs: ["vp8"] });
  await seconds(1);
  expect(codec()).toBe("vp8");
  await cem.leave();
  await seconds(9);
  expect(codec()).toBe("vp8");
  await seconds(2);
  expect(codec()).toMatch(/^vp09|^vp9/);
});

test("nobody publishes what this machine cannot encode, or too much", async () => {
  const ada = await join(new FakeBroker(), "Ada");
  expect(() => ada.publishVideo({ source: "camera", codec: "av1", ...size })).toThrow(/cannot encode av1/);
  for (let i = 0; i < 16; i++) ada.publishVideo({ source: "file", ...size });
  expect(() => ada.publishVideo({ source: "file", ...size })).toThrow(/more than 16/);
});

/** Pictures at 30 a second from now on; returns all of them. */
async function film(push: (picture: FakePicture) => void, count: number): Promise<readonly FakePicture[]> {
  const pictures: FakePicture[] = [];
  for (let i = 0; i < count; i++) {
    const picture = new FakePicture(Date.now() * 1000);
    pictures.push(picture);
    push(picture);
    await vi.advanceTimersByTimeAsync(33);
  }
  return pictures;
}

test("pictures go from one participant to another, and both can say how", async () => {
  const broker = new FakeBroker();
  const ada = await join(broker, "Ada");
  const bob = await join(broker, "Bob");
  const camera = ada.publishVideo({ source: "camera", ...size });
  await seconds(0);
  const seen: FakePicture[] = [];
  bob.watchVideo("ada/camera", (picture) => {
    seen.push(picture);
    picture.close();
  });
  const sent = await film((picture) => camera.push(picture), 150);
  expect(seen.length).toBeGreaterThan(140);
  expect(sent.every(({ closed }) => closed)).toBe(true);
  const outgoing = ada.statistics.value.tracks.get("ada/camera");
  expect(outgoing).toMatchObject({ direction: "out", kind: "video", codec: "vp8" });
  expect(outgoing?.fps).toBeGreaterThan(27);
  expect(outgoing?.kbps).toBeGreaterThan(20);
  const incoming = bob.statistics.value.tracks.get("ada/camera");
  expect(incoming).toMatchObject({ direction: "in", kind: "video", codec: "vp8" });
  expect(incoming?.fps).toBeGreaterThan(27);
  expect(incoming?.latencyMs?.p50).toBeLessThan(100);
  expect(incoming?.counters["framesDecoded"]).toBeGreaterThan(100);
  expect(bob.statistics.value.roundTripMs).toBe(3);
});

test("a track that is watched in two places is received once, and shown in both where pictures can be copied", async () => {
  const broker = new FakeBroker();
  const ada = await join(broker, "Ada");
  const bob = await join(broker, "Bob", { clone: (picture: FakePicture) => new FakePicture(picture.timestamp) });
  const camera = ada.publishVideo({ source: "camera", ...size });
  const seen = { tile: 0, stage: 0 };
  const stop = bob.watchVideo("ada/camera", () => seen.tile++);
  bob.watchVideo("ada/camera", () => seen.stage++);
  await film((picture) => camera.push(picture), 30);
  expect(seen.tile).toBeGreaterThan(25);
  expect(seen.stage).toBe(seen.tile);
  stop();
  const before = seen.tile;
  await film((picture) => camera.push(picture), 30);
  expect(seen.tile).toBe(before);
  expect(seen.stage).toBeGreaterThan(before + 25);
});

test("a track may be watched before it is there, and again after it was away", async () => {
  const broker = new FakeBroker();
  const ada = await join(broker, "Ada");
  const bob = await join(broker, "Bob");
  let seen = 0;
  ada.watchVideo("bob/screen", () => seen++);
  await seconds(1);
  const screen = bob.publishVideo({ source: "screen", ...size });
  await film((picture) => screen.push(picture), 30);
  expect(seen).toBeGreaterThan(25);
  expect(() => ada.watchVideo("bob", () => undefined)).toThrow(TypeError);
});

test("sound is heard and its loudness shown, our own too, until it is muted", async () => {
  const broker = new FakeBroker();
  const ada = await join(broker, "Ada");
  const bob = await join(broker, "Bob");
  const microphone = ada.publishAudio({ source: "microphone", channels: 1 });
  const written = { samples: 0 };
  const stop = bob.watchAudio("ada/microphone", {
    channels: 1,
    bufferedSamples: 0,
    playedSamples: 0,
    emptySamples: 0,
    outputLatencyUs: 0,
    write: (samples) => {
      written.samples += samples.length;
    },
    skip: () => undefined,
    close: () => undefined,
  });
  const samples = Float32Array.from({ length: 960 }, (_, i) => Math.sin(i / 10) / 2);
  const speak = async () => {
    for (let i = 0; i < 50; i++) {
      microphone.push({ timestampUs: Date.now() * 1000, sampleRate: 48_000, channels: 1, samples });
      await vi.advanceTimersByTimeAsync(20);
    }
  };
  await speak();
  expect(written.samples).toBeGreaterThan(30_000);
  expect(ada.levels.value.get("ada")).toBeGreaterThan(0.3);
  expect(bob.levels.value.get("ada")).toBeGreaterThan(0.3);
  expect(bob.levels.value.has("bob")).toBe(false);
  microphone.setMuted(true);
  await speak();
  expect(ada.levels.value.get("ada")).toBe(0);
  stop();
  await seconds(1);
  expect(bob.levels.value.size).toBe(0);
});

test("a microphone is sent in frames of 10 ms to at most two others, and a file never", async () => {
  const broker = new FakeBroker();
  broker.waits = () => 0;
  const ada = await join(broker, "Ada");
  const sources = ["microphone", "file"] as const;
  const tracks = sources.map((source) => ada.publishAudio({ source, channels: 1 }));
  /** Packets of each in the last second of several in which there is sound. */
  const packets = async () => {
    const samples = new Float32Array(480).fill(0.1);
    for (let i = 0; i < 700; i++) {
      if (i === 600) broker.log.length = 0;
      for (const track of tracks)
        track.push({ timestampUs: Date.now() * 1000, sampleRate: 48_000, channels: 1, samples });
      await vi.advanceTimersByTimeAsync(10);
    }
    return sources.map((source) => requests(broker, scheme.audio(ada.peer, topicLevel(source))));
  };
  await join(broker, "Bob");
  await join(broker, "Cleo");
  expect(await packets()).toEqual([100, 50]);
  const dora = await join(broker, "Dora");
  expect(await packets()).toEqual([50, 50]);
  await dora.leave();
  expect(await packets()).toEqual([100, 50]);
});
