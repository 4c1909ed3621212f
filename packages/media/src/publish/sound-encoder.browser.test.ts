import { expect, test } from "vitest";
import type { EncodedFrame, PcmBlock } from "../codec.ts";
import { opusDurationUs } from "../opus-duration.ts";
import { createWebCodecsBackend } from "../webcodecs/web-codecs-backend.ts";
import { SoundEncoder } from "./sound-encoder.ts";

const START_US = 1_790_000_000_000_000;
const BLOCKS = 200;
const PEAK = 0.5;

async function until(condition: () => boolean): Promise<void> {
  const endMs = performance.now() + 10_000;
  while (!condition() && performance.now() < endMs) await new Promise((resolve) => setTimeout(resolve, 2));
}

test("a tone goes on without a hole or a click while the frames it is sent in get shorter and longer", async () => {
  const backend = createWebCodecsBackend();
  const sent: EncodedFrame[] = [];
  const errors: unknown[] = [];
  let frames = 0;
  const encoder = new SoundEncoder({
    backend,
    channels: 1,
    encoding: { bitrateBps: 32_000, frameDurationMs: 20 },
    onFrame: () => frames++,
    onEncoded: (frame) => sent.push(frame),
    onError: (error) => errors.push(error),
  });
  const tone = (i: number) =>
    Float32Array.from({ length: 480 }, (_, k) => PEAK * Math.sin((2 * Math.PI * 220 * (i * 480 + k)) / 48_000));
  for (let i = 0; i < BLOCKS; i++) {
    if (i === 51) encoder.change({ bitrateBps: 32_000, frameDurationMs: 10 });
    if (i === 121) encoder.change({ bitrateBps: 32_000, frameDurationMs: 20 });
    const timestampUs = START_US + i * 10_000;
    encoder.push({ timestampUs, sampleRate: 48_000, channels: 1, samples: tone(i) });
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await until(() => (sent.at(-1)?.timestampUs ?? 0) >= START_US + (BLOCKS - 4) * 10_000);
  encoder.close();
  expect(errors).toEqual([]);

  const lengthsUs = sent.map(({ data }) => opusDurationUs(data));
  expect([...new Set(lengthsUs)].sort()).toEqual([10_000, 20_000]);
  // Each begins where the one before it ends.
  for (const [i, { timestampUs }] of sent.slice(1).entries()) {
    expect(timestampUs - (sent[i]?.timestampUs ?? 0)).toBe(lengthsUs[i]);
  }
  const heard: number[] = [];
  const output = { onOutput: ({ samples }: PcmBlock) => heard.push(...samples), onError: () => undefined };
  const decoder = await backend.openAudioDecoder("opus", output);
  for (const frame of sent) decoder.decode(frame);
  const whole = (lengthsUs.reduce((sum, us) => sum + us, 0) * 48) / 1000;
  await until(() => heard.length >= whole);
  decoder.close();
  // In every 5 ms there is a whole period of the tone, as loud as it was, and no step that a tone does not have.
  const steady = heard.slice(9_600);
  for (let at = 0; at + 240 <= steady.length; at += 240) {
    const part = steady.slice(at, at + 240);
    expect(Math.max(...part.map(Math.abs)), `${at / 48} ms`).toBeGreaterThan(0.7 * PEAK);
    const steps = part.slice(1).map((sample, i) => Math.abs(sample - (part[i] ?? 0)));
    expect(Math.max(...steps), `${at / 48} ms`).toBeLessThan(2 * PEAK * ((2 * Math.PI * 220) / 48_000));
  }
});
