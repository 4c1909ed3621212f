/** 27 pixels of a picture of 1280 become one: what stands in a shelf cannot be read, nor be calculated back. */
const FINEST_WIDTH_PX = 48;
/** Each a third of the one before; the last knows little more than how bright the room is. */
const LEVELS = 4;
const GROUND = "#333";

/** The room without the person in it, blurred. */
export class BlurredRoom {
  readonly #levels = Array.from({ length: LEVELS }, () => newContext());
  readonly #result = newContext();

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
      draw(level, { source: finer, operation: "copy" });
      if (finer === picture) draw(level, { source: person, operation: "destination-out" });
      finer = level.canvas;
      width /= 3;
    }
    const result = this.#result;
    fit(result, { width: FINEST_WIDTH_PX, height: FINEST_WIDTH_PX / aspect });
    const [finest, ...coarser] = this.#levels;
    if (finest) {
      // A blur fades towards the edges; the sharp one behind it fills them.
      result.filter = "blur(1px)";
      draw(result, { source: finest.canvas, operation: "copy" });
      result.filter = "none";
      draw(result, { source: finest.canvas, operation: "destination-over" });
    }
    for (const level of coarser) draw(result, { source: level.canvas, operation: "destination-over" });
    result.fillStyle = GROUND;
    result.fillRect(0, 0, result.canvas.width, result.canvas.height);
    return result.canvas;
  }
}

function newContext(): OffscreenCanvasRenderingContext2D {
  // On the processor: what is this small is not worth a way to a graphics chip.
  const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("This browser draws nothing.");
  return context;
}

function fit({ canvas }: OffscreenCanvasRenderingContext2D, size: { width: number; height: number }): void {
  const [width, height] = [Math.max(1, Math.round(size.width)), Math.max(1, Math.round(size.height))];
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
}

/** Draws all of `source` over all of the canvas. */
function draw(
  context: OffscreenCanvasRenderingContext2D,
  { source, operation }: { source: OffscreenCanvas; operation: GlobalCompositeOperation },
): void {
  context.imageSmoothingQuality = "high";
  context.globalCompositeOperation = operation;
  context.drawImage(source, 0, 0, context.canvas.width, context.canvas.height);
}
