import type { Backdrop, SmallPicture } from "./background-messages.ts";
import { BlurredRoom } from "./blurred-room.ts";
import { drawWhole, fit, newContext } from "./drawing.ts";
import { MaskSmoother } from "./mask-smoother.ts";
import { paintBackdrop } from "./paint-backdrop.ts";

/** As wide as the model looks at pictures: more costs time and shows it nothing. */
const SMALL_WIDTH_PX = 256;

/** Puts the person of a picture in front of something else. Nothing comes out of it but what it composed. */
export class BackgroundComposer {
  #backdrop: Backdrop;
  readonly #smoother = new MaskSmoother();
  readonly #room = new BlurredRoom();
  readonly #small = newContext({ willReadFrequently: true });
  readonly #person = newContext({ willReadFrequently: true });
  readonly #picture = newContext({});
  readonly #scene = newContext({});
  #sceneIsOf: Backdrop | undefined;

  constructor(backdrop: Backdrop) {
    this.#backdrop = backdrop;
  }

  /** From the next picture on. Takes a picture in `backdrop` over. */
  change(backdrop: Backdrop): void {
    this.#closePicture();
    this.#backdrop = backdrop;
  }

  close(): void {
    this.#closePicture();
  }

  /** `frame` as it is shown to the segmenter. Stays the caller's. */
  reduce(frame: VideoFrame): SmallPicture {
    const { displayWidth, displayHeight } = frame;
    const height = Math.max(1, Math.round((SMALL_WIDTH_PX * displayHeight) / displayWidth));
    fit(this.#small, { width: SMALL_WIDTH_PX, height });
    drawWhole(this.#small, { source: frame, operation: "copy" });
    const { data, width } = this.#small.getImageData(0, 0, SMALL_WIDTH_PX, height);
    return { data: data.buffer, width, height };
  }

  /** The person of `frame`, which was the last one to be reduced and stays the caller's, in front of the backdrop. */
  compose(frame: VideoFrame, mask: Uint8Array): VideoFrame {
    this.#paintPerson(mask, frame.timestamp);
    const picture = this.#picture;
    fit(picture, { width: frame.displayWidth, height: frame.displayHeight });
    drawWhole(picture, { source: this.#person.canvas, operation: "copy" });
    drawWhole(picture, { source: frame, operation: "source-in" });
    drawWhole(picture, { source: this.#behind(picture.canvas), operation: "destination-over" });
    // Hardly visible in motion, and a backdrop may be clear in places: then black, never the room.
    return new VideoFrame(picture.canvas, { timestamp: frame.timestamp, alpha: "discard" });
  }

  #paintPerson(mask: Uint8Array, timestampUs: number): void {
    const { width, height } = this.#small.canvas;
    fit(this.#person, { width, height });
    const opacity = this.#smoother.smooth(mask, timestampUs);
    const image = new ImageData(width, height);
    for (let i = 0; i < opacity.length; i++) image.data[4 * i + 3] = opacity[i] ?? 0;
    this.#person.putImageData(image, 0, 0);
  }

  #behind(size: { readonly width: number; readonly height: number }): OffscreenCanvas {
    const backdrop = this.#backdrop;
    if (backdrop.kind === "blur") return this.#room.paint(this.#small.canvas, this.#person.canvas);
    const scene = this.#scene;
    const { canvas } = scene;
    if (this.#sceneIsOf === backdrop && canvas.width === size.width && canvas.height === size.height) return canvas;
    fit(scene, size);
    this.#sceneIsOf = backdrop;
    if (backdrop.kind === "picture") paintCovering(scene, backdrop.picture);
    else paintBackdrop(scene, backdrop.kind);
    return canvas;
  }

  #closePicture(): void {
    if (this.#backdrop.kind === "picture") this.#backdrop.picture.close();
  }
}

/** Fills the canvas with the middle of `picture`. */
function paintCovering(context: OffscreenCanvasRenderingContext2D, picture: ImageBitmap): void {
  const { width, height } = context.canvas;
  const scale = Math.max(width / picture.width, height / picture.height);
  const [shownWidth, shownHeight] = [picture.width * scale, picture.height * scale];
  context.globalCompositeOperation = "copy";
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, (width - shownWidth) / 2, (height - shownHeight) / 2, shownWidth, shownHeight);
}
