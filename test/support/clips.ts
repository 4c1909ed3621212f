import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { projectRoot } from "./project-root.ts";
import { paintStamp } from "./stamp.ts";

/** The real clip of Debian's package forensics-samples-files: 1280x720, 30 fps, 8.3 s, somebody speaking. Missing where the package is. */
export const REAL_CLIP = "/usr/share/forensics-samples/original-files/movie2/movie-hello.mp4";

/** Speech without a picture, from the same package. */
export const REAL_SPEECH = "/usr/share/forensics-samples/original-files/audio1/debian.wav";

/** The frame rate of every clip here. */
export const CLIP_FPS = 30;

const folder = join(projectRoot, "node_modules", ".cache", "mqtt-meet", "clips");

/** A stamped clip to be made from the real one: frame n carries the number n, a flash and a beep once a second. */
export interface ClipOptions {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly seconds: number;
  readonly beepHz: number;
  /** Speech of another person than the clip's own. */
  readonly speech?: string;
}

/** How long the flash and the beep of a stamped clip last, at the start of every second. */
export const SIGNAL_S = 0.1;

/** Chromium's fake camera and microphone: a motion JPEG and a WAV file. */
export async function fakeDevices(options: ClipOptions): Promise<{ camera: string; microphone: string }> {
  const camera = await made(`${nameOfPictures(options)}.mjpeg`, (path) =>
    stampPictures(options, ["-c:v", "mjpeg", "-q:v", "3", "-huffman", "optimal", "-f", "mjpeg", path]),
  );
  const microphone = await made(`${nameOf(options)}.wav`, (path) => makeSound(options, path));
  return { camera, microphone };
}

/** The same as one file with picture and sound, close to lossless: a publisher's source and a reference for its quality. */
export async function stampedFile(options: ClipOptions): Promise<string> {
  return await made(`${nameOf(options)}.mp4`, async (path) => {
    const sound = await made(`${nameOf(options)}.wav`, (wav) => makeSound(options, wav));
    const h264 = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "10", "-g", "60", "-pix_fmt", "yuv420p"];
    await stampPictures(options, ["-i", sound, ...h264, "-c:a", "aac", "-b:a", "128k", "-shortest", "-f", "mp4", path]);
  });
}

/** Makes a file once: under another name until it is complete, so that an aborted run leaves no half of it. */
export async function made(name: string, make: (path: string) => Promise<void>): Promise<string> {
  const path = join(folder, name);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const unfinished = join(folder, `unfinished-${process.pid}-${name}`);
  await make(unfinished);
  renameSync(unfinished, path);
  return path;
}

function nameOf(options: ClipOptions): string {
  return `${nameOfPictures(options)}-${options.beepHz}hz${options.speech ? "-other" : ""}`;
}

/** All sounds have the same pictures. */
function nameOfPictures({ widthPx, heightPx, seconds }: ClipOptions): string {
  return `stamped-2-${widthPx}x${heightPx}-${seconds}s`;
}

/** Decodes the real clip over and over, paints a stamp into every frame and encodes it. */
async function stampPictures({ widthPx, heightPx, seconds }: ClipOptions, output: readonly string[]): Promise<void> {
  const raw = ["-f", "rawvideo", "-pix_fmt", "yuv420p"];
  const scale = [
    "-an",
    "-vf",
    `scale=${widthPx}:${heightPx}`,
    "-r",
    String(CLIP_FPS),
    "-frames:v",
    String(seconds * CLIP_FPS),
  ];
  const decoder = spawn("ffmpeg", ["-v", "error", "-stream_loop", "-1", "-i", REAL_CLIP, ...scale, ...raw, "pipe:1"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const input = [...raw, "-s", `${widthPx}x${heightPx}`, "-r", String(CLIP_FPS), "-i", "pipe:0"];
  const encoder = spawn("ffmpeg", ["-v", "error", "-y", ...input, ...output], { stdio: ["pipe", "ignore", "inherit"] });
  const done = once(encoder, "close");
  let number = 0;
  for await (const data of pictures(decoder.stdout, (widthPx * heightPx * 3) / 2)) {
    paintStamp({ data, widthPx, heightPx }, { number, flash: number % CLIP_FPS < SIGNAL_S * CLIP_FPS });
    number++;
    if (!encoder.stdin.write(data)) await once(encoder.stdin, "drain");
  }
  encoder.stdin.end();
  await finished(encoder.stdin);
  const [code] = await done;
  if (code !== 0 || number !== seconds * CLIP_FPS)
    throw new Error(`ffmpeg made ${number} frames and ended with ${code}.`);
}

async function* pictures(stream: AsyncIterable<Buffer>, sizeBytes: number): AsyncGenerator<Uint8Array> {
  let picture = new Uint8Array(sizeBytes);
  let filled = 0;
  for await (const chunk of stream) {
    for (let from = 0; from < chunk.length; ) {
      const part = chunk.subarray(from, from + sizeBytes - filled);
      picture.set(part, filled);
      filled += part.length;
      from += part.length;
      if (filled < sizeBytes) continue;
      yield picture;
      picture = new Uint8Array(sizeBytes);
      filled = 0;
    }
  }
}

/** Speech without the upper tones, so that the beep stands alone in its band. */
async function makeSound({ seconds, beepHz, speech }: ClipOptions, path: string): Promise<void> {
  const beep = `aevalsrc='0.4*sin(2*PI*${beepHz}*t)*lt(mod(t,1),${SIGNAL_S})':s=48000:c=mono:d=${seconds}`;
  const filter =
    "[0:a]aresample=48000,pan=mono|c0=c0,lowpass=f=2000,lowpass=f=2000,volume=0.7[s];[s][1:a]amix=inputs=2:duration=shortest:normalize=0[a]";
  const inputs = ["-stream_loop", "-1", "-i", speech ?? REAL_CLIP, "-f", "lavfi", "-i", beep];
  await ffmpeg([
    ...inputs,
    "-filter_complex",
    filter,
    "-map",
    "[a]",
    "-t",
    String(seconds),
    "-c:a",
    "pcm_s16le",
    "-f",
    "wav",
    path,
  ]);
}

/** Runs ffmpeg to its end. */
export async function ffmpeg(args: readonly string[]): Promise<void> {
  const [code] = await once(
    spawn("ffmpeg", ["-v", "error", "-y", ...args], { stdio: ["ignore", "ignore", "inherit"] }),
    "close",
  );
  if (code !== 0) throw new Error(`ffmpeg ended with ${code}.`);
}
