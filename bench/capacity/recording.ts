import { readFileSync } from "node:fs";
import { type CodecBackend, type EncodedFrame, epochNowMs } from "@mqtt-meet/media";
import { BufferPicture, type NodePicture, openNodeBackend } from "@mqtt-meet/media/node";
import { CLIP_FPS, ffmpeg, made, REAL_CLIP } from "../../test/support/clips.ts";

/** What a microphone is encoded with: 50 packets of 20 ms a second. */
const SOUND = { bitrateBps: 32_000, sampleRate: 48_000, blockMs: 20 } as const;
/** The real clip is 8.3 s long: whole groups of pictures fit in. */
const SECONDS = 8;
const GROUP_S = 2;
const PATIENCE_MS = 60_000;

/** The two sizes of a meeting's pictures, with the bits that a room gives them at 30 fps. */
export const SIZES = {
  "180p": { widthPx: 320, heightPx: 180, bitrateBps: 188_000 },
  "360p": { widthPx: 640, heightPx: 360, bitrateBps: 530_000 },
} as const;
export type SizeName = keyof typeof SIZES;

/** A speaking person, encoded once, to be sent by as many as are wanted: frames are as large as real ones, and can be decoded. */
export interface Recording {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly bitrateBps: number;
  readonly frameRate: number;
  readonly codecString: string;
  /** Their times are those of the clip. A key frame begins each two seconds. */
  readonly pictures: readonly EncodedFrame[];
  /** Opus, 20 ms each. */
  readonly sounds: readonly Uint8Array[];
}

/** Encodes the real clip as a publisher in Node would. Needs the sample clips, ffmpeg and an encoder. */
export async function recordClip(name: SizeName): Promise<Recording> {
  const size = SIZES[name];
  const backend = await openNodeBackend();
  try {
    const { codecString, pictures } = await encodePictures(backend, { name, ...size });
    return { ...size, frameRate: CLIP_FPS, codecString, pictures, sounds: await encodeSound(backend) };
  } finally {
    await backend.close();
  }
}

async function encodePictures(
  backend: CodecBackend<NodePicture>,
  { name, widthPx, heightPx, bitrateBps }: { name: SizeName } & (typeof SIZES)[SizeName],
): Promise<{ codecString: string; pictures: EncodedFrame[] }> {
  const count = SECONDS * CLIP_FPS;
  const raw = await made(`capacity-${name}-${count}.yuv`, (path) =>
    ffmpeg([
      ...["-i", REAL_CLIP, "-frames:v", String(count), "-vf", `scale=${widthPx}:${heightPx}`],
      ...["-f", "rawvideo", "-pix_fmt", "yuv420p", path],
    ]),
  );
  const bytes = readFileSync(raw);
  const pictures: EncodedFrame[] = [];
  const { output, check } = collecting(pictures);
  const encoding = { codec: "h264", widthPx, heightPx, frameRate: CLIP_FPS, bitrateBps, content: "motion" } as const;
  const encoder = await backend.openVideoEncoder(encoding, output);
  const sizeBytes = (widthPx * heightPx * 3) / 2;
  for (let number = 0; number < count; number++) {
    const timestamp = Math.round((number * 1_000_000) / CLIP_FPS);
    const data = bytes.subarray(number * sizeBytes, (number + 1) * sizeBytes);
    const keyFrame = number % (GROUP_S * CLIP_FPS) === 0;
    encoder.encode(new BufferPicture(data, { widthPx, heightPx, timestamp }), { keyFrame });
    await until(() => check() && encoder.pendingFrames === 0);
  }
  await until(() => check() && pictures.length === count);
  encoder.close();
  return { codecString: encoder.codecString, pictures };
}

async function encodeSound(backend: CodecBackend<NodePicture>): Promise<Uint8Array[]> {
  const raw = await made(`capacity-sound-${SECONDS}s.f32`, (path) =>
    ffmpeg(["-i", REAL_CLIP, "-t", String(SECONDS), "-vn", "-ac", "1", "-ar", "48000", "-f", "f32le", path]),
  );
  const bytes = readFileSync(raw);
  const samples = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const packets: EncodedFrame[] = [];
  const { output, check } = collecting(packets);
  const { bitrateBps, sampleRate, blockMs } = SOUND;
  const encoding = { codec: "opus", channels: 1, bitrateBps, frameDurationMs: blockMs } as const;
  const encoder = await backend.openAudioEncoder(encoding, output);
  const block = (sampleRate * blockMs) / 1000;
  const blocks = Math.floor(samples.length / block);
  for (let i = 0; i < blocks; i++) {
    const timestampUs = i * blockMs * 1000;
    encoder.encode({ timestampUs, sampleRate, channels: 1, samples: samples.slice(i * block, (i + 1) * block) });
  }
  await until(() => check() && packets.length >= blocks - 2); // an encoder keeps the last ones
  encoder.close();
  return packets.map(({ data }) => data);
}

function collecting(frames: EncodedFrame[]) {
  let failure: Error | undefined;
  return {
    output: {
      onOutput: (frame: EncodedFrame) => void frames.push(frame),
      onError: (error: Error) => {
        failure = error;
      },
    },
    check: () => {
      if (failure) throw failure;
      return true;
    },
  };
}

async function until(condition: () => boolean): Promise<void> {
  for (const endMs = epochNowMs() + PATIENCE_MS; !condition(); ) {
    if (epochNowMs() > endMs) throw new Error("The encoder does not deliver.");
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
