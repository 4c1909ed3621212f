import { expect, test } from "vitest";
import { fitPicture } from "./fit-picture.ts";

test("fitPicture fills a tile of nearly the picture's shape", () => {
  const fit = fitPicture(16 / 9, { width: 400, height: 250, mostCropped: 0.2 });
  expect(fit.height).toBeCloseTo(1);
  expect(fit.width).toBeCloseTo(16 / 9 / 1.6);
});

test("fitPicture cuts away a fifth and no more", () => {
  const fit = fitPicture(16 / 9, { width: 300, height: 600, mostCropped: 0.2 });
  expect(fit.width).toBeCloseTo(1.25);
  expect((fit.width * 300) / (fit.height * 600)).toBeCloseTo(16 / 9);
});

test("fitPicture shows all of a screen", () => {
  expect(fitPicture(2, { width: 100, height: 100, mostCropped: 0 })).toEqual({ width: 1, height: 0.5 });
  expect(fitPicture(0.5, { width: 100, height: 100, mostCropped: 0 })).toEqual({ width: 0.5, height: 1 });
});

test("fitPicture fills the tile while the picture's shape is unknown", () => {
  expect(fitPicture(Number.NaN, { width: 100, height: 50, mostCropped: 0.2 })).toEqual({ width: 1, height: 1 });
});
