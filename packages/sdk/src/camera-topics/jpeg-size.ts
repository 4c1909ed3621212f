/** Markers without anything behind them: TEM, RST0 to RST7, SOI. */
const isAlone = (marker: number) => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
/** Start of a frame, of whatever kind: C0 to CF without DHT, JPG and DAC. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
const START_OF_SCAN = 0xda;
const END_OF_IMAGE = 0xd9;

/**
 * The size that a JPEG picture says it has, before anything of it is decoded; turned pictures are not turned yet. Undefined when
 * it says none.
 */
export function jpegSize(jpeg: Uint8Array): { readonly widthPx: number; readonly heightPx: number } | undefined {
  const view = new DataView(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength);
  let at = 2;
  while (at + 9 <= jpeg.length) {
    if (jpeg[at] !== 0xff) return undefined;
    const marker = jpeg[at + 1] ?? 0;
    if (marker === START_OF_SCAN || marker === END_OF_IMAGE) return undefined;
    if (isFrame(marker)) return sized(view.getUint16(at + 7), view.getUint16(at + 5));
    at += stepOver(marker, view.getUint16(at + 2));
  }
  return undefined;
}

/** How far it is to the next marker. Any number of fill bytes may stand before one. */
function stepOver(marker: number, segmentBytes: number): number {
  if (marker === 0xff) return 1;
  return isAlone(marker) ? 2 : 2 + segmentBytes;
}

function sized(widthPx: number, heightPx: number) {
  return widthPx > 0 && heightPx > 0 ? { widthPx, heightPx } : undefined;
}
