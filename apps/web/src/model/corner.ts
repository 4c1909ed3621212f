/** A corner of the stage. */
export type Corner = "top-left" | "top-right" | "bottom-left" | "bottom-right";

/** The corner that is nearest to a point on the stage. */
export function nearestCorner(point: { x: number; y: number }, stage: { width: number; height: number }): Corner {
  const vertical = point.y < stage.height / 2 ? "top" : "bottom";
  return `${vertical}-${point.x < stage.width / 2 ? "left" : "right"}`;
}
