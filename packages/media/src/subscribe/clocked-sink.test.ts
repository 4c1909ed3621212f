import { expect, test } from "vitest";
import { ClockedSink } from "./clocked-sink.ts";

test("ClockedSink hands sound on at once and plays it in real time", () => {
  let nowMs = 0;
  const handed: number[] = [];
  const sink = new ClockedSink({
    channels: 2,
    nowMs: () => nowMs,
    onSamples: (samples) => handed.push(samples.length),
  });
  nowMs = 1_000;
  expect(sink.emptySamples).toBe(0);
  sink.write(new Float32Array(1_920));
  expect(handed).toEqual([1_920]);
  expect(sink.bufferedSamples).toBe(960);
  nowMs += 5;
  expect([sink.bufferedSamples, sink.playedSamples]).toEqual([720, 240]);
  sink.skip(480);
  expect([sink.bufferedSamples, sink.playedSamples]).toEqual([240, 720]);
  nowMs += 10;
  expect([sink.bufferedSamples, sink.emptySamples]).toEqual([0, 240]);
});

test("ClockedSink tells when sound plays, not when it came", () => {
  let nowMs = 1_000;
  const times: number[] = [];
  const sink = new ClockedSink({ channels: 1, nowMs: () => nowMs, onSamples: (_, playMs) => times.push(playMs) });
  for (const came of [1_000, 1_000, 1_018, 1_100]) {
    nowMs = came;
    sink.write(new Float32Array(480));
  }
  expect(times).toEqual([1_000, 1_010, 1_020, 1_100]);
});
