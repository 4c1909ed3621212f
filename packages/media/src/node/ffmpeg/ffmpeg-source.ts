import { execFile } from "node:child_process";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { MediaError } from "../../media-error.ts";
import { BufferPicture } from "../buffer-picture.ts";
import type { CaptureRequest, InputRequest } from "../capture-request.ts";
import { joinSources } from "../join-sources.ts";
import type { MediaClock } from "../media-clock.ts";
import type { MediaSource, SourceOptions } from "../media-source.ts";
import { PcmFramer } from "../pcm-framer.ts";
import { AudioOutlet, VideoOutlet } from "../source-outlet.ts";
import { fileTiming, liveTiming, type SourceTiming } from "../source-timing.ts";
import { type Y4mHeader, Y4mReader } from "../y4m.ts";
import { FfmpegChild } from "./ffmpeg-child.ts";
import { sourceArguments } from "./source-arguments.ts";
import { sourceError } from "./source-error.ts";

const SAMPLE_RATE = 48_000;
const BLOCK_SAMPLES = 960;
const AUDIO_DESCRIPTOR = 3;

/** Opens a device, file or stream with the program ffmpeg. */
export async function openFfmpegCapture(
  request: CaptureRequest,
  options: SourceOptions & { readonly clock: MediaClock },
): Promise<MediaSource> {
  let first: unknown;
  for (const input of request.inputs) {
    try {
      const source = await openInput(request, input, options);
      const microphone = await openMicrophone(request, options);
      return microphone ? joinSources(source, microphone) : source;
    } catch (error) {
      first ??= error;
      if (!(error instanceof MediaError) || error.code !== "source-unreadable") break;
    }
  }
  throw first;
}

async function openInput(
  request: CaptureRequest,
  input: InputRequest,
  options: SourceOptions & { readonly clock: MediaClock },
): Promise<MediaSource> {
  const audio = options.audio === true && !request.microphone && (await hasAudio(input));
  const source = new FfmpegSource(request, { input, options, video: true, audio });
  await source.opened();
  return source;
}

/** Undefined where there is none: a camera without sound is a camera. */
async function openMicrophone(
  request: CaptureRequest,
  options: SourceOptions & { readonly clock: MediaClock },
): Promise<MediaSource | undefined> {
  if (!request.microphone || options.audio !== true) return undefined;
  if (!(await hasAudio(request.microphone))) return undefined;
  return new FfmpegSource(request, { input: request.microphone, options, video: false, audio: true });
}

/** Asks ffprobe; without it there is no sound. */
async function hasAudio(input: InputRequest): Promise<boolean> {
  const format = input.format === undefined ? [] : ["-f", input.format];
  const options = Object.entries(input.options ?? {}).flatMap(([name, value]) => [`-${name}`, value]);
  const show = ["-select_streams", "a", "-show_entries", "stream=index", "-of", "csv=p=0"];
  try {
    const args = ["-v", "quiet", ...format, ...options, ...show, "-i", input.url];
    const { stdout } = await promisify(execFile)("ffprobe", args, { timeout: 10_000 });
    return stdout.trim() !== "";
  } catch {
    return false;
  }
}

interface FfmpegSourceOptions {
  readonly input: InputRequest;
  readonly options: SourceOptions & { readonly clock: MediaClock };
  readonly video: boolean;
  readonly audio: boolean;
}

class FfmpegSource implements MediaSource {
  readonly kind: MediaSource["kind"];
  readonly label: string;
  readonly ended: Promise<void>;
  readonly audio: AudioOutlet | undefined;
  video: VideoOutlet | undefined;
  readonly #request: CaptureRequest;
  readonly #options: FfmpegSourceOptions;
  readonly #child: FfmpegChild;
  readonly #reader = new Y4mReader();
  readonly #lifetime = new AbortController();
  readonly #timing: SourceTiming;
  readonly #early: Buffer[] = [];
  #running = false;
  #settle: { resolve(): void; reject(error: unknown): void } = { resolve() {}, reject() {} };

  constructor(request: CaptureRequest, options: FfmpegSourceOptions) {
    const { clock } = options.options;
    const { signal } = this.#lifetime;
    this.kind = request.kind;
    this.label = request.label;
    this.#request = request;
    this.#options = options;
    this.#timing = request.live ? liveTiming(clock) : fileTiming(clock, signal);
    const onFirstHandler = () => this.#begin();
    this.audio = options.audio ? new AudioOutlet({ channels: 2, onFirstHandler }) : undefined;
    this.ended = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.ended.catch(() => {});
    const args = sourceArguments(options.input, { ...options.options, video: options.video, audio: options.audio });
    this.#child = new FfmpegChild(args, { pipes: 1 });
    options.options.signal?.addEventListener("abort", () => void this.close(), { once: true, signal });
  }

