import { constants as os } from "node:os";
import type { Packet, Stream } from "node-av/lib";
import { MediaError } from "../../media-error.ts";
import type { MediaClock } from "../media-clock.ts";
import { FrameRateGate } from "../media-pacing.ts";
import type { MediaSource, SourceOptions } from "../media-source.ts";
import { AudioOutlet, VideoOutlet } from "../source-outlet.ts";
import { fileTiming, liveTiming } from "../source-timing.ts";
import { Wakeup } from "../wakeup.ts";
import { AvAudioTrack } from "./av-audio-track.ts";
import type { AvInput } from "./av-input.ts";
import type { AvLibrary } from "./av-library.ts";
import { openStreamDecoder } from "./av-stream-decoder.ts";
import { AvVideoTrack, outletSize } from "./av-video-track.ts";
import { PacketQueue } from "./packet-queue.ts";

/** Read ahead in each track. Small: the packets of a generated picture are raw. */
const PACKETS_AHEAD = 3;
/** A file whose tracks lie far apart must not fill the memory. */
const MAX_PACKETS = 2_000;
/** A device's packets are whole pictures; the newest counts. */
const MAX_LIVE_PACKETS = 2;
/** About a second of sound. */
const MAX_LIVE_SOUND = 50;
/** A rate that is above the wanted one by less is the wanted one, unevenly clocked. */
const RATE_TOLERANCE = 1.05;

/** What {@link openAvSource} needs beside the options. */
export interface AvSourceRequest {
  readonly input: AvInput;
  readonly kind: MediaSource["kind"];
  readonly label: string;
  /** For sentences: "The file a.mp4". */
  readonly subject: string;
  /** Its frames are due when they come, and not when their timestamps say. */
  readonly live: boolean;
  readonly clock: MediaClock;
}

const { errno } = os;

interface Tracks {
  readonly video?: { readonly track: AvVideoTrack; readonly queue: PacketQueue; readonly index: number };
  readonly audio?: { readonly track: AvAudioTrack; readonly queue: PacketQueue; readonly index: number };
}

/** Plays an open input: its pictures and its sound leave at their time. Takes the input over. */
export async function openAvSource(
  av: AvLibrary,
  request: AvSourceRequest,
  options: SourceOptions,
): Promise<MediaSource> {
  const source = new AvSource(av, request, options);
  try {
    await source.openTracks();
    return source;
  } catch (error) {
    await source.close();
    throw error;
  }
}

class AvSource implements MediaSource {
  readonly kind: MediaSource["kind"];
  readonly label: string;
  readonly ended: Promise<void>;
  video: VideoOutlet | undefined;
  audio: AudioOutlet | undefined;
  readonly #av: AvLibrary;
  readonly #request: AvSourceRequest;
  readonly #options: SourceOptions;
  readonly #lifetime = new AbortController();
  readonly #wakeup = new Wakeup();
  #tracks: Tracks = {};
  #running: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #settle: { resolve(): void; reject(error: unknown): void } = { resolve() {}, reject() {} };

  constructor(av: AvLibrary, request: AvSourceRequest, options: SourceOptions) {
    this.#av = av;
    this.#request = request;
    this.#options = options;
    this.kind = request.kind;
    this.label = request.label;
    this.ended = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.ended.catch(() => {});
    const { signal } = this.#lifetime;
    options.signal?.addEventListener("abort", () => void this.close(), { once: true, signal });
  }

