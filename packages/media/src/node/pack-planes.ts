import { rawPictureBytes } from "./buffer-picture.ts";
import type { NodePicture } from "./node-picture.ts";

/** The three planes one after the other without padding, as raw video files have them. */
export function packPlanes(picture: NodePicture): Buffer {
  const size = { widthPx: picture.displayWidth, heightPx: picture.displayHeight };
  const packed = Buffer.allocUnsafe(rawPictureBytes(size));
  packPlanesInto(picture, packed);
  return packed;
}

/** The same into the first bytes of `target`, which has room for them. */
export function packPlanesInto(picture: NodePicture, target: Uint8Array): void {
  const { y, u, v, strideY, strideU, strideV } = picture.planes();
  const width = picture.displayWidth;
  const height = picture.displayHeight;
  const chromaWidth = (width + 1) >> 1;
  const chromaHeight = (height + 1) >> 1;
  let offset = copyPlane(target, 0, { plane: y, stride: strideY, width, height });
  offset = copyPlane(target, offset, { plane: u, stride: strideU, width: chromaWidth, height: chromaHeight });
  copyPlane(target, offset, { plane: v, stride: strideV, width: chromaWidth, height: chromaHeight });
}

interface PlaneCopy {
  readonly plane: Uint8Array;
  readonly stride: number;
  readonly width: number;
  readonly height: number;
}

function copyPlane(target: Uint8Array, start: number, { plane, stride, width, height }: PlaneCopy): number {
  if (stride === width) {
    target.set(plane.subarray(0, width * height), start);
    return start + width * height;
  }
  let offset = start;
  for (let row = 0; row < height; row++, offset += width) {
    target.set(plane.subarray(row * stride, row * stride + width), offset);
  }
  return offset;
}
