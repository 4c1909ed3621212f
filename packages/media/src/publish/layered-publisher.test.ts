import { parsePacket } from "@mqtt-meet/protocol";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeBackend, FakePicture } from "../testing/fake-backend.ts";
import { MemoryTransport } from "../testing/memory-transport.ts";
import { settle } from "../testing/publisher-rig.ts";
import { LayeredPublisher } from "./layered-publisher.ts";

const SIZE = { widthPx: 1280, heightPx: 720 };
const LAYERS = [
  { widthPx: 320, heightPx: 180, bitrateBps: 200_000 },
  { widthPx: 640, heightPx: 360, bitrateBps: 500_000 },
  { ...SIZE, bitrateBps: 1_500_000 },
];

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A camera of three layers with fake encoders and a clock that stands still. */
function layeredRig() {
  const backend = new FakeBackend();
  const transport = new MemoryTransport();
  const pictures: FakePicture[] = [];
  const catalogs: (readonly number[])[] = [];
  const failures: string[] = [];
  let nowMs = 1_790_000_000_000;
  const picture = () => {
    const made = new FakePicture(nowMs * 1000, SIZE);
    pictures.push(made);
    return made;
  };
  const publisher: LayeredPublisher<FakePicture> = new LayeredPublisher<FakePicture>({
    backend,
    sender: transport,
    topic: (layer) => `v/${layer}`,
    source: "camera",
    codec: "vp8",
    layers: LAYERS,
    frameRate: 30,
    clone: picture,
    nowMs: () => nowMs,
    onChange: () => catalogs.push(publisher.layers.map(({ id }) => id)),
    onError: ({ code }) => failures.push(code),
  });
  const open = () => backend.videoEncoders.filter(({ closed }) => !closed);
  return {
    ...{ backend, transport, publisher, pictures, catalogs, failures, open },
    capture() {
      nowMs += 33;
      publisher.push(picture());
      for (const encoder of open()) encoder.deliver();
    },
    wait(ms: number) {
      for (let i = 0; i < ms; i += 250) {
        nowMs += 250;
        publisher.check();
      }
    },
    sentOn: (layer: number) =>
      transport.sent.filter(({ topic }) => topic === `v/${layer}`).map(({ payload }) => parsePacket(payload).header),
  };
}

test("LayeredPublisher encodes the layers that are watched, each picture once for each, and no others (C8)", async () => {
  const { publisher, capture, open, sentOn, pictures } = layeredRig();
  capture();
  await settle();
  expect(open()).toEqual([]);
  publisher.setWatched(new Set([0, 2]));
  await settle();
  expect(open().map(({ encoding }) => encoding.heightPx)).toEqual([180, 720]);
  for (let i = 0; i < 3; i++) capture();
  const [small, large] = [sentOn(0), sentOn(2)];
  expect(small.map(({ keyFrame }) => keyFrame)).toEqual([true, false, false]);
  expect(large.map(({ timestampUs }) => timestampUs)).toEqual(small.map(({ timestampUs }) => timestampUs));
  expect(sentOn(1)).toEqual([]);
  expect(pictures.every(({ closed }) => closed)).toBe(true);
  const encoded = publisher.layerStatistics().map(({ active, framesEncoded }) => ({ active, framesEncoded }));
  expect(encoded).toEqual([
    { active: true, framesEncoded: 3 },
    { active: false, framesEncoded: 0 },
    { active: true, framesEncoded: 3 },
  ]);
  expect(publisher.statistics()).toMatchObject({ frameHeight: 720, framesSent: 3, framesEncoded: 6 });
});

test("LayeredPublisher stops a layer with its last watcher, and closes its encoder soon after", async () => {
  const { publisher, capture, wait, open, sentOn } = layeredRig();
  publisher.setWatched(new Set([0, 2]));
  await settle();
  capture();
  publisher.setWatched(new Set([0]));
  capture();
  expect(sentOn(2).length).toBe(1);
  wait(1_000);
  expect(open().length).toBe(2);
  wait(1_500);
  expect(open().map(({ encoding }) => encoding.heightPx)).toEqual([180]);
});

