import { readStamp, stampGeometry } from "../stamp.ts";
import { toneAmplitude } from "./find-beeps.ts";

/** Parts of Chromium that TypeScript's library does not know. */
declare class MediaStreamTrackProcessor<T> {
  constructor(options: { track: MediaStreamTrack });
  readonly readable: ReadableStream<T>;
}

/** What the page's camera and microphone deliver, seen on copies of their tracks: the truth that receivers are compared with. */
export class CaptureProbe {
  /** The stamps of captured frames in the order they came, with the time. */
  readonly frames: { number: number; atMs: number }[] = [];
  /** The first frame of each flash. */
  readonly flashes: { number: number; atMs: number }[] = [];
  /** When the first sample of a beep was captured. */
  readonly beepsMs: number[] = [];
  readonly #beepHz: number;

  /** Watches every track that the page gets from now on. */
  constructor({ beepHz }: { beepHz: number }) {
    this.#beepHz = beepHz;
    const devices = navigator.mediaDevices;
    const getUserMedia = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (constraints) => {
      const stream = await getUserMedia(constraints);
      for (const track of stream.getTracks()) void this.#watch(track.clone());
      return stream;
    };
  }

  async #watch(track: MediaStreamTrack): Promise<void> {
    if (track.kind === "video") {
      await this.#watchVideo(new MediaStreamTrackProcessor<VideoFrame>({ track }).readable);
    } else {
      await this.#watchAudio(new MediaStreamTrackProcessor<AudioData>({ track }).readable);
    }
  }

  async #watchVideo(frames: ReadableStream<VideoFrame>): Promise<void> {
    let flashed = true;
    const clock = new SourceClock();
    for await (const frame of frames) {
      const atMs = clock.toMs(frame.timestamp);
      const { number, flash } = await readFrame(frame);
      frame.close();
      if (number === undefined) continue;
      this.frames.push({ number, atMs });
      if (flash && !flashed) this.flashes.push({ number, atMs });
      flashed = flash;
    }
  }

  async #watchAudio(blocks: ReadableStream<AudioData>): Promise<void> {
    let quietMs = 0;
    const clock = new SourceClock();
    for await (const block of blocks) {
      const blockMs = (block.numberOfFrames / block.sampleRate) * 1000;
      const startMs = clock.toMs(block.timestamp) - blockMs;
      const samples = new Float32Array(block.numberOfFrames);
      block.copyTo(samples, { planeIndex: 0, format: "f32-planar" });
      const step = Math.round(block.sampleRate * 0.005);
      for (let from = 0; from + step <= samples.length; from += step) {
        const loud = toneAmplitude(samples.subarray(from, from + step), this.#beepHz / block.sampleRate) > 0.03;
        if (loud && quietMs > 200) this.beepsMs.push(startMs + (from / block.sampleRate) * 1000);
        quietMs = loud ? 0 : quietMs + 5;
      }
      block.close();
    }
  }
}

/** The times of a source on the page's clock: what came fastest came at once, so a busy page changes nothing. */
class SourceClock {
  #offsetMs = Number.POSITIVE_INFINITY;

  toMs(timestampUs: number): number {
    this.#offsetMs = Math.min(this.#offsetMs, performance.now() - timestampUs / 1000);
    return timestampUs / 1000 + this.#offsetMs;
  }
}

async function readFrame(frame: VideoFrame): Promise<{ number: number | undefined; flash: boolean }> {
  const { x, y, unit, flash } = stampGeometry(frame.codedHeight);
  const rect = { x: 0, y: flash.y, width: frame.codedWidth, height: flash.side };
  const bytes = new Uint8Array(frame.allocationSize({ rect }));
  const [luma] = await frame.copyTo(bytes, { rect });
  const at = (column: number, row: number) =>
    bytes[(luma?.offset ?? 0) + (row - flash.y) * (luma?.stride ?? 0) + column] ?? 0;
  return {
    number: readStamp((block) => at(x + Math.floor((block + 0.5) * unit), y + unit)),
    flash: at(flash.x + flash.side / 2, flash.y + flash.side / 2) > 127,
  };
}
