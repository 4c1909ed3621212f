import { expect, test } from "vitest";
import { type Luma, psnrDb, scaleLuma, ssim } from "./picture-likeness.ts";

function picture(value: (x: number, y: number) => number, [widthPx, heightPx] = [32, 24]): Luma {
  const data = Uint8Array.from({ length: widthPx * heightPx }, (_, i) => value(i % widthPx, Math.floor(i / widthPx)));
  return { data, widthPx, heightPx };
}

const slope = picture((x, y) => 40 + 4 * x + 2 * y);

test("a picture is like itself, a little less like a coarse one, and not like its negative", () => {
  expect(ssim(slope, slope)).toBeCloseTo(1, 10);
  expect(psnrDb(slope, slope)).toBe(Number.POSITIVE_INFINITY);
  const coarse = picture((x, y) => 40 + 4 * (x - (x % 4)) + 2 * y);
  expect(ssim(slope, coarse)).toBeGreaterThan(0.9);
  expect(ssim(slope, coarse)).toBeLessThan(0.999);
  expect(
    ssim(
      slope,
      picture((x, y) => 255 - (40 + 4 * x + 2 * y)),
    ),
  ).toBeLessThan(0);
});

test("one level of difference everywhere is 48.13 dB", () => {
  expect(
    psnrDb(
      slope,
      picture((x, y) => 41 + 4 * x + 2 * y),
    ),
  ).toBeCloseTo(48.1308, 3);
});

test("an even slope stays one at twice the size", () => {
  const small = picture((x) => 10 + 8 * x, [16, 8]);
  const large = scaleLuma(small, { widthPx: 32, heightPx: 16 });
  expect([...large.data.slice(1, 6)]).toEqual([12, 16, 20, 24, 28]);
  expect(scaleLuma(slope, slope)).toBe(slope);
});

test("pictures of different sizes cannot be compared", () => {
  expect(() =>
    ssim(
      slope,
      picture(() => 0, [16, 16]),
    ),
  ).toThrow(RangeError);
});
