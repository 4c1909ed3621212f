import { drawWhole, fit, newContext } from "./drawing.ts";

/** 27 pixels of a picture of 1280 become one: what stands in a shelf cannot be read, nor be calculated back. */
const FINEST_WIDTH_PX = 48;
/** Each a third of the one before; the last knows little more than how bright the room is. */
const LEVELS = 4;
/** On the processor: what is this small is not worth a way to a graphics chip. */
const SMALL: CanvasRenderingContext2DSettings = { willReadFrequently: true };
const GROUND = "#333";

/** The room without the person in it, blurred. */
export class BlurredRoom {
  readonly #levels = Array.from({ length: LEVELS }, () => newContext(SMALL));
  readonly #result = newContext(SMALL);

  /**
   * A small picture of the room, to be drawn large. Where `person` is opaque, what is around it is drawn inwards from ever
   * coarser pictures, so that nobody has a shadow of themselves around them. Both pictures have the same shape.
   */
  paint(picture: OffscreenCanvas, person: OffscreenCanvas): OffscreenCanvas {
    const aspect = picture.width / picture.height;
    let finer = picture;
    let width = FINEST_WIDTH_PX;
    for (const level of this.#levels) {
      fit(level, { width, height: width / aspect });
      drawWhole(level, { source: finer, operation: "copy" });
      if (finer === picture) drawWhole(level, { source: person, operation: "destination-out" });
      finer = level.canvas;
      width /= 3;
    }
    const result = this.#result;
    fit(result, { width: FINEST_WIDTH_PX, height: FINEST_WIDTH_PX / aspect });
    const [finest, ...coarser] = this.#levels;
    if (finest) {
      // A blur fades towards the edges; the sharp one behind it fills them.
      result.filter = "blur(1px)";
      drawWhole(result, { source: finest.canvas, operation: "copy" });
      result.filter = "none";
      drawWhole(result, { source: finest.canvas, operation: "destination-over" });
    }
    for (const level of coarser) drawWhole(result, { source: level.canvas, operation: "destination-over" });
    result.fillStyle = GROUND;
    result.fillRect(0, 0, result.canvas.width, result.canvas.height);
    return result.canvas;
  }
}
