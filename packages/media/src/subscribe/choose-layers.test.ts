import { expect, test } from "vitest";
import { chooseLayers, type LayerDemand, wantedBudget } from "./choose-layers.ts";

const LAYERS = [
  { id: 0, widthPx: 320, heightPx: 180, bitrateBps: 188_000, frameRate: 30, temporalLayers: 1 },
  { id: 1, widthPx: 640, heightPx: 360, bitrateBps: 530_000, frameRate: 30, temporalLayers: 1 },
  { id: 2, widthPx: 1280, heightPx: 720, bitrateBps: 1_500_000, frameRate: 30, temporalLayers: 1 },
];
const PLENTY = { bitrateBps: Number.POSITIVE_INFINITY, pxPerS: Number.POSITIVE_INFINITY };

function demand(key: string, lines: number | undefined, part: Partial<LayerDemand> = {}): LayerDemand {
  const size = lines === undefined ? undefined : { widthPx: (lines * 16) / 9, heightPx: lines };
  return { key, layers: LAYERS, size, current: undefined, rank: 0, ...part };
}

const layerFor = (lines: number | undefined, part: Partial<LayerDemand> = {}) =>
  chooseLayers([demand("a", lines, part)], PLENTY).get("a")?.layer;

test("chooseLayers takes the smallest layer that fills its place, and the largest for a place of no size", () => {
  expect([0, 100, 180, 235].map((lines) => layerFor(lines))).toEqual([0, 0, 0, 0]);
  expect([250, 360, 470].map((lines) => layerFor(lines))).toEqual([1, 1, 1]);
  expect([500, 720, 2_000, undefined].map((lines) => layerFor(lines))).toEqual([2, 2, 2, 2]);
});

test("chooseLayers takes the only layer there is", () => {
  expect(layerFor(90, { layers: LAYERS.slice(2) })).toBe(2);
});

test("chooseLayers counts how much of a picture fills a tile of another shape", () => {
  const tall = { size: { widthPx: 200, heightPx: 900 } };
  expect(layerFor(0, tall)).toBe(0); // the picture is 200 wide there, or a little more when cropped
  expect(layerFor(0, { size: { widthPx: 480, heightPx: 360 } })).toBe(1);
});

test("chooseLayers keeps a layer while its tile changes a little, and changes it when it changes much", () => {
  expect(layerFor(250, { current: 0 })).toBe(0);
  expect(layerFor(300, { current: 0 })).toBe(1);
  expect(layerFor(230, { current: 1 })).toBe(1);
  expect(layerFor(180, { current: 1 })).toBe(0);
  expect(layerFor(150, { current: 2 })).toBe(0);
});

test("chooseLayers gives all their smallest first, then the better ones to who matters more", () => {
  const demands = [demand("a", 720), demand("b", 360), demand("c", 360, { rank: 1 })];
  expect(wantedBudget(demands)).toEqual({ bitrateBps: 2_560_000, pxPerS: 30 * (1280 * 720 + 2 * 640 * 360) });
  const at = (bps: number) =>
    ["a", "b", "c"].map((key) => chooseLayers(demands, { ...PLENTY, bitrateBps: bps }).get(key)?.layer);
  expect(at(2_560_000)).toEqual([2, 1, 1]);
  expect(at(2_000_000)).toEqual([1, 1, 1]);
  expect(at(1_250_000)).toEqual([1, 0, 1]);
  expect(at(950_000)).toEqual([0, 0, 1]);
  expect(at(564_000)).toEqual([0, 0, 0]);
  expect(at(400_000)).toEqual([0, undefined, 0]);
  expect(at(50_000)).toEqual([undefined, undefined, 0]);
});

test("chooseLayers leaves nothing out that comes in a single size", () => {
  const single = { layers: LAYERS.slice(2) };
  const chosen = chooseLayers([demand("a", 720, single), demand("b", 720, single), demand("c", 100)], {
    ...PLENTY,
    bitrateBps: 100_000,
  });
  expect([...chosen].map(([key, { layer }]) => [key, layer])).toEqual([
    ["a", 2],
    ["b", 2],
  ]);
});

test("chooseLayers takes smaller layers where the decoders are too slow, but leaves nothing out for that", () => {
  const demands = [demand("a", 720), demand("b", 360), demand("c", 360, { rank: 1 })];
  const at = (pictures: number) => {
    const chosen = chooseLayers(demands, { ...PLENTY, pxPerS: pictures * 30 * 640 * 360 });
    return ["a", "b", "c"].map((key) => chosen.get(key)?.layer);
  };
  expect(at(6)).toEqual([2, 1, 1]);
  expect(at(5.5)).toEqual([2, 0, 1]);
  expect(at(3)).toEqual([1, 1, 1]);
  expect(at(0.1)).toEqual([0, 0, 0]);
});

test("chooseLayers gives half of the pictures to who matters least before it leaves anybody out", () => {
  const layered = { layers: LAYERS.map((layer) => ({ ...layer, temporalLayers: 2 })) };
  const demands = [demand("a", 720, layered), demand("b", 360, layered), demand("c", 100)];
  const at = (budget: { bitrateBps?: number; pxPerS?: number }) => {
    const chosen = chooseLayers(demands, { ...PLENTY, ...budget });
    return ["a", "b", "c"].map((key) => chosen.get(key)?.half);
  };
  expect(at({ bitrateBps: 564_000 })).toEqual([false, false, false]);
  expect(at({ bitrateBps: 520_000 })).toEqual([false, true, false]);
  expect(at({ bitrateBps: 430_000 })).toEqual([true, true, false]);
  expect(at({ bitrateBps: 300_000 })).toEqual([true, true, undefined]);
  expect(at({ bitrateBps: 200_000 })).toEqual([true, undefined, undefined]);
  expect(at({ pxPerS: 2.6 * 30 * 320 * 180 })).toEqual([false, true, false]);
  expect(at({ pxPerS: 30 * 320 * 180 })).toEqual([true, true, false]);
});