test("LayeredPublisher gives who begins to watch the picture that came while its encoder was opened", async () => {
  const { publisher, capture, backend, sentOn } = layeredRig();
  publisher.setWatched(new Set([1]));
  capture();
  capture();
  expect(sentOn(1)).toEqual([]);
  await settle();
  backend.videoEncoders[0]?.deliver();
  expect(sentOn(1).map(({ keyFrame }) => keyFrame)).toEqual([true]);
  expect(publisher.statistics()).toMatchObject({ framesCaptured: 2, framesSkippedEncoder: 1, framesSent: 1 });
});

test("LayeredPublisher offers fewer layers where the connection carries too little, and tells the catalog (C8)", async () => {
  const { publisher, capture, wait, catalogs, sentOn } = layeredRig();
  publisher.setWatched(new Set([0, 2]));
  await settle();
  expect(publisher.wantedBps).toBe(1_700_000);
  catalogs.length = 0;
  publisher.follow({ bitrateBps: 600_000, paused: false });
  wait(2_250);
  expect(catalogs).toEqual([]);
  wait(500);
  expect(catalogs).toEqual([[0, 1]]);
  const before = sentOn(2).length;
  capture();
  expect(sentOn(2).length).toBe(before);
  publisher.setWatched(new Set([0, 1]));
  expect(publisher.wantedBps).toBe(2_200_000);
  expect(publisher.statistics().qualityLimitationReason).toBe("bandwidth");
  publisher.requestKeyFrame(2);
  publisher.follow({ bitrateBps: 2_200_000, paused: false });
  wait(7_000);
  expect(publisher.layers.map(({ id }) => id)).toEqual([0, 1, 2]);
});

test("LayeredPublisher lets the larger of two layers wait where there is nothing left for it, and never asks for no bits", async () => {
  const { publisher, capture, wait, sentOn, open } = layeredRig();
  publisher.setWatched(new Set([0, 1]));
  await settle();
  capture();
  const [small, large] = [sentOn(0).length, sentOn(1).length];
  for (const bitrateBps of [200_000, 80_000, 0]) {
    publisher.follow({ bitrateBps, paused: false });
    expect(Math.min(...open().map((encoder) => encoder.bitrateBps))).toBeGreaterThanOrEqual(50_000);
    wait(250);
  }
  publisher.follow({ bitrateBps: 200_000, paused: false });
  capture(); // in a smaller size, for which another encoder is opened
  await settle();
  capture();
  expect(sentOn(0).length).toBeGreaterThan(small);
  expect(sentOn(1).length).toBe(large);
});

test("LayeredPublisher begins a layer that is asked for in its whole size, whatever was enough before", async () => {
  const { publisher, capture, open } = layeredRig();
  publisher.setWatched(new Set([0]));
  publisher.follow({ bitrateBps: 200_000, paused: false });
  await settle();
  capture();
  publisher.setWatched(new Set([0, 2]));
  await settle();
  capture();
  publisher.follow({ bitrateBps: 1_700_000, paused: false });
  await settle();
  expect(open().map(({ encoding }) => encoding.heightPx)).toEqual([180, 720]);
});

test("LayeredPublisher tells once that a codec fails, and goes on with another", async () => {
  const { publisher, backend, capture, failures, open } = layeredRig();
  backend.failure = Object.assign(new Error("none"), {}) as never;
  publisher.setWatched(new Set([0, 1, 2]));
  await settle();
  expect(failures).toEqual(["encoder-failed"]);
  backend.failure = undefined;
  publisher.setCodec(
    "h264",
    [1, 2, 3].map((part) => part * 100_000),
  );
  await settle();
  expect(open().map(({ encoding, bitrateBps }) => `${encoding.codec} ${bitrateBps}`)).toEqual([
    "h264 100000",
    "h264 200000",
    "h264 300000",
  ]);
  capture();
  publisher.close();
  publisher.close();
  expect(open()).toEqual([]);
});

test("LayeredPublisher: frames that were sent never count backwards or jump when the largest layer changes", async () => {
  const { publisher, capture } = layeredRig();
  publisher.setWatched(new Set([0]));
  await settle();
  for (let i = 0; i < 5; i++) capture();
  expect(publisher.statistics().framesSent).toBe(5);
  publisher.setWatched(new Set([0, 2]));
  await settle();
  capture();
  expect(publisher.statistics().framesSent).toBe(6);
  publisher.setWatched(new Set([0]));
  capture();
  expect(publisher.statistics().framesSent).toBe(7);
});
