import { expect, test } from "vitest";
import { GAP_PX, layoutStage, type Rect, type TileShape } from "./tile-layout.ts";

const face: TileShape = { aspect: 16 / 9, featured: false };
const screen: TileShape = { aspect: 16 / 10, featured: true };
const faces = (count: number) => Array.from({ length: count }, () => face);

const stages = [
  { width: 1424, height: 796 },
  { width: 1008, height: 664 },
  { width: 374, height: 720 },
  { width: 756, height: 374 },
];

test.each(stages)("layoutStage keeps every tile on a stage of $width × $height, without overlap", (stage) => {
  for (let count = 1; count <= 49; count++) {
    for (const tiles of [faces(count), [screen, ...faces(count)]]) {
      const { rects, contentHeight } = layoutStage(tiles, stage);
      const room = { width: stage.width, height: contentHeight };
      const wrong = rects.filter(
        (rect, index) => !isWithin(rect, room) || rects.slice(index + 1).some((other) => overlap(rect, other)),
      );
      expect(wrong).toEqual([]);
      expect(rects).toHaveLength(tiles.length);
    }
  }
});

test("layoutStage finds the number of columns with the largest faces", () => {
  const stage = { width: 1424, height: 796 };
  for (let count = 1; count <= 30; count++) {
    const { rects } = layoutStage(faces(count), stage);
    const { width: tileWidth = 0, height: tileHeight = 0 } = rects[0] ?? {};
    const narrow = 0.8 * (16 / 9);
    for (let columns = 1; columns <= count; columns++) {
      const rows = Math.ceil(count / columns);
      const width = (stage.width - GAP_PX * (columns - 1)) / columns;
      const height = (stage.height - GAP_PX * (rows - 1)) / rows;
      const face = Math.min(height, width / narrow) ** 2 * narrow;
      expect(tileHeight * Math.min(tileWidth, tileHeight * narrow)).toBeGreaterThanOrEqual(face - 2);
    }
  }
});

test("layoutStage puts 8 px between tiles and centres the last row", () => {
  const { rects } = layoutStage(faces(5), { width: 1424, height: 796 });
  const rows = new Set(rects.map((rect) => rect.y));
  expect(rows.size).toBe(2);
  expect((rects[1]?.x ?? 0) - ((rects[0]?.x ?? 0) + (rects[0]?.width ?? 0))).toBeCloseTo(8);
  const left = rects[3]?.x ?? 0;
  const right = (rects[4]?.x ?? 0) + (rects[4]?.width ?? 0);
  expect(left).toBeCloseTo(1424 - right);
  expect(left).toBeGreaterThan(0);
});

test("layoutStage stacks two people on an upright phone and uses two columns for more", () => {
  const stage = { width: 374, height: 720 };
  expect(columnsOf(layoutStage(faces(2), stage).rects)).toBe(1);
  expect(columnsOf(layoutStage(faces(6), stage).rects)).toBe(2);
  const many = layoutStage(faces(25), stage);
  expect(columnsOf(many.rects)).toBe(2);
  expect(many.contentHeight).toBeGreaterThan(720);
});

test("layoutStage crops no face by more than a fifth", () => {
  for (const stage of stages) {
    for (let count = 1; count <= 20; count++) {
      const rect = layoutStage(faces(count), stage).rects[0];
      const aspect = (rect?.width ?? 0) / (rect?.height ?? 1);
      expect(Math.min(aspect / (16 / 9), 16 / 9 / aspect)).toBeGreaterThanOrEqual(0.8 - 1e-9);
    }
  }
});

test("layoutStage gives a shared screen the large place in its own shape", () => {
  for (const stage of stages) {
    const { rects } = layoutStage([face, screen, face], stage);
    const [first, large, last] = rects;
    if (!first || !large || !last) throw new Error("three tiles");
    expect(large.width / large.height).toBeCloseTo(1.6);
    expect(large.width * large.height).toBeGreaterThan(first.width * first.height * 1.3);
    expect(large.width * large.height).toBeGreaterThan(last.width * last.height * 1.3);
  }
});

test("layoutStage gives a screen the width that a strip of many faces has no use for", () => {
  const { rects } = layoutStage([screen, ...faces(7)], { width: 1424, height: 820 });
  const [large, ...strip] = rects;
  if (!large) throw new Error("a screen");
  expect(new Set(strip.map(({ x }) => Math.round(x))).size).toBe(1);
  for (const { x } of strip) expect(x - large.x - large.width).toBeLessThan(GAP_PX + 1);
  expect(large.width).toBeGreaterThan(1424 * 0.8);
});

test("layoutStage lets one tile without a picture take the stage", () => {
  const stage = { width: 374, height: 720 };
  expect(layoutStage([{ aspect: undefined, featured: false }], stage).rects).toEqual([
    { x: 0, y: 0, width: 374, height: 720 },
  ]);
});

test("layoutStage has an answer for nobody and for a stage without size", () => {
  expect(layoutStage([], { width: 100, height: 100 })).toEqual({ rects: [], contentHeight: 100 });
  for (const rect of layoutStage(faces(3), { width: 0, height: 0 }).rects) {
    expect(Number.isFinite(rect.width + rect.height + rect.x + rect.y)).toBe(true);
  }
});

function columnsOf(rects: readonly Rect[]): number {
  return rects.filter((rect) => rect.y === rects[0]?.y).length;
}

function isWithin(rect: Rect, { width, height }: { width: number; height: number }): boolean {
  const slack = 0.01;
  const ends = rect.x + rect.width <= width + slack && rect.y + rect.height <= height + slack;
  return rect.width > 0 && rect.height > 0 && rect.x >= -slack && rect.y >= -slack && ends;
}

function overlap(a: Rect, b: Rect): boolean {
  const slack = 0.01;
  return (
    a.x + a.width > b.x + slack &&
    b.x + b.width > a.x + slack &&
    a.y + a.height > b.y + slack &&
    b.y + b.height > a.y + slack
  );
}
