import { captureMicrophone, captureVideo } from "@mqtt-meet/media/browser";
import type { MutedKind, TrackSource, VideoOptions } from "@mqtt-meet/sdk";
import { type ReadonlySignal, signal } from "@preact/signals-core";
import { checkMayUnmute } from "../door/muted-kinds.ts";
import { boundSize } from "../video-size.ts";
import type { BrowserLocalTrack, BrowserTrackOptions, PublishOptions } from "./browser-room.ts";
import type { WorkerClient } from "./worker-client.ts";
import type { WorkerAbilities } from "./worker-messages.ts";

/** What encoders and links usually carry; a larger screen is scaled down. */
const MAX_HEIGHT_PX = 1080;
const USUAL = { widthPx: 1280, heightPx: 720, frameRate: 30 } as const;
/** Text wants to be sharp rather than to move. */
const SCREEN_FRAME_RATE = 15;

/** What feeds a track of ours; the device stays the application's. */
interface Capture {
  close(): void;
}

/** What a track of the window needs. */
export interface WindowTrackOptions {
  readonly peer: string;
  readonly client: WorkerClient;
  readonly abilities: WorkerAbilities;
  readonly ownMuted: () => readonly MutedKind[];
  readonly onUnpublish: (track: WindowTrack) => void;
}

/** A track of our own, as the application holds it: its frames go from here to the worker. */
export class WindowTrack implements BrowserLocalTrack {
  readonly key: string;
  readonly id: string;
  readonly kind: "audio" | "video";
  readonly source: TrackSource;
  readonly #options: WindowTrackOptions;
  readonly #muted = signal(false);
  readonly #ended = signal(false);
  /** Undefined: the device was stopped, and nothing is read until it is replaced. */
  #capture: Capture | undefined;
  #track: MediaStreamTrack;
  #watching: AbortController | undefined;
  #closed = false;
  readonly muted: ReadonlySignal<boolean> = this.#muted;
  readonly ended: ReadonlySignal<boolean> = this.#ended;

  /** Made by {@link publishWindowTrack}. */
  constructor(
    made: {
      readonly id: string;
      readonly source: TrackSource;
      readonly track: MediaStreamTrack;
      readonly capture: Capture;
    },
    options: WindowTrackOptions,
  ) {
    this.id = made.id;
    this.key = `${options.peer}/${made.id}`;
    this.kind = made.track.kind === "audio" ? "audio" : "video";
    this.source = made.source;
    this.#capture = made.capture;
    this.#track = made.track;
    this.#options = options;
    this.#watch(made.track);
  }

  setMuted(muted: boolean): void {
    if (muted && this.#track.readyState === "ended") this.#release();
    if (this.#closed || muted === this.#muted.peek()) return;
    if (!muted) checkMayUnmute(this, this.#options.ownMuted());
    this.#muted.value = muted;
    this.#options.client.post({ type: "set-muted", id: this.id, muted });
  }

  async replaceTrack(track: MediaStreamTrack, options: BrowserTrackOptions = {}): Promise<void> {
    if (track.kind !== this.kind) throw new TypeError("A camera cannot take the place of a microphone.");
    const { client, abilities } = this.#options;
    const before = this.#capture;
    const latencyUs = latencyUsOf(options);
    if (this.kind === "video") {
      const capture = captureVideo(track, { workerReadsTracks: abilities.readsTracks, latencyUs });
      this.#capture = capture;
      client.post({ type: "replace-video", id: this.id, frames: capture.source }, capture.transfer);
    } else {
      const capture = await captureMicrophone(track, { channels: channelsOf(this.source), latencyUs });
      if (this.#closed) return capture.close();
      this.#capture = capture;
      client.post({ type: "replace-audio", id: this.id, sound: capture.source }, capture.transfer);
    }
    before?.close();
    this.#track = track;
    this.#ended.value = false;
    this.#watch(track);
  }

  /** The source, or every encoder, failed. */
  end(): void {
    this.#ended.value = true;
  }

  async unpublish(): Promise<void> {
    if (this.#closed) return;
    this.close();
    this.#options.onUnpublish(this);
    await this.#options.client.call("unpublish", { id: this.id });
  }

  /** Frees the device's reader. */
  close(): void {
    this.#closed = true;
    this.#watching?.abort();
    this.#capture?.close();
    this.#ended.value = true;
  }

  /** The device closes when nobody reads it any more: the light of a camera goes out. */
  #release(): void {
    if (this.#closed || !this.#capture) return;
    this.#options.client.post({ type: "stop-reading", id: this.id });
    this.#capture.close();
    this.#capture = undefined;
  }

  #watch(track: MediaStreamTrack): void {
    this.#watching?.abort();
    this.#watching = new AbortController();
    if (track.readyState === "ended") this.end();
    track.addEventListener("ended", () => this.end(), { signal: this.#watching.signal });
  }
}

/** Begins to publish `track`, which stays the caller's. Rejects with an SdkError or a MediaError. */
export async function publishWindowTrack(
  track: MediaStreamTrack,
  video: PublishOptions,
  options: WindowTrackOptions,
): Promise<WindowTrack> {
  const { source } = video;
  const { client, abilities } = options;
  const latencyUs = latencyUsOf(video);
  if (track.kind === "audio") {
    const channels = channelsOf(source);
    const capture = await captureMicrophone(track, { channels, latencyUs });
    const posted = { source, channels, bitrateBps: video.bitrateBps, sound: capture.source };
    const { id } = await orClose(capture, client.call("publishAudio", posted, capture.transfer));
    return new WindowTrack({ id, source, track, capture }, options);
  }
  const capture = captureVideo(track, { workerReadsTracks: abilities.readsTracks, latencyUs });
  const { codec, bitrateBps, content, simulcast = source === "camera" } = video;
  const posted = { ...shapeOf(track, video), source, codec, bitrateBps, content, simulcast };
  const call = client.call("publishVideo", { ...posted, frames: capture.source }, capture.transfer);
  const { id } = await orClose(capture, call);
  return new WindowTrack({ id, source, track, capture }, options);
}

function latencyUsOf({ latencyMs = 0 }: BrowserTrackOptions): number {
  return latencyMs * 1000;
}

async function orClose<T>(capture: Capture, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    capture.close();
    throw error;
  }
}

/** Screens and files may have music. */
function channelsOf(source: TrackSource): 1 | 2 {
  return source === "microphone" ? 1 : 2;
}

function shapeOf(track: MediaStreamTrack, video: VideoOptions) {
  const { width = USUAL.widthPx, height = USUAL.heightPx, frameRate = USUAL.frameRate } = track.getSettings();
  const { content = video.source === "screen" ? "detail" : "motion" } = video;
  const usualRate = video.source === "screen" && content === "detail" ? SCREEN_FRAME_RATE : USUAL.frameRate;
  const size = boundSize({ widthPx: width, heightPx: height }, video.maxHeightPx ?? MAX_HEIGHT_PX);
  return {
    ...size,
    frameRate: video.frameRate ?? Math.max(1, Math.min(usualRate, Math.round(frameRate) || usualRate)),
  };
}