  async openTracks(): Promise<void> {
    const { input, live, subject, clock } = this.#request;
    const { signal } = this.#lifetime;
    const timing = live ? liveTiming(clock) : fileTiming(clock, signal);
    const onFirstHandler = () => this.#begin();
    const { startUs } = input;
    if (input.video) {
      const stream = input.video;
      const { frameRate, gate } = frameRates(stream, this.#options.frameRate);
      const outlet = new VideoOutlet({ ...outletSize(stream, this.#options), frameRate, onFirstHandler });
      const queue = new PacketQueue(this.#wakeup);
      const decoder = await openStreamDecoder(this.#av, stream, { live, subject });
      const track = new AvVideoTrack(this.#av, { decoder, queue, outlet, timing, startUs, stream, signal, gate });
      this.video = outlet;
      this.#tracks = { video: { track, queue, index: stream.index } };
    }
    if (input.audio && this.#options.audio === true) {
      const stream = input.audio;
      const channels = stream.codecpar.channelLayout.nbChannels === 1 ? 1 : 2;
      const outlet = new AudioOutlet({ channels, onFirstHandler });
      const queue = new PacketQueue(this.#wakeup);
      const decoder = await openStreamDecoder(this.#av, stream, { live, subject });
      const track = new AvAudioTrack(this.#av, { decoder, queue, outlet, timing, startUs, stream, signal });
      this.audio = outlet;
      this.#tracks = { ...this.#tracks, audio: { track, queue, index: stream.index } };
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #begin(): void {
    if (this.#running || this.#lifetime.signal.aborted) return;
    this.#running = this.#run();
  }

  async #run(): Promise<void> {
    try {
      const { video, audio } = this.#tracks;
      await Promise.all([this.#read(), video?.track.run(), audio?.track.run()]);
      if (video?.track.frames === 0 && !this.#lifetime.signal.aborted) {
        throw new MediaError("source-unreadable", `${this.#request.subject} has no picture that can be decoded.`);
      }
      this.#settle.resolve();
    } catch (cause) {
      const lost = `${this.#request.subject} was lost.`;
      this.#settle.reject(cause instanceof MediaError ? cause : new MediaError("source-unreadable", lost, { cause }));
    }
  }

  async #close(): Promise<void> {
    this.#lifetime.abort();
    this.#request.input.context.interrupt();
    const { video, audio } = this.#tracks;
    video?.queue.clear();
    audio?.queue.clear();
    await this.#running;
    video?.track.close();
    audio?.track.close();
    await this.#request.input.context.closeInput();
    this.#settle.resolve();
  }

  /** Fills the queues until the end of the file, or of the source. */
  async #read(): Promise<void> {
    const { video, audio } = this.#tracks;
    const queues = [video, audio].filter((track) => track !== undefined);
    try {
      let offsetUs = 0;
      for (;;) {
        const lengthUs = await this.#readOnce(queues, offsetUs);
        if (this.#options.loop !== true || lengthUs <= 0 || this.#lifetime.signal.aborted) return;
        offsetUs += lengthUs;
        for (const { queue } of queues) queue.push("flush");
        const { context } = this.#request.input;
        if ((await context.seekFrame(-1, BigInt(this.#request.input.startUs), 1 as never)) < 0) return;
      }
    } finally {
      for (const { queue } of queues) queue.end();
    }
  }

  /** Returns how long the file is, in microseconds. */
  async #readOnce(queues: readonly { queue: PacketQueue; index: number }[], offsetUs: number): Promise<number> {
    const { lib } = this.#av;
    const { signal } = this.#lifetime;
    let endUs = 0;
    while (!signal.aborted) {
      await this.#room(queues);
      if (signal.aborted) break;
      const packet = new lib.Packet();
      packet.alloc();
      const code = await this.#request.input.context.readFrame(packet);
      if (code < 0) {
        packet.free();
        if (code === -errno.EAGAIN) continue;
        this.#checkEnd(code);
        return endUs;
      }
      endUs = Math.max(endUs, this.#endUs(packet));
      const target = queues.find(({ index }) => index === packet.streamIndex);
      if (target) target.queue.push({ packet, offsetUs });
      else packet.free();
    }
    return endUs;
  }

  /** Waits until a queue runs low. Whole pictures of a device are not kept: the oldest is dropped. */
  async #room(queues: readonly { queue: PacketQueue }[]): Promise<void> {
    const { live } = this.#request;
    const video = this.#tracks.video?.queue;
    const audio = this.#tracks.audio?.queue;
    if (live && this.kind !== "device") {
      while (video && video.length > MAX_LIVE_PACKETS && video.dropOldest()) this.video?.countDropped();
      while (audio && audio.length > MAX_LIVE_SOUND && audio.dropOldest());
      return;
    }
    const full = () =>
      queues.every(({ queue }) => queue.length >= PACKETS_AHEAD) ||
      queues.some(({ queue }) => queue.length >= MAX_PACKETS);
    while (full() && !this.#lifetime.signal.aborted) await this.#wakeup.wait();
  }

  #checkEnd(code: number): void {
    const error = this.#av.lib.FFmpegError.fromCode(code);
    if (error?.isEOF || this.#lifetime.signal.aborted) return;
    if (!this.#request.live) return;
    throw new MediaError("source-unreadable", `${this.#request.subject} was lost.`, { cause: error });
  }

  #endUs(packet: Packet): number {
    const stream = this.#request.input.context.streams[packet.streamIndex];
    const { AV_NOPTS_VALUE } = this.#av.constants;
    if (!stream || packet.pts === AV_NOPTS_VALUE) return 0;
    const tickUs = (1_000_000 * stream.timeBase.num) / stream.timeBase.den;
    return Number(packet.pts + packet.duration) * tickUs - this.#request.input.startUs;
  }
}

/** What a stream promises, and the gate that keeps it to what is wanted. */
function frameRates(stream: Stream, wanted: number): { readonly frameRate: number; readonly gate: FrameRateGate } {
  const { num, den } = stream.avgFrameRate;
  const known = num > 0 && den > 0 ? num / den : undefined;
  const passes = known !== undefined && known <= wanted * RATE_TOLERANCE;
  return {
    frameRate: Math.min(wanted, known ?? wanted),
    gate: new FrameRateGate(passes ? Number.POSITIVE_INFINITY : wanted),
  };
}
