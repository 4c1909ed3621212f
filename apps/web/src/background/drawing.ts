/** A canvas of one's own to draw on; throws where the browser has none. */
export function newContext(options: CanvasRenderingContext2DSettings): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(1, 1).getContext("2d", options);
  if (!context) throw new Error("This browser draws nothing.");
  return context;
}

/** Gives the canvas this size, in whole pixels and at least one. It is emptied only when that is another. */
export function fit(
  { canvas }: OffscreenCanvasRenderingContext2D,
  size: { readonly width: number; readonly height: number },
): void {
  const [width, height] = [Math.max(1, Math.round(size.width)), Math.max(1, Math.round(size.height))];
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
}

/** Draws all of `source` over all of the canvas. */
export function drawWhole(
  context: OffscreenCanvasRenderingContext2D,
  { source, operation }: { readonly source: CanvasImageSource; readonly operation: GlobalCompositeOperation },
): void {
  context.imageSmoothingQuality = "high";
  context.globalCompositeOperation = operation;
  context.drawImage(source, 0, 0, context.canvas.width, context.canvas.height);
}
