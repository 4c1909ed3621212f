/** What the layout needs to know of a tile. */
export interface TileShape {
  /** Width by height of the picture; undefined without one. */
  readonly aspect: number | undefined;
  /** Takes the large place: a shared screen. */
  readonly featured: boolean;
}

/** A place on the stage, in CSS pixels from its upper left corner. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where every tile goes, in the order they were given. */
export interface StageLayout {
  readonly rects: readonly Rect[];
  /** More than the stage's height where it must scroll. */
  readonly contentHeight: number;
}

interface Cells {
  readonly columns: number;
  readonly width: number;
  readonly height: number;
}

interface AspectRange {
  readonly least: number;
  readonly most: number;
}

/** Between tiles. */
export const GAP_PX = 8;
/** A face on a smaller tile is not recognised; beyond this the stage scrolls. */
const LEAST_TILE_WIDTH_PX = 150;
/** Beside a screen that is explained, faces may be smaller. */
const LEAST_STRIP_TILE_WIDTH_PX = 84;
/** At most a fifth of a face's picture is cut away: so much at the sides, but hardly anything of the hair and the chin. */
export const MOST_CROPPED = 0.2;
const MOST_CROPPED_IN_HEIGHT = 0.1;
const USUAL_ASPECT = 16 / 9;
/** Alone on the stage, a tile without a picture may take nearly any shape. */
const FREE: AspectRange = { least: 0.5, most: 2.4 };

/**
 * The largest tiles that fit: every number of columns is tried. Featured tiles take most of the stage, the others a
 * strip beside them on a wide stage, below them on a tall one.
 */
export function layoutStage(tiles: readonly TileShape[], stage: Size): StageLayout {
  const featured = tiles.filter((tile) => tile.featured);
  const others = tiles.filter((tile) => !tile.featured);
  const whole = { x: 0, y: 0, ...stage };
  if (featured.length === 0 || others.length === 0) {
    return layoutGrid(tiles, { area: whole, leastWidth: LEAST_TILE_WIDTH_PX });
  }
  const stripPx = stripSize({ featured, others }, stage);
  const { large, strip } = splitStage(stage, stripPx);
  const above = layoutGrid(featured, { area: large, leastWidth: 0 });
  const below = layoutGrid(others, { area: strip, leastWidth: LEAST_STRIP_TILE_WIDTH_PX });
  const stacked = stage.width > stage.height ? [above.rects, below.rects] : pushTogether(above, below, stage.height);
  const [largeRects, smallRects] = stacked.map((rects) => rects.values());
  const nothing: Rect = { x: 0, y: 0, width: 0, height: 0 };
  return {
    rects: tiles.map((tile) => (tile.featured ? largeRects : smallRects)?.next().value ?? nothing),
    contentHeight: Math.max(stage.height, strip.y + below.contentHeight),
  };
}

/** One below the other and both in the middle, with the empty space around them instead of between. */
function pushTogether(above: StageLayout, below: StageLayout, height: number): (readonly Rect[])[] {
  const parts = [above.rects, below.rects].map((rects) => {
    const top = Math.min(...rects.map((rect) => rect.y));
    return { rects, top, height: Math.max(...rects.map((rect) => rect.y + rect.height)) - top };
  });
  const used = parts.reduce((sum, part) => sum + part.height + GAP_PX, -GAP_PX);
  let y = Math.max(0, (height - used) / 2);
  return parts.map((part) => {
    const shift = y - part.top;
    y += part.height + GAP_PX;
    return part.rects.map((rect) => ({ ...rect, y: rect.y + shift }));
  });
}

/** The strip has its least size, and what the featured tiles leave of the stage. */
function stripSize(
  { featured, others }: { featured: readonly TileShape[]; others: readonly TileShape[] },
  stage: Size,
): number {
  const isWide = stage.width > stage.height;
  const least = isWide ? sideStrip(others, stage) : Math.round(stage.height * 0.3);
  const { rects } = layoutGrid(featured, { area: splitStage(stage, least).large, leastWidth: 0 });
  const starts = rects.map((rect) => (isWide ? rect.x : rect.y));
  const ends = rects.map((rect) => (isWide ? rect.x + rect.width : rect.y + rect.height));
  const used = Math.max(...ends) - Math.min(...starts);
  const left = (isWide ? stage.width : stage.height) - used - GAP_PX;
  return Math.max(least, Math.min(left, isWide ? stage.width * 0.4 : stage.height * 0.42));
}

