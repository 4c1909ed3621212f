import { expect, test } from "vitest";
import { bitrateFor, boundSize, layerBitrates, layerSizes } from "./video-size.ts";

test("boundSize keeps the aspect ratio, makes nothing larger, and is even", () => {
  expect(boundSize({ widthPx: 1280, heightPx: 720 })).toEqual({ widthPx: 1280, heightPx: 720 });
  expect(boundSize({ widthPx: 1920, heightPx: 1080 }, 720)).toEqual({ widthPx: 1280, heightPx: 720 });
  expect(boundSize({ widthPx: 640, heightPx: 360 }, 720)).toEqual({ widthPx: 640, heightPx: 360 });
  expect(boundSize({ widthPx: 1080, heightPx: 1920 }, 720)).toEqual({ widthPx: 720, heightPx: 1280 });
  expect(boundSize({ widthPx: 853, heightPx: 479 })).toEqual({ widthPx: 854, heightPx: 480 });
});

test("bitrateFor gives 720p30 1.5 Mbit/s, less to smaller and slower pictures, more to JPEG", () => {
  const hd = { widthPx: 1280, heightPx: 720 };
  expect(bitrateFor(hd, { frameRate: 30, codec: "vp8" })).toBe(1_500_000);
  const small = bitrateFor({ widthPx: 640, heightPx: 360 }, { frameRate: 30, codec: "vp8" });
  expect(small).toBeGreaterThan(1_500_000 / 4);
  expect(small).toBeLessThan(1_500_000 / 2);
  expect(bitrateFor(hd, { frameRate: 5, codec: "vp8" })).toBeLessThan(1_000_000);
  expect(bitrateFor(hd, { frameRate: 30, codec: "jpeg" })).toBe(6_000_000);
  expect(bitrateFor({ widthPx: 2, heightPx: 2 }, { frameRate: 1, codec: "vp8" })).toBe(60_000);
});

test("layerSizes halves a picture as long as it shows a face, at most twice, and keeps its shape", () => {
  const heights = (widthPx: number, heightPx: number) =>
    layerSizes({ widthPx, heightPx }).map((size) => `${size.widthPx}x${size.heightPx}`);
  expect(heights(1280, 720)).toEqual(["320x180", "640x360", "1280x720"]);
  expect(heights(1920, 1080)).toEqual(["480x270", "960x540", "1920x1080"]);
  expect(heights(720, 1280)).toEqual(["180x320", "360x640", "720x1280"]);
  expect(heights(640, 480)).toEqual(["320x240", "640x480"]);
  expect(heights(320, 240)).toEqual(["320x240"]);
});

test("layerBitrates gives each layer what its size needs, and the largest what it was told", () => {
  const sizes = layerSizes({ widthPx: 1280, heightPx: 720 });
  const options = { frameRate: 30, codec: "vp8", largestBps: undefined } as const;
  expect(layerBitrates(sizes, options)).toEqual([188_000, 530_000, 1_500_000]);
  expect(layerBitrates(sizes, { ...options, largestBps: 750_000 })).toEqual([94_000, 265_000, 750_000]);
});
