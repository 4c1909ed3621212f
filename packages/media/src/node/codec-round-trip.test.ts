import { afterAll, describe, expect, test } from "vitest";
import type { EncodedFrame, PcmBlock, VideoEncoding } from "../codec.ts";
import { avBackend } from "./av/av-backend.ts";
import { loadAvLibrary } from "./av/av-library.ts";
import { BufferPicture } from "./buffer-picture.ts";
import { ffmpegBackend, findFfmpeg } from "./ffmpeg/ffmpeg-backend.ts";
import type { NodeBackend } from "./node-backend.ts";
import type { NodePicture } from "./node-picture.ts";
import { packPlanes } from "./pack-planes.ts";
import { FRAME_US, HEIGHT, picture, psnr, START_US, toFullRange, tone, WIDTH } from "./testing/test-signals.ts";

const encoding = (codec: VideoEncoding["codec"]): VideoEncoding => ({
  codec,
  widthPx: WIDTH,
  heightPx: HEIGHT,
  frameRate: 30,
  bitrateBps: 1_000_000,
  content: "motion",
});

function collector<T>() {
  const values: T[] = [];
  const errors: Error[] = [];
  let wake = () => {};
  return {
    values,
    errors,
    output: {
      onOutput: (value: T) => {
        values.push(value);
        wake();
      },
      onError: (error: Error) => {
        errors.push(error);
        wake();
      },
    },
    /** Resolves when so many values have come. */
    async until(count: number): Promise<void> {
      while (values.length < count && errors.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if (errors[0]) throw errors[0];
    },
  };
}

const av = await loadAvLibrary();

function describeBackend(
  name: string,
  openBackend: () => Promise<NodeBackend>,
  options: { exactKeyFrames: boolean },
): void {
  describe(`the codecs of ${name}`, { timeout: 60_000 }, () => {
    const opened: { close(): void }[] = [];
    const backends: NodeBackend[] = [];
    const open = async () => {
      const backend = await openBackend();
      backends.push(backend);
      return backend;
    };
    afterAll(async () => {
      for (const port of opened) port.close();
      await Promise.all(backends.map((backend) => backend.close()));
    });

    async function roundTrip(backend: NodeBackend, wanted: VideoEncoding, count: number, keyFramesAt: number[]) {
      const encoded = collector<EncodedFrame>();
      const encoder = await backend.openVideoEncoder(wanted, encoded.output);
      opened.push(encoder);
      for (let i = 0; i < count; i++) {
        encoder.encode(picture(i), { keyFrame: keyFramesAt.includes(i) });
        await encoded.until(i + 1);
      }
      const decoded = collector<NodePicture>();
      const decoder = await backend.openVideoDecoder(encoder.codecString, decoded.output);
      opened.push(decoder);
      for (const [i, frame] of encoded.values.entries()) {
        decoder.decode(frame);
        await decoded.until(i + 1);
      }
      expect(encoder.pendingFrames).toBe(0);
      expect(decoder.pendingFrames).toBeLessThanOrEqual(1);
      return { encoded: encoded.values, decoded: decoded.values };
    }

    test.each(["h264", "vp8", "vp9", "av1", "jpeg"] as const)(
      "%s: every picture comes back in order, at once, with its time",
      async (codec) => {
        const backend = await open();
        expect(await backend.encodableVideo()).toContain(codec);
        expect(await backend.decodableVideo()).toContain(codec);
        const { encoded, decoded } = await roundTrip(backend, encoding(codec), 12, [0, 6]);
        expect(encoded.map((frame) => frame.timestampUs)).toEqual(
          Array.from({ length: 12 }, (_, i) => START_US + i * FRAME_US),
        );
        expect(decoded.map((shown) => shown.timestamp)).toEqual(encoded.map((frame) => frame.timestampUs));
        expect(encoded[0]?.keyFrame).toBe(true);
        if (codec === "jpeg") expect(encoded.every((frame) => frame.keyFrame)).toBe(true);
        else if (options.exactKeyFrames) {
          expect(encoded.flatMap((frame, i) => (frame.keyFrame ? [i] : []))).toEqual([0, 6]);
        } else expect(encoded[6]?.keyFrame).toBe(true);
        for (const [i, shown] of decoded.entries()) {
          const source = packPlanes(picture(i));
          expect(shown.fullRange).toBe(codec === "jpeg");
          expect(psnr(codec === "jpeg" ? toFullRange(source) : source, packPlanes(shown))).toBeGreaterThan(30);
          shown.close();
          shown.close();
          expect(() => shown.planes()).toThrow(TypeError);
        }
      },
    );

    test.each(["h264", "vp8", "vp9", "av1"] as const)(
      "%s can be decoded from its second key frame on",
      async (codec) => {
        const backend = await open();
        const { encoded, decoded } = await roundTrip(backend, encoding(codec), 8, [0, 4]);
        for (const shown of decoded) shown.close();
        const late = collector<NodePicture>();
        const decoder = await backend.openVideoDecoder(codec, late.output);
        opened.push(decoder);
        for (const [i, frame] of encoded.slice(4).entries()) {
          decoder.decode(frame);
          await late.until(i + 1);
        }
        for (const shown of late.values) shown.close();
        expect(late.values).toHaveLength(4);
      },
    );

    test("pictures of another size are scaled to the encoder's", async () => {
      const backend = await open();
      const encoded = collector<EncodedFrame>();
      const encoder = await backend.openVideoEncoder(encoding("jpeg"), encoded.output);
      opened.push(encoder);
      encoder.encode(picture(0, { width: 640, height: 360 }), { keyFrame: true });
      await encoded.until(1);
      const decoded = collector<NodePicture>();
      const decoder = await backend.openVideoDecoder("jpeg", decoded.output);
      opened.push(decoder);
      decoder.decode(encoded.values[0] as EncodedFrame);
      await decoded.until(1);
      expect(decoded.values[0]).toMatchObject({ displayWidth: WIDTH, displayHeight: HEIGHT });
      decoded.values[0]?.close();
    });

    test("a lower bitrate makes smaller frames", async () => {
      const backend = await open();
      const noise = (index: number) => {
        const data = packPlanes(picture(index));
        for (let i = 0; i < WIDTH * HEIGHT; i++) data[i] = 60 + ((i * 7919 + index * 104_729) % 97);
        return new BufferPicture(data, { timestamp: START_US + index * FRAME_US, widthPx: WIDTH, heightPx: HEIGHT });
      };
      for (const codec of ["h264", "vp8", "jpeg"] as const) {
        const encoded = collector<EncodedFrame>();
        const encoder = await backend.openVideoEncoder({ ...encoding(codec), bitrateBps: 2_000_000 }, encoded.output);
        opened.push(encoder);
        const bytes = (from: number) => encoded.values.slice(from).reduce((sum, frame) => sum + frame.data.length, 0);
        for (let i = 0; i < 60; i++) {
          if (i === 30) encoder.setBitrate(300_000);
          encoder.encode(noise(i), { keyFrame: i === 0 });
          await encoded.until(i + 1);
        }
        expect(bytes(45) / 15).toBeLessThan((bytes(0) - bytes(30)) / 30 / 1.8);
      }
    });

    test("a JPEG of higher quality is larger", async () => {
      const backend = await open();
      const sizes: number[] = [];
      for (const quality of [30, 60, 90]) {
        const encoded = collector<EncodedFrame>();
        const size = { widthPx: WIDTH, heightPx: HEIGHT, frameRate: 30, quality };
        const encoder = await backend.openJpegEncoder(size, encoded.output);
        opened.push(encoder);
        encoder.encode(picture(0), { keyFrame: true });
        await encoded.until(1);
        const data = encoded.values[0]?.data ?? new Uint8Array();
        expect([...data.subarray(0, 2), ...data.subarray(-2)]).toEqual([0xff, 0xd8, 0xff, 0xd9]);
        sizes.push(data.length);
      }
      expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
    });

    test("a JPEG cut in half and bytes that are no picture are decoder errors", async () => {
      const backend = await open();
      const { encoded, decoded } = await roundTrip(backend, encoding("jpeg"), 1, []);
      for (const shown of decoded) shown.close();
      const whole = encoded[0]?.data ?? new Uint8Array();
      for (const data of [whole.subarray(0, whole.length >> 1), new TextEncoder().encode("not a picture at all")]) {
        const late = collector<NodePicture>();
        const decoder = await backend.openVideoDecoder("jpeg", late.output);
        opened.push(decoder);
        decoder.decode({ keyFrame: true, discardable: false, timestampUs: 1, data });
        await expect(late.until(1)).rejects.toMatchObject({ code: "decoder-failed" });
      }
    });

    test("closing with pictures inside delivers nothing more, and twice is once", async () => {
      const backend = await open();
      const encoded = collector<EncodedFrame>();
      const encoder = await backend.openVideoEncoder(encoding("h264"), encoded.output);
      for (let i = 0; i < 4; i++) encoder.encode(picture(i), { keyFrame: false });
      encoder.close();
      encoder.close();
      encoder.encode(picture(5), { keyFrame: true });
      await backend.close();
      expect(encoded.values).toHaveLength(0);
      expect(encoded.errors).toHaveLength(0);
    });

    test("a codec nobody knows is refused", async () => {
      const backend = await open();
      const { output } = collector<NodePicture>();
      await expect(backend.openVideoDecoder("hev1.1.6.L93.B0", output)).rejects.toMatchObject({
        code: "codec-unsupported",
      });
    });

    test.each([10, 20, 40])("Opus carries a tone, in frames of %d ms with their times", async (frameDurationMs) => {
      const backend = await open();
      const encoded = collector<EncodedFrame>();
      const decoded = collector<PcmBlock>();
      const wanted = { codec: "opus", channels: 1, bitrateBps: 32_000, frameDurationMs } as const;
      const encoder = await backend.openAudioEncoder(wanted, encoded.output);
      const decoder = await backend.openAudioDecoder("opus", decoded.output);
      opened.push(encoder, decoder);
      for (let i = 0; i < 50; i++) encoder.encode(tone(i));
      const frames = 1_000 / frameDurationMs;
      await encoded.until(0.9 * frames);
      for (const frame of encoded.values) decoder.decode(frame);
      await decoded.until(0.8 * frames);
      for (const { values } of [encoded, decoded]) {
        const times = values.slice(0, 15).map(({ timestampUs }) => timestampUs);
        expect(times).toEqual(times.map((_, k) => START_US + k * frameDurationMs * 1000));
      }
      expect(encoded.values[0]?.data.length).toBeLessThan(400);
      expect(decoded.values[0]?.sampleRate).toBe(48_000);
      const late = decoded.values[15];
      const power = (late?.samples ?? new Float32Array()).reduce((sum, value) => sum + value * value, 0);
      expect(Math.sqrt(power / (late?.samples.length ?? 1))).toBeCloseTo(0.5 / Math.SQRT2, 1);
    });
  });
}

describeBackend(
  "node-av",
  async () => {
    if (!av) throw new Error("node-av is not installed");
    return avBackend(av);
  },
  { exactKeyFrames: true },
);

const program = await findFfmpeg();
if (program || process.env["MQTT_MEET_REQUIRE_ALL"] === "1") {
  describeBackend(
    "the program ffmpeg",
    async () => {
      if (!program) throw new Error("The program ffmpeg is not installed.");
      return ffmpegBackend(program);
    },
    { exactKeyFrames: true },
  );
} else test.skip("the codecs of the program ffmpeg: it is not installed", () => {});
