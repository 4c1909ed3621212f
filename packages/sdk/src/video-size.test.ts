import { expect, test } from "vitest";
import { bitrateFor, boundSize } from "./video-size.ts";

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