  /** Waits for the header of the pictures; rejects with what ffmpeg says when there is none. */
  async opened(): Promise<void> {
    const { stdout } = this.#child;
    for await (const chunk of stdout.iterator({ destroyOnReturn: false })) {
      this.#early.push(...this.#reader.push(chunk as Buffer));
      if (this.#reader.header) break;
    }
    const { header } = this.#reader;
    if (!header) {
      await this.#child.exited;
      throw sourceError(this.#options.input, this.#child.said);
    }
    this.video = new VideoOutlet({ ...header, onFirstHandler: () => this.#begin() });
  }

  async close(): Promise<void> {
    this.#lifetime.abort();
    this.#child.kill();
    await this.#child.exited;
    this.#settle.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #begin(): void {
    if (this.#running || this.#lifetime.signal.aborted) return;
    this.#running = true;
    void this.#run();
  }

  async #run(): Promise<void> {
    try {
      const { header } = this.#reader;
      const audio = this.audio ? this.#playAudio(this.audio, this.#child.pipe(AUDIO_DESCRIPTOR)) : undefined;
      const video = this.video && header ? this.#playVideo(this.video, header) : undefined;
      await Promise.all([audio, video]);
      const status = await this.#child.exited;
      const lost = status !== 0 && !this.#lifetime.signal.aborted;
      if (lost && this.#request.live) throw new Error(this.#child.said);
      this.#settle.resolve();
    } catch (cause) {
      if (this.#lifetime.signal.aborted) return;
      const sentence = `${this.#options.input.subject} was lost.`;
      this.#settle.reject(new MediaError("source-unreadable", sentence, { cause }));
    }
  }

  async #playVideo(outlet: VideoOutlet, header: Y4mHeader): Promise<void> {
    const count = { frames: 0 };
    for (const planes of this.#early.splice(0)) await this.#show(outlet, { planes, header, index: count.frames++ });
    for await (const chunk of this.#child.stdout) {
      for (const planes of this.#reader.push(chunk as Buffer)) {
        await this.#show(outlet, { planes, header, index: count.frames++ });
      }
      if (this.#lifetime.signal.aborted) return;
    }
  }

  async #show(
    outlet: VideoOutlet,
    { planes, header, index }: { readonly planes: Buffer; readonly header: Y4mHeader; readonly index: number },
  ): Promise<void> {
    const mediaUs = (index * 1_000_000) / header.frameRate;
    const outcome = await this.#timing.wait(mediaUs).catch(() => "late" as const);
    if (outcome === "late" || this.#lifetime.signal.aborted) {
      outlet.countDropped();
      return;
    }
    const timestamp = this.#timing.stampUs(mediaUs);
    outlet.push(new BufferPicture(Uint8Array.from(planes), { timestamp, ...header }));
  }

  async #playAudio(outlet: AudioOutlet, pipe: Readable): Promise<void> {
    const framer = new PcmFramer({ channels: 2, frameSamples: BLOCK_SAMPLES, sampleRate: SAMPLE_RATE });
    let rest: Buffer = Buffer.alloc(0);
    let samplesDone = 0;
    for await (const chunk of pipe) {
      const data = Buffer.concat([rest, chunk as Buffer]);
      const whole = data.length - (data.length % 8);
      rest = data.subarray(whole);
      const samples = new Float32Array(whole / 4);
      Buffer.from(samples.buffer).set(data.subarray(0, whole));
      const blocks: Parameters<AudioOutlet["push"]>[0][] = [];
      const timestampUs = (samplesDone * 1_000_000) / SAMPLE_RATE;
      samplesDone += samples.length / 2;
      framer.push({ timestampUs, sampleRate: SAMPLE_RATE, channels: 2, samples }, (block) => blocks.push(block));
      for (const block of blocks) {
        await this.#timing.wait(block.timestampUs).catch(() => undefined);
        if (this.#lifetime.signal.aborted) return;
        outlet.push({ ...block, timestampUs: this.#timing.stampUs(block.timestampUs) });
      }
    }
  }
}
