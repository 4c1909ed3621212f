import type { Classification } from "@mqtt-meet/broker";
import { type PacketHeader, writePacket } from "@mqtt-meet/protocol";
import { expect, test } from "vitest";
import { classifyMedia, RepeatedMedia } from "./classify-media.ts";

const first: PacketHeader = {
  keyFrame: false,
  lastFragment: true,
  encrypted: false,
  discardable: false,
  rootKeyed: false,
  will: false,
  fragment: 0,
  frame: 1,
  timestampUs: 1,
};
const packet = (changes: Partial<PacketHeader> = {}) => writePacket({ ...first, ...changes }, new Uint8Array(9));
const video = (layer: number, changes?: Partial<PacketHeader>): Partial<Classification> =>
  classifyMedia(`mm/1/R/P/v/camera/${layer}/0`, packet(changes)) ?? {};

test("sound goes before pictures, and is too old after 300 ms (A8)", () => {
  expect(classifyMedia("mm/1/R/P/a/mic", packet())).toEqual({ lane: "audio", maxAgeMs: 300 });
});

test("pictures are too old after 500 ms, and the smallest layer goes before the others (A8)", () => {
  expect(video(0)).toMatchObject({ lane: "video-small", maxAgeMs: 500 });
  expect(video(1)).toMatchObject({ lane: "video-large", maxAgeMs: 500 });
});

test("only the first fragment of a key frame ends a skip (A8)", () => {
  expect(video(0, { keyFrame: true }).keyFrame).toBe(true);
  expect(video(0, { keyFrame: true, fragment: 1 }).keyFrame).toBe(false);
  expect(video(0).keyFrame).toBe(false);
});

test("a discardable frame is dropped earlier, and skips nothing else (A8, P5)", () => {
  expect(video(0, { discardable: true }).maxAgeMs).toBe(250);
  expect(video(0, { discardable: true })).not.toHaveProperty("keyFrame");
});

test("the temporal layers of a layer are one stream, its layers are not", () => {
  const stream = (topic: string) => classifyMedia(topic, packet())?.stream;
  expect(stream("mm/1/R/P/v/camera/0/0")).toBe(stream("mm/1/R/P/v/camera/0/1"));
  expect(stream("mm/1/R/P/v/camera/0/0")).not.toBe(stream("mm/1/R/P/v/camera/1/0"));
});

test("probes and reports are dropped when they say nothing any more", () => {
  expect(classifyMedia("mm/1/R/P/in/Q", new Uint8Array(2))).toEqual({ lane: "audio", maxAgeMs: 1000 });
});

test("plain topics are ordinary MQTT, and what is no packet is the first to go", () => {
  expect(classifyMedia("some/camera", packet())).toBeUndefined();
  expect(classifyMedia("mm", packet())).toBeUndefined();
  expect(classifyMedia("mm/1/R/P/v/camera/0/0", new Uint8Array(3))).toEqual({ lane: "video-large", maxAgeMs: 500 });
});

test("sound and pictures that came already go to nobody (P10)", () => {
  const media = new RepeatedMedia();
  const repeated = (topic: string, bytes: Uint8Array) => media.classify(topic, bytes)?.repeated ?? false;
  const camera = "mm/1/R/P/v/camera/0/0";
  expect(repeated(camera, packet())).toBe(false);
  expect(repeated("mm/1/R/Q/v/camera/0/0", packet())).toBe(false);
  expect(repeated("mm/1/R/P/v/camera/0/1", packet())).toBe(false);
  expect(repeated(camera, packet({ frame: 2 }))).toBe(false);
  expect(repeated(camera, packet({ fragment: 1 }))).toBe(false);
  expect(repeated(camera, packet())).toBe(true);
  expect(repeated("mm/1/R/P/a/mic", packet())).toBe(false);
  expect(repeated("mm/1/R/P/a/mic", packet())).toBe(true);
});

test("requests, reports and plain topics are never taken for repeated", () => {
  const media = new RepeatedMedia();
  for (const topic of ["some/camera", "mm/1/R/P/in/Q", "mm/1/R/all/P"]) {
    expect(media.classify(topic, packet())?.repeated).toBeUndefined();
    expect(media.classify(topic, packet())?.repeated).toBeUndefined();
  }
});

test("what is remembered has a bound", () => {
  const media = new RepeatedMedia();
  for (let i = 0; i < 5_000; i++) media.classify(`mm/1/R/P${i}/a/mic`, packet());
  expect(media.classify("mm/1/R/P4999/a/mic", packet())?.repeated).toBe(true);
  expect(media.classify("mm/1/R/P0/a/mic", packet())?.repeated).toBeUndefined();
});
