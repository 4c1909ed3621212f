import { expect, test, vi } from "vitest";
import type { EncodedFrame, PcmBlock, VideoEncoding } from "../codec.ts";
import { MediaError } from "../media-error.ts";
import { lumaAt, testPicture } from "../testing/test-picture.ts";
import type { BrowserPicture } from "./browser-picture.ts";
import { encodesH264 } from "./encodes-h264.ts";
import { createWebCodecsBackend } from "./web-codecs-backend.ts";

const ENCODING = { widthPx: 320, heightPx: 180, frameRate: 30, bitrateBps: 600_000, content: "motion" } as const;
const START_US = 1_790_000_000_000_000;

/** Resolves when `count` values came, rejects on an error. */
function collect<T>(count: number) {
  const values: T[] = [];
  let finish: (values: T[]) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const all = new Promise<T[]>((resolve, reject) => {
    finish = resolve;
    fail = reject;
  });
  const onOutput = (value: T) => {
    values.push(value);
    if (values.length === count) finish(values);
  };
  return { all, output: { onOutput, onError: (error: Error) => fail(error) } };
}

async function encodeAll(encoding: VideoEncoding, count: number): Promise<{ codec: string; frames: EncodedFrame[] }> {
  const encoded = collect<EncodedFrame>(count);
  const encoder = await createWebCodecsBackend().openVideoEncoder(encoding, encoded.output);
  for (let i = 0; i < count; i++) {
    encoder.encode(testPicture({ ...encoding, number: i, timestampUs: START_US + i * 33_333 }), { keyFrame: i === 0 });
    // One at a time, as live pictures come.
    while (encoder.pendingFrames > 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const frames = await encoded.all;
  const codec = encoder.codecString;
  encoder.close();
  return { codec, frames };
}

test.each(["vp8", "h264", "vp9", "av1", "jpeg"] as const)(
  "%s pictures survive encoding and decoding",
  async (codec) => {
    const count = 8;
    const { codec: codecString, frames } = await encodeAll({ ...ENCODING, codec }, count);
    expect(frames.map((frame) => frame.timestampUs)).toEqual(
      Array.from({ length: count }, (_, i) => START_US + i * 33_333),
    );
    expect(frames.map((frame) => frame.keyFrame)).toEqual(frames.map((_, i) => codec === "jpeg" || i === 0));

    const decoded = collect<BrowserPicture>(count);
    const decoder = await createWebCodecsBackend().openVideoDecoder(codecString, decoded.output);
    for (const frame of frames) decoder.decode(frame);
    const pictures = await decoded.all;
    for (const [i, picture] of pictures.entries()) {
      expect(picture.timestamp).toBe(START_US + i * 33_333);
      expect([picture.displayWidth, picture.displayHeight]).toEqual([320, 180]);
      for (let bit = 0; bit < 4; bit++) {
        const bright = lumaAt(picture, { x: bit * 40 + 20, y: 20 }) > 128;
        expect(bright, `bit ${bit} of picture ${i}`).toBe(((i >> bit) & 1) === 1);
      }
      picture.close();
    }
    decoder.close();
  },
);

/** Which frame of a group is on which temporal layer, and which frames are then enough for one of each. */
const IN_TIME = {
  h264: { layers: "021202120", received: [0, 1, 4, 6, 7, 8] },
  vp8: { layers: "010101010", received: [0, 2, 3, 4, 6, 8] },
};

test.each(["h264", "vp8"] as const)(
  "%s is encoded in layers in time, of which the lower ones are enough (P5, T4)",
  async (codec) => {
    const { layers, received: few } = IN_TIME[codec];
    const { codec: codecString, frames } = await encodeAll({ ...ENCODING, codec, temporalLayers: 3 }, 9);
    expect(frames.map(({ discardable }) => discardable)).toEqual([...layers].map((layer) => layer !== "0"));
    expect(frames.map(({ between }) => between)).toEqual([...layers].map((layer) => codec === "h264" && layer === "1"));
    // The upper ones that come are decoded, too, whichever of them are missing.
    const received = frames.filter((_, i) => few.includes(i));
    const decoded = collect<BrowserPicture>(received.length);
    const decoder = await createWebCodecsBackend().openVideoDecoder(codecString, decoded.output);
    for (const frame of received) decoder.decode(frame);
    for (const picture of await decoded.all) {
      const number = Math.round((picture.timestamp - START_US) / 33_333);
      for (let bit = 0; bit < 4; bit++) {
        const bright = lumaAt(picture, { x: bit * 40 + 20, y: 20 }) > 128;
        expect(bright, `bit ${bit} of picture ${number}`).toBe(((number >> bit) & 1) === 1);
      }
      picture.close();
    }
    decoder.close();
  },
);

test.each(["vp9", "av1"] as const)("%s, which pays for layers in time, has one", async (codec) => {
  const { frames } = await encodeAll({ ...ENCODING, codec, temporalLayers: 3 }, 4);
  expect(frames.every(({ discardable }) => !discardable)).toBe(true);
});

test("pictures of another size are scaled to the encoding's", async () => {
  for (const codec of ["vp8", "h264", "jpeg"] as const) {
    const encoded = collect<EncodedFrame>(1);
    const encoder = await createWebCodecsBackend().openVideoEncoder({ ...ENCODING, codec }, encoded.output);
    encoder.encode(testPicture({ widthPx: 640, heightPx: 360, number: 0b101, timestampUs: START_US }), {
      keyFrame: true,
    });
    const frames = await encoded.all;
    const decoded = collect<BrowserPicture>(1);
    const decoder = await createWebCodecsBackend().openVideoDecoder(encoder.codecString, decoded.output);
    for (const frame of frames) decoder.decode(frame);
    const [picture] = await decoded.all;
    expect([picture?.displayWidth, picture?.displayHeight], codec).toEqual([320, 180]);
    if (!picture) throw new Error("no picture");
    // Blocks of 40 pixels are 20 now.
    expect([0, 1, 2].map((bit) => lumaAt(picture, { x: bit * 20 + 10, y: 10 }) > 128)).toEqual([true, false, true]);
    picture.close();
    encoder.close();
    decoder.close();
  }
});

test("a change of bitrate needs no key frame", async () => {
  const encoded = collect<EncodedFrame>(20);
  const encoder = await createWebCodecsBackend().openVideoEncoder({ ...ENCODING, codec: "vp8" }, encoded.output);
  for (let i = 0; i < 20; i++) {
    if (i === 10) encoder.setBitrate(100_000);
    encoder.encode(testPicture({ ...ENCODING, number: i, timestampUs: START_US + i * 33_333 }), { keyFrame: i === 0 });
    while (encoder.pendingFrames > 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const frames = await encoded.all;
  expect(frames.filter((frame) => frame.keyFrame).length).toBe(1);
  encoder.close();
});

test("an encoder that is asked for what it refuses fails by itself, and throws nothing", async () => {
  const errors: Error[] = [];
  const output = { onOutput: () => undefined, onError: (error: Error) => errors.push(error) };
  const encoder = await createWebCodecsBackend().openVideoEncoder({ ...ENCODING, codec: "vp8" }, output);
  encoder.setBitrate(0);
  expect(errors).toMatchObject([{ code: "encoder-failed" }]);
  encoder.encode(testPicture({ ...ENCODING, number: 0, timestampUs: START_US }), { keyFrame: true });
  encoder.setBitrate(100_000);
  expect(errors).toHaveLength(1);
});

test("sound keeps its capture times over gaps, and over a change of bitrate", async () => {
  const backend = createWebCodecsBackend();
  const times = Array.from({ length: 30 }, (_, i) => START_US + i * 20_000 + (i >= 10 ? 1_500_000 : 0));
  const encoded = collect<EncodedFrame>(times.length);
  const encoding = { codec: "opus", channels: 1, bitrateBps: 32_000, frameDurationMs: 20 } as const;
  const encoder = await backend.openAudioEncoder(encoding, encoded.output);
  times.forEach((timestampUs, i) => {
    if (i === 20) encoder.setBitrate(24_000);
    const samples = Float32Array.from({ length: 960 }, (_, n) => 0.3 * Math.sin((2 * Math.PI * 440 * n) / 48_000));
    encoder.encode({ timestampUs, sampleRate: 48_000, channels: 1, samples });
  });
  // The last one before the change of bitrate may come after the first one with the new bitrate.
  const frames = (await encoded.all).sort((a, b) => a.timestampUs - b.timestampUs);
  expect(frames.map(({ timestampUs }) => timestampUs)).toEqual(times);

  const arrived = frames.filter((_, i) => i < 4 || i > 7); // four are lost on the way
  const decoded = collect<PcmBlock>(arrived.length);
  const decoder = await backend.openAudioDecoder("opus", decoded.output);
  for (const frame of arrived) decoder.decode(frame);
  const blocks = await decoded.all;
  expect(blocks.map(({ timestampUs }) => timestampUs)).toEqual(arrived.map(({ timestampUs }) => timestampUs));
  encoder.close();
  decoder.close();
});

test.each([
  [32_000, 2.5],
  [16_000, 6.5],
])("sound of %d bit/s comes out of the codecs %d ms later than it went in", async (bitrateBps, delayMs) => {
  const backend = createWebCodecsBackend();
  const sound = Float32Array.from({ length: 48_000 }, (_, n) => (n < 24_000 ? 0 : 0.5 * Math.sin(n / 8)));
  const encoded = collect<EncodedFrame>(50);
  const encoding = { codec: "opus", channels: 1, bitrateBps, frameDurationMs: 20 } as const;
  const encoder = await backend.openAudioEncoder(encoding, encoded.output);
  for (let i = 0; i < 50; i++) {
    const samples = sound.slice(i * 960, (i + 1) * 960);
    encoder.encode({ timestampUs: START_US + i * 20_000, sampleRate: 48_000, channels: 1, samples });
  }
  const decoded = collect<PcmBlock>(50);
  const decoder = await backend.openAudioDecoder("opus", decoded.output);
  for (const frame of await encoded.all) decoder.decode(frame);
  const heard = (await decoded.all).flatMap(({ samples }) => [...samples]);
  const delay = heard.findIndex((sample) => Math.abs(sample) > 0.25) - sound.findIndex((sample) => sample > 0.25);
  expect(Math.abs(delay / 48 - delayMs)).toBeLessThan(1.5);
  encoder.close();
  decoder.close();
});

test("codecs from the network that are none are refused", async () => {
  const backend = createWebCodecsBackend();
  const output = { onOutput: () => undefined, onError: () => undefined };
  for (const codec of ["", "nonsense", "hev1.1.6.L93.B0", "avc1.zzzzzz"]) {
    const opening = backend.openVideoDecoder(codec, output);
    await expect(opening, codec).rejects.toThrow(MediaError);
  }
  await expect(backend.openAudioDecoder("mp4a.40.2", output)).rejects.toMatchObject({ code: "codec-unsupported" });
});

test.each(["vp8", "h264", "jpeg"] as const)("broken %s data ends the decoder with an error", async (codec) => {
  const { codec: codecString, frames } = await encodeAll({ ...ENCODING, codec }, 1);
  const error = new Promise<Error>((resolve, reject) => {
    const onOutput = () => reject(new Error("It was decoded."));
    createWebCodecsBackend()
      .openVideoDecoder(codecString, { onOutput, onError: resolve })
      .then((decoder) => {
        const data = new Uint8Array(frames[0]?.data.length ?? 0).fill(0x55);
        decoder.decode({ keyFrame: true, discardable: false, timestampUs: START_US, data });
      }, reject);
  });
  await expect(error).resolves.toMatchObject({ code: "decoder-failed" });
});

test("a browser says what it encodes in real time, the cheapest first, JPEG last", async () => {
  const backend = createWebCodecsBackend();
  const encodable = await backend.encodableVideo();
  expect(encodable.slice(0, 2)).toEqual(["h264", "vp8"]);
  expect(encodable.at(-1)).toBe("jpeg");
  expect(await backend.decodableVideo()).toEqual(["h264", "vp8", "vp9", "av1", "jpeg"]);
});

test("an encoder of H.264 that delivers is believed, and one that keeps everything is not, where that is known to happen", async () => {
  const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
  expect(await encodesH264(firefox)).toBe(true);
  class KeepsAll extends VideoEncoder {
    override encode(): void {}
  }
  vi.stubGlobal("VideoEncoder", KeepsAll);
  try {
    expect(await encodesH264(firefox)).toBe(false);
    expect(await encodesH264(navigator.userAgent)).toBe(true);
  } finally {
    vi.unstubAllGlobals();
  }
});