/** Beside the featured tiles: a fifth of the stage, or what faces use of it that are as tall as they can be. */
function sideStrip(others: readonly TileShape[], { width, height }: Size): number {
  const usual = Math.max(LEAST_TILE_WIDTH_PX, Math.min(280, Math.round(width * 0.2)));
  const area = { x: 0, y: 0, width: usual, height };
  const { rects } = layoutGrid(others, { area, leastWidth: LEAST_STRIP_TILE_WIDTH_PX });
  const used = Math.max(...rects.map((rect) => rect.x + rect.width)) - Math.min(...rects.map((rect) => rect.x));
  return Math.min(usual, Math.ceil(used));
}

function splitStage({ width, height }: Size, stripPx: number): { large: Rect; strip: Rect } {
  if (width > height) {
    const large = Math.max(0, width - stripPx - GAP_PX);
    return {
      large: { x: 0, y: 0, width: large, height },
      strip: { x: large + GAP_PX, y: 0, width: stripPx, height },
    };
  }
  const large = Math.max(0, height - stripPx - GAP_PX);
  return {
    large: { x: 0, y: 0, width, height: large },
    strip: { x: 0, y: large + GAP_PX, width, height: stripPx },
  };
}

function layoutGrid(
  tiles: readonly TileShape[],
  { area, leastWidth }: { area: Rect; leastWidth: number },
): StageLayout {
  if (tiles.length === 0) return { rects: [], contentHeight: area.height };
  const range = aspectRange(tiles);
  let best = fitCells(tiles.length, { columns: 1, area, range });
  for (let columns = 2; columns <= tiles.length; columns++) {
    const cells = fitCells(tiles.length, { columns, area, range });
    if (facePx(cells, range) > facePx(best, range) + 1) best = cells;
  }
  if (best.width < leastWidth && tiles.length > 1) best = scrollingCells(tiles.length, { area, range, leastWidth });
  return placeCells(best, { count: tiles.length, area });
}

/** How large faces come out: what is wider than the narrowest shape shows more of the wall, not more of the face. */
function facePx({ width, height }: Cells, range: AspectRange): number {
  return height * Math.min(width, height * range.least);
}

function fitCells(count: number, { columns, area, range }: { columns: number; area: Rect; range: AspectRange }): Cells {
  const rows = Math.ceil(count / columns);
  const width = Math.max(0, (area.width - GAP_PX * (columns - 1)) / columns);
  const height = Math.max(0, (area.height - GAP_PX * (rows - 1)) / rows);
  const aspect = width / (height || 1);
  if (aspect > range.most) return { columns, width: height * range.most, height };
  if (aspect < range.least) return { columns, width, height: width / range.least };
  return { columns, width, height };
}

/** As many columns as the least width allows; the rows go on below the stage's end. */
function scrollingCells(
  count: number,
  { area, range, leastWidth }: { area: Rect; range: AspectRange; leastWidth: number },
): Cells {
  const most = Math.max(1, Math.floor((area.width + GAP_PX) / (leastWidth + GAP_PX)));
  const columns = Math.min(most, count);
  const width = Math.max(0, (area.width - GAP_PX * (columns - 1)) / columns);
  return { columns, width, height: width / Math.min(range.most, Math.max(range.least, USUAL_ASPECT)) };
}

/** The grid stands in the middle of its area, and so does its last row. */
function placeCells({ columns, width, height }: Cells, { count, area }: { count: number; area: Rect }): StageLayout {
  const rows = Math.ceil(count / columns);
  const gridHeight = rows * (height + GAP_PX) - GAP_PX;
  const top = area.y + Math.max(0, (area.height - gridHeight) / 2);
  const rects = Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns);
    const inRow = row === rows - 1 ? count - row * columns : columns;
    const left = area.x + (area.width - (inRow * (width + GAP_PX) - GAP_PX)) / 2;
    return { x: left + (index % columns) * (width + GAP_PX), y: top + row * (height + GAP_PX), width, height };
  });
  return { rects, contentHeight: Math.max(area.height, gridHeight) };
}

/** The shapes at which the middle one of the pictures is cropped by no more than is allowed. */
function aspectRange(tiles: readonly TileShape[]): AspectRange {
  const aspects = tiles
    .map((tile) => tile.aspect)
    .filter((aspect) => aspect !== undefined)
    .sort((a, b) => a - b);
  if (aspects.length === 0 && tiles.length === 1) return FREE;
  const middle = aspects[Math.floor(aspects.length / 2)] ?? USUAL_ASPECT;
  if (tiles.every((tile) => tile.featured)) return { least: middle, most: middle };
  return { least: middle * (1 - MOST_CROPPED), most: middle / (1 - MOST_CROPPED_IN_HEIGHT) };
}
