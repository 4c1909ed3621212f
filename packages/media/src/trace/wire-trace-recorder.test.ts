import { writePacket } from "@mqtt-meet/protocol";
import { expect, test } from "vitest";
import { WireTraceRecorder } from "./wire-trace-recorder.ts";

/** A packet of a picture or of sound, whose body is `fill`. */
function packet(
  frame: number,
  timestampUs: number,
  options: { keyFrame?: boolean; body?: number; fill?: number } = {},
) {
  const header = {
    ...{ frame, timestampUs, fragment: 0, keyFrame: options.keyFrame ?? false, lastFragment: true },
    ...{ encrypted: true, discardable: false, rootKeyed: false, will: false },
  };
  return writePacket(header, new Uint8Array(options.body ?? 84).fill(options.fill ?? 0));
}

test("WireTraceRecorder writes when packets came and what is in their headers, and numbers for names", () => {
  let written = "";
  const recorder = new WireTraceRecorder({
    write: (lines) => {
      written += lines;
    },
  });
  recorder.packet(
    "mm/1/SECRETROOM/SECRETPEER/a/SECRETTRACK",
    packet(4_000_000_000, 1_000_000, { keyFrame: true }),
    1_045.2,
  );
  recorder.packet(
    "mm/1/SECRETROOM/SECRETPEER/v/cam/1/0",
    packet(7, 1_000_000, { keyFrame: true, fill: 0x53 }),
    1_060.3,
  );
  recorder.packet("mm/1/SECRETROOM/SECRETPEER/v/cam/1/1", packet(8, 1_033_000), 1_090);
  recorder.roundTrip(61.52, 1_100);
  recorder.packet(
    "mm/1/SECRETROOM/SECRETPEER/a/SECRETTRACK",
    packet(4_000_000_003, 1_060_000, { keyFrame: true }),
    1_120,
  );
  recorder.packet("mm/1/SECRETROOM/OTHER/a/x", packet(1, 1_100_000, { keyFrame: true }), 1_120);
  recorder.packet("mm/1/SECRETROOM/OTHER/a/x", new Uint8Array(5), 1_121);
  expect(
    written
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toEqual([
    { trace: 1 },
    { track: 0, participant: 0, stream: 0, kind: "audio" },
    [0, 0, 0, 45.2, 100, 0, 7],
    { track: 1, participant: 0, stream: 1, kind: "video", layer: 1, temporal: 0 },
    [15.1, 1, 0, 60.3, 100, 0, 7],
    { track: 2, participant: 0, stream: 1, kind: "video", layer: 1, temporal: 1 },
    [29.7, 2, 1, 57, 100, 0, 6],
    ["rtt", 10, 61.5],
    [20, 0, 3, 60, 100, 0, 7],
    { track: 3, participant: 1, stream: 2, kind: "audio" },
    [0, 3, 0, 20, 100, 0, 7],
  ]);
  expect(written).not.toMatch(/SECRET|OTHER|cam|SSS/);
});

test("WireTraceRecorder ends with a line that says so before it is larger than it may be", () => {
  const lines: string[] = [];
  const recorder = new WireTraceRecorder({ write: (line) => lines.push(line), maxBytes: 1_000 });
  for (let i = 0; i < 100; i++) recorder.packet("mm/1/r/p/a/m", packet(i, i * 20_000, { keyFrame: true }), i * 20);
  expect(lines.at(-1)).toBe('{"full":true}\n');
  expect(lines.join("").length).toBeLessThanOrEqual(1_000 + 14);
  expect(lines.join("").length).toBeGreaterThan(900);
  expect(lines.filter((line) => line.includes("full"))).toHaveLength(1);
});
