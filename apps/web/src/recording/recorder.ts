import type { BrowserRoom } from "@mqtt-meet/sdk/browser";
import {
  AppendOnlyStreamTarget,
  CanvasSource,
  getFirstEncodableAudioCodec,
  getFirstEncodableVideoCodec,
  MediaStreamAudioTrackSource,
  Mp4OutputFormat,
  Output,
  Quality,
  WebMOutputFormat,
} from "mediabunny";
import { fileName } from "../model/file-name.ts";
import { mendAvcDescription } from "./avc-description.ts";
import { markSaved, removeRecording } from "./kept-recordings.ts";
import { paintScene } from "./paint-scene.ts";
import { RecordingFile } from "./recording-file.ts";
import { arrangeScene, OWN_CAMERA, OWN_SCREEN, SCENE_SIZE, type SceneSource } from "./scene.ts";
import { SoundMix } from "./sound-mix.ts";
import { VideoFeeds } from "./video-feeds.ts";

/** Faces need no more, and the meeting goes on beside it. */
const FRAME_RATE = 24;
const VIDEO_BPS = 2_500_000;
const AUDIO_BPS = 96_000;
const KEY_FRAME_S = 2;
/** A crash loses no more than this. */
const FRAGMENT_S = 1;
/** Pictures begin with the first sound; where none comes, after this. */
const WITHOUT_SOUND_MS = 1_000;

/** Where a recording gets what it shows and lets hear. */
export interface RecorderSource {
  readonly room: Pick<BrowserRoom, "name" | "attachVideo" | "captureAudio">;
  /** Looked at for every picture. */
  readonly scene: () => Omit<SceneSource, "aspects">;
  readonly ownCamera: () => MediaStreamTrack | undefined;
  readonly ownScreen: () => MediaStreamTrack | undefined;
  /** Microphone and shared sound, as far as the others hear them. */
  readonly ownSound: () => readonly MediaStreamTrack[];
}

/** What came out. */
export interface Recorded {
  readonly file: File;
  readonly name: string;
}

/** Draws the meeting, mixes its sound, and writes both into one file while it goes on. */
export class Recorder {
  readonly #source: RecorderSource;
  readonly #context: CanvasRenderingContext2D;
  readonly #feeds: VideoFeeds;
  readonly #onFailure: (error: unknown) => void;
  #sound: SoundMix | undefined;
  #file: RecordingFile | undefined;
  #output: Output | undefined;
  #video: CanvasSource | undefined;
  #openedMs = 0;
  /** When the first picture is due, by performance.now(). */
  #startMs: number | undefined;
  #frame = -1;
  #isBusy = false;
  #ended = false;

  private constructor(source: RecorderSource, onFailure: (error: unknown) => void) {
    const canvas = document.createElement("canvas");
    canvas.width = SCENE_SIZE.width;
    canvas.height = SCENE_SIZE.height;
    const context = canvas.getContext("2d", { alpha: false });
    if (context === null) throw new Error("This browser draws nothing.");
    this.#context = context;
    this.#source = source;
    this.#feeds = new VideoFeeds(source.room);
    this.#onFailure = onFailure;
  }

