import { paintStamp } from "../../../test/support/stamp.ts";

/** A part of Chromium that TypeScript's library does not know: a track whose frames a page writes. */
declare class MediaStreamTrackGenerator {
  constructor(options: { kind: "video" });
  readonly writable: WritableStream<VideoFrame>;
}

/** The displays that we know have a picture every so many milliseconds, or more often. */
const DISPLAY_PERIOD_MS = 1000 / 60;

/** Within so many frames the camera's phase goes through the display's period and back. */
const SWEEP_FRAMES = 60;

/**
 * A camera made of a real clip's pictures: each frame is stamped with its number, and the time it was handed out is noted.
 *
 * No camera is in step with the display. In step, every frame of a run would wait for the next picture of the display equally
 * long, between nothing and a whole period, as chance has it; so the camera's phase wanders through all of the period.
 */
export class StampedCamera {
  readonly track: MediaStreamTrack;
  /** When frame n was handed out, in milliseconds of the page's clock. */
  readonly capturedMs: number[] = [];
  readonly #pictures: Uint8Array[];
  readonly #size: { widthPx: number; heightPx: number };
  readonly #writer: WritableStreamDefaultWriter<VideoFrame>;
  readonly #intervalMs: number;
  readonly #startMs = performance.now();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Pictures are planes Y, U, V of 4:2:0, played forwards and over again. */
  constructor(pictures: Uint8Array[], options: { widthPx: number; heightPx: number; fps: number }) {
    this.#pictures = pictures;
    this.#size = options;
    this.#intervalMs = 1000 / options.fps;
    const generator = new MediaStreamTrackGenerator({ kind: "video" });
    this.track = generator as unknown as MediaStreamTrack;
    this.#writer = generator.writable.getWriter();
    this.#tick();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.track.stop();
  }

  #tick(): void {
    const number = this.capturedMs.length;
    const data = this.#pictures[number % this.#pictures.length];
    if (!data) throw new Error("A camera needs pictures.");
    paintStamp({ data, ...this.#size }, { number, flash: false });
    this.capturedMs.push(performance.now());
    const frame = new VideoFrame(data as Uint8Array<ArrayBuffer>, {
      format: "I420",
      codedWidth: this.#size.widthPx,
      codedHeight: this.#size.heightPx,
      timestamp: Math.round(performance.now() * 1000),
    });
    this.#writer.write(frame).catch(() => {}); // the track was stopped
    const nextMs = this.#startMs + (number + 1) * this.#intervalMs + phaseMs(number + 1);
    this.#timer = setTimeout(() => this.#tick(), Math.max(0, nextMs - performance.now()));
  }
}

/** Up and down in even steps of half a millisecond. */
function phaseMs(number: number): number {
  const place = (number % SWEEP_FRAMES) / SWEEP_FRAMES;
  return DISPLAY_PERIOD_MS * (1 - Math.abs(1 - 2 * place));
}
