import type { StageTile } from "./stage-tiles.ts";
import { layoutStage, type Rect, type TileShape } from "./tile-layout.ts";

/** What the stage shows large: everybody alike, or whoever speaks. */
export type StageView = "grid" | "speaker";

/** One tile of the page that is shown. */
export interface PlacedTile {
  readonly tile: StageTile;
  readonly rect: Rect;
  /** It has the large place, or a part of it. */
  readonly featured: boolean;
}

/** A page of the stage. */
export interface StageArrangement {
  readonly placed: readonly PlacedTile[];
  /** From 0. */
  readonly page: number;
  readonly pages: number;
  /** How many of the others a page holds beside the featured ones; without a limit while there is one page. */
  readonly perPage: number;
}

/** What there is to be arranged. */
export interface StageContent {
  /** The others, in the order of the stage. */
  readonly others: readonly StageTile[];
  /** Our own tile, where it has a place among the others: it ends every page. */
  readonly own: StageTile | undefined;
  readonly view: StageView;
  /** The id of the tile that the user wants to see large. */
  readonly pinned: string | undefined;
  /** The peer who has the word. */
  readonly speaker: string | undefined;
  readonly page: number;
  readonly aspectOf: (tile: StageTile) => number | undefined;
}

/** More pictures at once than this are not worth their decoding. */
export const MOST_TILES = 49;

/** The tiles of one page and their places: what is featured is on every page, the others are turned over. */
export function arrangeStage(content: StageContent, stage: { width: number; height: number }): StageArrangement {
  const { others, own, aspectOf } = content;
  const large = featuredOf(content);
  const small = others.filter((tile) => !large.includes(tile));
  const ownSmall = own && !large.includes(own) ? [own] : [];
  const shape = (tile: StageTile): TileShape => ({
    aspect: aspectOf(tile),
    featured: large.includes(tile),
  });
  const layout = (tiles: readonly StageTile[]) => layoutStage(tiles.map(shape), stage);
  const fits = (count: number) =>
    count + large.length + ownSmall.length <= MOST_TILES &&
    layout([...large, ...small.slice(0, count), ...ownSmall]).contentHeight <= stage.height + 1;
  const perPage = Math.max(1, largestThat(fits, small.length));
  const pages = Math.max(1, Math.ceil(small.length / perPage));
  const page = Math.max(0, Math.min(content.page, pages - 1));
  const shown = new Set([...large, ...small.slice(page * perPage, (page + 1) * perPage), ...ownSmall]);
  const tiles = [...others, ...(own ? [own] : [])].filter((tile) => shown.has(tile));
  const { rects } = layout(tiles);
  const placed = tiles.flatMap((tile, index) => {
    const rect = rects[index];
    return rect ? [{ tile, rect, featured: large.includes(tile) }] : [];
  });
  return { placed, page, pages, perPage: pages === 1 ? Number.POSITIVE_INFINITY : perPage };
}

/** What is pinned; else all screens; else, in the speaker view, who has the word. */
function featuredOf({ others, own, view, pinned, speaker }: StageContent): readonly StageTile[] {
  const all = own ? [...others, own] : others;
  const chosen = all.filter((tile) => tile.id === pinned);
  if (chosen.length > 0) return chosen;
  const screens = others.filter((tile) => tile.kind === "screen");
  if (screens.length > 0) return screens;
  if (view === "grid" || others.length === 0) return [];
  const who = others.find((tile) => tile.peer === speaker) ?? others[0];
  return who ? [who] : [];
}

/** The largest count up to `most` for which `fits` holds, as it does for every smaller one; 0 when there is none. */
function largestThat(fits: (count: number) => boolean, most: number): number {
  if (fits(most)) return most;
  let [holds, fails] = [0, most];
  while (fails - holds > 1) {
    const middle = (holds + fails) >> 1;
    if (fits(middle)) holds = middle;
    else fails = middle;
  }
  return holds;
}
