import { expect, test } from "vitest";
import { BufferPicture } from "./buffer-picture.ts";
import { fitSize } from "./fit-size.ts";
import { pictureToRgb } from "./scale-picture.ts";
import { drawableText, textBitmap } from "./text-bitmap.ts";
import { letterbox, tileGrid } from "./tile-grid.ts";

function flat(y: number, u: number, v: number, options: { fullRange?: boolean; heightPx?: number } = {}) {
  const { heightPx = 8 } = options;
  const data = new Uint8Array(8 * heightPx * 1.5);
  data.fill(y, 0, 8 * heightPx);
  data.fill(u, 8 * heightPx, 8 * heightPx * 1.25);
  data.fill(v, 8 * heightPx * 1.25);
  return new BufferPicture(data, { timestamp: 0, widthPx: 8, heightPx, fullRange: options.fullRange ?? false });
}

const rgbOf = (picture: BufferPicture) => [...pictureToRgb(picture, { widthPx: 2, heightPx: 2 }).subarray(0, 3)];
const close = (actual: readonly number[], expected: readonly number[]) => {
  for (const [i, value] of expected.entries()) expect(Math.abs((actual[i] ?? 0) - value)).toBeLessThanOrEqual(2);
};

test("pictureToRgb: black, white and the primary colours of each range and size", () => {
  close(rgbOf(flat(16, 128, 128)), [0, 0, 0]);
  close(rgbOf(flat(235, 128, 128)), [255, 255, 255]);
  close(rgbOf(flat(0, 128, 128, { fullRange: true })), [0, 0, 0]);
  close(rgbOf(flat(255, 128, 128, { fullRange: true })), [255, 255, 255]);
  close(rgbOf(flat(76, 85, 255, { fullRange: true })), [254, 0, 0]);
  close(rgbOf(flat(82, 90, 240)), [255, 0, 0]);
  close(rgbOf(flat(63, 102, 240, { heightPx: 720 })), [255, 0, 0]);
});

test("pictureToRgb: a smaller picture is the average, a larger one repeats", () => {
  const data = new Uint8Array(4 * 4 * 1.5).fill(128);
  data.set([0, 100, 0, 100, 0, 100, 0, 100], 0);
  data.fill(200, 8, 16);
  const picture = new BufferPicture(data, { timestamp: 0, widthPx: 4, heightPx: 4, fullRange: true });
  const rgb = pictureToRgb(picture, { widthPx: 2, heightPx: 2 });
  expect([rgb[0], rgb[3], rgb[6], rgb[9]]).toEqual([50, 50, 200, 200]);
  expect(pictureToRgb(picture, { widthPx: 9, heightPx: 7 })).toHaveLength(9 * 7 * 3);
});

test("textBitmap: green dots of the wanted size on a dark ground", () => {
  const { widthPx, heightPx, rgba } = textBitmap("1", { scale: 2 });
  expect([widthPx, heightPx]).toEqual([18, 22]);
  const row = (y: number) =>
    Array.from({ length: widthPx }, (_, x) => (rgba[(y * widthPx + x) * 4 + 1] === 255 ? "#" : ".")).join("");
  expect(row(4)).toBe("........##........");
  expect(row(17)).toBe("......######......");
  expect([...rgba.subarray(0, 4)]).toEqual([0, 0, 0, 0x80]);
  expect(drawableText("FPS: 29.97 小明 (Ann)")).toBe("FPS: 29.97 (Ann)");
});

test("tileGrid: the shape with the largest pictures, without gaps", () => {
  const wide = { widthPx: 1280, heightPx: 720 };
  expect(tileGrid(0, wide)).toEqual([]);
  expect(tileGrid(1, wide)).toEqual([{ x: 0, y: 0, ...wide }]);
  expect(tileGrid(4, wide).map(({ x, y }) => [x, y])).toEqual([
    [0, 0],
    [640, 0],
    [0, 360],
    [640, 360],
  ]);
  expect(tileGrid(2, { widthPx: 400, heightPx: 900 }).map(({ x, y }) => [x, y])).toEqual([
    [0, 0],
    [0, 450],
  ]);
});

test("letterbox: the whole picture in the middle of its tile", () => {
  const tile = { x: 100, y: 0, widthPx: 400, heightPx: 400 };
  expect(letterbox({ widthPx: 1280, heightPx: 720 }, tile)).toEqual({ x: 100, y: 87, widthPx: 400, heightPx: 225 });
});

test("fitSize: smaller, even, with its shape; never larger", () => {
  const hd = { widthPx: 1280, heightPx: 720 };
  expect(fitSize({ widthPx: 1920, heightPx: 1080 }, hd)).toEqual(hd);
  expect(fitSize({ widthPx: 720, heightPx: 1280 }, hd)).toEqual({ widthPx: 406, heightPx: 720 });
  expect(fitSize({ widthPx: 321, heightPx: 181 }, hd)).toEqual({ widthPx: 322, heightPx: 182 });
});
