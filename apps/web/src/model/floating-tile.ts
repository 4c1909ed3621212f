import type { StageTile } from "./stage-tiles.ts";

/** Whom a window with one place shows: what is kept large, a screen, who has the word, or whoever comes first. */
export function floatingTile(
  tiles: readonly StageTile[],
  { pinned, speaker }: { readonly pinned: string | undefined; readonly speaker: string | undefined },
): StageTile | undefined {
  return (
    tiles.find(({ id }) => id === pinned) ??
    tiles.find(({ kind }) => kind === "screen") ??
    tiles.find(({ id }) => id === speaker) ??
    tiles.find(({ video }) => video !== undefined) ??
    tiles[0]
  );
}
