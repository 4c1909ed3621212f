import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { InputLines } from "./input-lines.ts";
import { parseBitrate, parseSize } from "./parse-arguments.ts";
import { parseTarget, readTarget } from "./target.ts";
import { describeTrack, Totals, type TrackLine } from "./track-line.ts";
import { TrackMeter } from "./track-meter.ts";

test.each([
  ["mqtt://localhost/some/topic", { brokerUrl: "mqtt://localhost", topic: "some/topic", host: "localhost" }],
  ["mqtts://u:p@h:8884/a", { brokerUrl: "mqtts://u:p@h:8884", topic: "a", host: "h:8884" }],
  ["mqtt://h//leading", { brokerUrl: "mqtt://h", topic: "/leading", host: "h" }],
  ["mqtt://h/with%20space/%E5%B0%8F", { brokerUrl: "mqtt://h", topic: "with space/小", host: "h" }],
  ["mqtt://h/50%", { brokerUrl: "mqtt://h", topic: "50%", host: "h" }],
  ["mqtt://h/all/#", { brokerUrl: "mqtt://h", topic: "all/#", host: "h" }],
  ["ws://h:9001/some/topic", { brokerUrl: "ws://h:9001/mqtt", topic: "some/topic", host: "h:9001" }],
  ["wss://h/socket#some/topic", { brokerUrl: "wss://h/socket", topic: "some/topic", host: "h" }],
])("parseTarget: %s is a topic", (text, expected) => {
  expect(parseTarget(text)).toEqual({ kind: "topic", ...expected });
});

test("parseTarget: a meeting link is a room, a broken one is told without its secret", () => {
  const secret = "A".repeat(43);
  const link = `http://localhost:8080/r/standup#1.${secret}`;
  expect(parseTarget(link)).toEqual({ kind: "room", link, name: "standup", needsPassphrase: false });
  expect(parseTarget("http://localhost/r/x#p")).toMatchObject({ name: "x", needsPassphrase: true });
  expect(() => parseTarget("http://localhost/r/x#1.my-secret")).toThrow(/link/);
  expect(() => parseTarget("http://localhost/r/x#1.my-secret")).not.toThrow(/my-secret/);
});

test.each(["", "standup", "rtsp://h/x", "mqtt://", "mqtt://h", "mqtt://h/", "ws://h/", "mqtt:///x"])(
  "parseTarget: %j is refused with a sentence",
  (text) => {
    expect(() => parseTarget(text)).toThrow(/target/i);
  },
);

test("readTarget: - is the first line of standard input, in whatever pieces it comes", async () => {
  const stdin = new PassThrough();
  const target = readTarget("-", new InputLines(stdin as unknown as NodeJS.ReadStream));
  for (const piece of ["mqtt://h/", "a", "/b\nrest of"]) stdin.write(piece);
  expect(await target).toMatchObject({ topic: "a/b" });
  const empty = new PassThrough();
  empty.end("\n");
  await expect(readTarget("-", new InputLines(empty as unknown as NodeJS.ReadStream))).rejects.toThrow(/No target/);
});

test("sizes and bitrates", () => {
  expect(parseSize("1280x720")).toEqual({ widthPx: 1280, heightPx: 720 });
  expect(parseSize("641X361")).toEqual({ widthPx: 640, heightPx: 360 });
  for (const bad of ["1280", "0x0", "1280x", "99999x10", "-1x-1"]) expect(() => parseSize(bad)).toThrow(/WIDTHxHEIGHT/);
  expect([parseBitrate("1500k"), parseBitrate("1.5M"), parseBitrate("64000")]).toEqual([1_500_000, 1_500_000, 64_000]);
  for (const bad of ["", "fast", "1", "900M", "15K"]) expect(() => parseBitrate(bad)).toThrow(/1500k/);
});

test("TrackMeter: rates of the last second, freezes as webrtc-stats counts them", () => {
  const meter = new TrackMeter({ from: "t", track: "video", nowMs: 0 });
  const size = { widthPx: 64, heightPx: 48 };
  for (let i = 1; i <= 40; i++) {
    meter.countFrame(size, i * 25);
    meter.countBytes(1_000);
  }
  expect(meter.line(1_000)).toMatchObject({ fps: 40, kbps: 320, frames: 40, freezes: 0, width: 64, height: 48 });
  meter.countFrame(size, 1_150);
  meter.countFrame(size, 1_400);
  meter.countDropped();
  expect(meter.line(2_000, { dropped: 2 })).toMatchObject({ fps: 2, kbps: 0, frames: 42, freezes: 1, dropped: 3 });
});

test("Totals: every track once, with its newest counters; frames are pictures", () => {
  const totals = new Totals(0);
  const line: TrackLine = {
    t: 1,
    from: "a",
    track: "x",
    fps: 30,
    kbps: 100,
    width: 4,
    height: 2,
    frames: 30,
    dropped: 1,
    freezes: 0,
    latencyMs: { p50: 40.4, p95: 60 },
  };
  totals.push(line);
  totals.push({ ...line, frames: 60, freezes: 2 });
  totals.push({ ...line, from: "b" });
  totals.push({ ...line, from: "b", track: "sound", width: 0, frames: 1_000 });
  expect(totals.end(2_000)).toEqual({ end: true, t: 2_000, seconds: 2, tracks: 3, frames: 90, dropped: 2, freezes: 2 });
  expect(describeTrack(line)).toBe("a x: 4x2, 30.00 fps, 100 kbit/s, 40 ms behind, 1 dropped");
});
