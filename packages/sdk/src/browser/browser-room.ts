import type { SpeakerCapture } from "@mqtt-meet/media/browser";
import type { LocalTrack, Room, VideoOptions } from "@mqtt-meet/sdk";
import type { ReadonlySignal } from "@preact/signals-core";

/** What became of a track before it was given to the room. */
export interface BrowserTrackOptions {
  /**
   * What the application did to its pictures or sound (another background, less noise) took this long, in milliseconds: so
   * much earlier they were captured, and so sound and pictures stay together. 0 when left out.
   */
  readonly latencyMs?: number;
}

/** How a track is published. */
export interface PublishOptions extends VideoOptions, BrowserTrackOptions {}

/** A track of our own from a capture device of the browser. */
export interface BrowserLocalTrack extends LocalTrack {
  /**
   * Muted after its `MediaStreamTrack` was stopped, nothing of the device is held any more, and the light of a camera goes
   * out; {@link replaceTrack} goes on with it.
   */
  setMuted(muted: boolean): void;
  /** Another camera or microphone in the place of this one, for everybody the same track. */
  replaceTrack(track: MediaStreamTrack, options?: BrowserTrackOptions): Promise<void>;
}

/** A meeting in a browser. Sound of the others plays by itself. */
export interface BrowserRoom extends Room {
  /** Publishes a camera, microphone or screen; `codec`, `frameRate` and `maxHeightPx` are for pictures. The caller stops `track`. */
  publishTrack(track: MediaStreamTrack, options: PublishOptions): Promise<BrowserLocalTrack>;
  /**
   * Shows the track `key` on `element` until the returned function is called; a `<video muted playsinline>` is fastest.
   * The room draws on the element from now on; it may be given again and again, for any track. A track that is on no
   * element is not received, nor one whose elements nobody sees: hidden, scrolled away, or on a page in the background. What
   * is received is as large as the largest of its elements on the screen. A `<video>` that is in no document counts as seen, in the
   * pixels of its `width` and `height`; without them, and for a canvas, the whole picture is received.
   */
  attachVideo(key: string, element: HTMLVideoElement | HTMLCanvasElement): () => void;
  /** The `deviceId` of a loudspeaker; "" is the system's. */
  setAudioOutput(deviceId: string): Promise<void>;
  /** Browsers allow sound after a gesture of the user: call it in one while {@link audioBlocked}. */
  resumeAudio(): Promise<void>;
  readonly audioBlocked: ReadonlySignal<boolean>;
  /**
   * A gesture does not help: the browser finds no loudspeaker. A browser that says so (Firefox) sends no microphone, either,
   * until one is connected. {@link audioBlocked} is true, too.
   */
  readonly audioMissing: ReadonlySignal<boolean>;
  /**
   * What the others say, mixed and with the volumes that were set; the caller closes it. Undefined on a page without a
   * speaker. It is silent while {@link audioBlocked}.
   */
  captureAudio(): Promise<SpeakerCapture | undefined>;
  /** 0 to 1. */
  setVolume(peer: string, volume: number): void;
}