  /**
   * Begins to record. To be called in a gesture of the user. `onFailure`: nothing more can be written; what there is can be
   * had by {@link stop}. Rejects where the browser cannot encode or keep it.
   */
  static async start(
    source: RecorderSource,
    { onFailure }: { readonly onFailure: (error: unknown) => void },
  ): Promise<Recorder> {
    const recorder = new Recorder(source, onFailure);
    try {
      await recorder.#open();
    } catch (error) {
      await recorder.abandon().catch(() => undefined);
      if (recorder.#file !== undefined) await removeRecording(recorder.#file.name);
      throw error;
    }
    return recorder;
  }

  /** Bytes written so far. */
  get bytes(): number {
    return this.#file?.bytes ?? 0;
  }

  /** Ends the file and reads it. It is called once. */
  async stop(): Promise<Recorded> {
    this.#ended = true;
    this.#release();
    await this.#output?.finalize().catch(this.#onFailure); // what was written before is whole
    const file = await this.#file?.close();
    if (file === undefined) throw new Error("Nothing was recorded.");
    await markSaved(file.name);
    return { file, name: file.name };
  }

  /** Ends without completing the file, as a crash of the page does; it stays with the unsaved ones. */
  async abandon(): Promise<void> {
    this.#ended = true;
    this.#release();
    await this.#file?.close();
  }

  async #open(): Promise<void> {
    const { room } = this.#source;
    const { format, videoCodec, audioCodec } = await chooseFormat();
    this.#sound = await SoundMix.open(room);
    const name = fileName(room.name, { at: new Date(), extension: format.fileExtension.slice(1) });
    this.#file = await RecordingFile.open(name, { ticksPerSecond: FRAME_RATE, onTick: () => void this.#tick() });
    this.#output = new Output({ format, target: new AppendOnlyStreamTarget(this.#file.writable()) });
    const quality = new Quality({ bitrate: VIDEO_BPS });
    this.#video = new CanvasSource(this.#context.canvas, {
      codec: videoCodec,
      quality,
      keyFrameInterval: KEY_FRAME_S,
      onEncodedPacket: (_, meta) => {
        if (videoCodec === "avc") mendDecoderConfig(meta?.decoderConfig);
      },
    });
    this.#output.addVideoTrack(this.#video, { frameRate: FRAME_RATE });
    this.#addSound(this.#output, { codec: audioCodec, track: this.#sound.track as MediaStreamAudioTrack });
    await this.#output.start();
    this.#openedMs = performance.now();
  }

  /** Its first sample is the time zero of both. */
  #addSound(output: Output, options: { codec: "aac" | "opus"; track: MediaStreamAudioTrack }): void {
    const { codec, track } = options;
    const onEncodedSample = ({ duration }: { readonly duration: number }) => {
      this.#startMs ??= performance.now() - duration * 1000;
    };
    const quality = new Quality({ bitrate: AUDIO_BPS });
    const sound = new MediaStreamAudioTrackSource(
      track,
      { codec, quality, onEncodedSample },
      { timestampBase: "zero" },
    );
    sound.errorPromise.catch((error) => this.#fail(error));
    output.addAudioTrack(sound);
  }

  /** A machine that is behind leaves pictures out; the sound goes on. */
  async #tick(): Promise<void> {
    if (this.#ended || this.#isBusy || this.#video === undefined || this.#openedMs === 0) return;
    const nowMs = performance.now();
    if (this.#startMs === undefined && nowMs - this.#openedMs < WITHOUT_SOUND_MS) return;
    this.#startMs ??= nowMs;
    const frame = Math.round(((nowMs - this.#startMs) / 1000) * FRAME_RATE);
    if (frame <= this.#frame) return;
    this.#frame = frame;
    this.#isBusy = true;
    try {
      this.#paint();
      await this.#video.add(frame / FRAME_RATE, 1 / FRAME_RATE);
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#isBusy = false;
    }
  }

  #paint(): void {
    const { scene, ownCamera, ownScreen, ownSound } = this.#source;
    const tiles = arrangeScene({ ...scene(), aspects: this.#feeds.aspects });
    const own = new Map<string, MediaStreamTrack>();
    const [camera, screen] = [ownCamera(), ownScreen()];
    if (camera) own.set(OWN_CAMERA, camera);
    if (screen) own.set(OWN_SCREEN, screen);
    this.#feeds.follow(new Map(tiles.flatMap(({ video, rect }) => (video === undefined ? [] : [[video, rect]]))), own);
    this.#sound?.follow(ownSound());
    paintScene(this.#context, tiles, (key) => this.#feeds.video(key));
  }

  #fail(error: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#onFailure(error);
  }

  #release(): void {
    this.#feeds.close();
    this.#sound?.close();
  }
}

/** Before the muxer sees it. */
function mendDecoderConfig(config: VideoDecoderConfig | undefined): void {
  const { description } = config ?? {};
  if (!config || !description) return;
  const bytes = ArrayBuffer.isView(description)
    ? new Uint8Array(description.buffer, description.byteOffset, description.byteLength)
    : new Uint8Array(description);
  config.description = mendAvcDescription(bytes);
}

/** MP4, which plays everywhere, in pieces that are readable by themselves; WebM where the browser encodes nothing for it. */
async function chooseFormat() {
  const size = { ...SCENE_SIZE, quality: new Quality({ bitrate: VIDEO_BPS }), frameRate: FRAME_RATE };
  const forMp4 = await getFirstEncodableVideoCodec(["avc", "vp9", "av1"], size);
  const audioCodec = await getFirstEncodableAudioCodec(forMp4 === null ? ["opus"] : ["aac", "opus"]);
  const videoCodec = forMp4 ?? (await getFirstEncodableVideoCodec(["vp8"], size));
  if (videoCodec === null || (audioCodec !== "aac" && audioCodec !== "opus")) {
    throw new DOMException("This browser encodes no pictures or no sound.", "NotSupportedError");
  }
  const format =
    forMp4 === null
      ? new WebMOutputFormat({ appendOnly: true })
      : new Mp4OutputFormat({ fastStart: "fragmented", minimumFragmentDuration: FRAGMENT_S });
  return { format, videoCodec, audioCodec };
}
