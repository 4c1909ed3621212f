import { expect, test } from "vitest";
import {
  EMPTY,
  PLAYED,
  RING_HEADER_BYTES,
  RING_SAMPLES,
  RingWriter,
  ringBytes,
  SKIP_TO,
  WRITTEN,
} from "./sample-ring.ts";

function ring(channels: 1 | 2 = 1) {
  const memory = new SharedArrayBuffer(ringBytes(channels));
  const header = new Int32Array(memory, 0, RING_HEADER_BYTES / 4);
  const samples = new Float32Array(memory, RING_HEADER_BYTES);
  return { header, samples, writer: new RingWriter(memory, { channels }) };
}

test("RingWriter lays samples one after the other and wraps at the end", () => {
  const { header, samples, writer } = ring(2);
  const start = RING_SAMPLES - 3;
  header[WRITTEN] = start;
  header[PLAYED] = start;
  writer.write(Float32Array.from({ length: 10 }, (_, i) => i + 1));
  expect([...samples.subarray(start * 2)]).toEqual([1, 2, 3, 4, 5, 6]);
  expect([...samples.subarray(0, 5)]).toEqual([7, 8, 9, 10, 0]);
  expect(header[WRITTEN]).toBe(start + 5);
  expect(writer.bufferedSamples).toBe(5);
});

test("RingWriter counts on when positions wrap at 2^32", () => {
  const { header, writer } = ring();
  const start = 0x7fff_ff00;
  header[WRITTEN] = start;
  header[PLAYED] = start;
  expect(writer.playedSamples).toBe(start);
  writer.write(new Float32Array(1_000));
  expect(header[WRITTEN]).toBe((start + 1_000) | 0);
  expect(writer.bufferedSamples).toBe(1_000);
  header[PLAYED] = (start + 600) | 0;
  expect(writer.bufferedSamples).toBe(400);
  expect(writer.playedSamples).toBe(start + 600);
});

test("RingWriter throws the oldest away when it is full", () => {
  const { header, writer } = ring();
  writer.write(new Float32Array(RING_SAMPLES));
  expect(writer.bufferedSamples).toBe(RING_SAMPLES);
  writer.write(new Float32Array(960));
  expect(writer.bufferedSamples).toBe(RING_SAMPLES);
  expect(header[SKIP_TO]).toBe(960);
  expect(writer.playedSamples).toBe(960);
});

test("RingWriter keeps the end of what is longer than the ring", () => {
  const { samples, writer } = ring();
  writer.write(Float32Array.from({ length: RING_SAMPLES + 2 }, (_, i) => i));
  expect(samples[0]).toBe(2);
  expect(samples[RING_SAMPLES - 1]).toBe(RING_SAMPLES + 1);
});

test("RingWriter adds skips up and never passes what is written", () => {
  const { header, writer } = ring();
  writer.write(new Float32Array(1_000));
  writer.skip(300);
  writer.skip(300);
  expect(writer.bufferedSamples).toBe(400);
  writer.skip(9_999);
  expect(writer.bufferedSamples).toBe(0);
  expect(header[SKIP_TO]).toBe(1_000);
  header[PLAYED] = 1_000;
  writer.write(new Float32Array(10));
  expect(writer.bufferedSamples).toBe(10);
});

test("RingWriter reads how much silence was played", () => {
  const { header, writer } = ring();
  header[EMPTY] = 128;
  expect(writer.emptySamples).toBe(128);
  header[EMPTY] = 256;
  expect(writer.emptySamples).toBe(256);
});
