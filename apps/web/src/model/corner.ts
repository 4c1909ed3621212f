import { GAP_PX, type Rect } from "./tile-layout.ts";

/** A corner of the stage. */
export type Corner = "top-left" | "top-right" | "bottom-left" | "bottom-right";

interface Size {
  readonly width: number;
  readonly height: number;
}

/** How large the own picture is, and how far from the edges of the stage. */
export interface CornerPlace extends Size {
  readonly insetX: number;
  readonly insetY: number;
}

/** From the edge of what the own picture lies on. */
const INSET_PX = 12;

/** The corner that is nearest to a point on the stage. */
export function nearestCorner(point: { x: number; y: number }, stage: Size): Corner {
  const vertical = point.y < stage.height / 2 ? "top" : "bottom";
  return `${vertical}-${point.x < stage.width / 2 ? "left" : "right"}`;
}

/**
 * The own picture beside `other`, the only tile, which stands in the middle of the stage: in the empty space where that
 * is large enough, else within the other's picture; never across its edge.
 */
export function cornerPlace(stage: Size, other: Rect | undefined): CornerPlace {
  const isTall = stage.height > stage.width;
  const width = isTall ? clamp(stage.width * 0.28, 96, 160) : clamp(stage.width * 0.17, 108, 236);
  const height = isTall ? (width * 4) / 3 : (width * 9) / 16;
  const freeX = other ? other.x : 0;
  const freeY = other ? other.y : 0;
  const isBeside = freeX >= width + GAP_PX || freeY >= height + GAP_PX;
  return {
    width,
    height,
    insetX: isBeside ? 0 : freeX + INSET_PX,
    insetY: isBeside ? 0 : freeY + INSET_PX,
  };
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}
