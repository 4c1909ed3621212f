import { expect, test } from "vitest";
import { MaskSmoother } from "./mask-smoother.ts";

const FRAME_US = 33_333;
const of = (...values: number[]) => Uint8Array.from(values);

/** Smooths one mask after the other, with the same time between. */
function smoothing(everyUs = FRAME_US): (...mask: number[]) => number[] {
  const smoother = new MaskSmoother();
  let timestampUs = 5_000_000;
  return (...mask) => {
    timestampUs += everyUs;
    return [...smoother.smooth(of(...mask), timestampUs)];
  };
}

test("MaskSmoother lets nothing of the room through where a person is unlikely, and all of the person where one is likely", () => {
  const opacity = smoothing()(0, 40, 75, 130, 195, 255);
  expect(opacity.slice(0, 3)).toEqual([0, 0, 0]);
  expect(opacity[3]).toBeGreaterThan(60);
  expect(opacity[3]).toBeLessThan(200);
  expect(opacity.slice(4)).toEqual([255, 255]);
});

test("MaskSmoother follows a change within three pictures, and a flicker of one hardly", () => {
  const smooth = smoothing();
  for (let i = 0; i < 5; i++) smooth(255);
  expect(smooth(150)[0]).toBeGreaterThan(200);
  for (let i = 0; i < 5; i++) smooth(255);
  smooth(0);
  smooth(0);
  expect(smooth(0)).toEqual([0]);
});

test("MaskSmoother follows at once where masks come seldom", () => {
  const smooth = smoothing(150_000);
  for (let i = 0; i < 5; i++) smooth(255);
  expect(smooth(0)).toEqual([0]);
});

test("MaskSmoother begins anew when the picture has another size", () => {
  const smooth = smoothing();
  smooth(255, 255);
  expect(smooth(0, 0, 255)).toEqual([0, 0, 255]);
});
