import { WireTraceRecorder } from "@mqtt-meet/media";
import { writePacket } from "@mqtt-meet/protocol";
import { expect, test } from "vitest";
import { readTrace } from "./read-trace.ts";

const header = { fragment: 0, lastFragment: true, encrypted: true, discardable: false, rootKeyed: false, will: false };

/** What the recorder writes of these packets. */
function recorded(
  packets: readonly {
    readonly topic: string;
    readonly atMs: number;
    readonly frame: number;
    readonly fragment?: number;
  }[],
): string {
  let text = "";
  const recorder = new WireTraceRecorder({
    write: (lines) => {
      text += lines;
    },
  });
  recorder.roundTrip(12.34, 1_000);
  for (const { topic, atMs, frame, fragment = 0 } of packets) {
    const timestampUs = frame * 20_000;
    const packet = { ...header, keyFrame: frame === 1, frame, fragment, lastFragment: fragment === 0, timestampUs };
    recorder.packet(`mm/1/room/peer/${topic}`, writePacket(packet, new Uint8Array(84)), atMs);
  }
  return text;
}

test("a trace reads as it was recorded, within a tenth of a millisecond", () => {
  const { packets, roundTrips } = readTrace(
    recorded([
      { topic: "a/microphone", atMs: 1_000.04, frame: 1 },
      { topic: "v/camera/1/0", atMs: 1_000.1, frame: 7, fragment: 1 },
      { topic: "v/camera/1/1", atMs: 1_004.3, frame: 7 },
      { topic: "a/microphone", atMs: 1_020.06, frame: 4 },
    ]),
  );
  expect(roundTrips).toEqual([{ atMs: 0, roundTripMs: 12.3 }]);
  expect(packets.map(({ frame, fragment, bytes }) => [frame, fragment, bytes])).toEqual([
    [0, 0, 100],
    [0, 1, 100],
    [0, 0, 100],
    [3, 0, 100],
  ]);
  const times = [0.04, 0.1, 4.3, 20.06];
  for (const [i, { atMs }] of packets.entries()) expect(Math.abs(atMs - (times[i] ?? 0))).toBeLessThan(0.1);
  expect(packets.map(({ track }) => track)).toMatchObject([
    { kind: "audio", stream: 0 },
    { kind: "video", stream: 1, layer: 1, temporal: 0 },
    { kind: "video", stream: 1, layer: 1, temporal: 1 },
    { kind: "audio", stream: 0 },
  ]);
  // Of one frame: the very same, or its packets are none of one frame.
  expect(packets[1]?.capturedMs).toBe(packets[2]?.capturedMs);
  expect(packets[0]?.capturedMs).toBeCloseTo(20 - 1_000, 0);
});

test.each([
  ["something else", '{"other":1}\n'],
  ["a packet of a track that is not there", '{"trace":1}\n[0,0,1,0,100,0,2]\n'],
  ["a packet without a size", '{"trace":1}\n{"track":0,"participant":0,"stream":0,"kind":"audio"}\n[0,0,1,0,0,0,2]\n'],
  ["a packet that is cut off", '{"trace":1}\n{"track":0,"participant":0,"stream":0,"kind":"audio"}\n[0,0,1'],
  ["a track of another kind", '{"trace":1}\n{"track":0,"participant":0,"stream":0,"kind":"text"}\n'],
  ["a time that is none", '{"trace":1}\n["rtt","soon",1]\n'],
])("a trace with %s is refused, with the line", (_, text) => {
  expect(() => readTrace(text)).toThrow(/[Ll]ine/);
});

test("a trace that became too large is read up to there", () => {
  expect(readTrace('{"trace":1}\n["rtt",0,5]\n{"full":true}\n').roundTrips).toHaveLength(1);
});
