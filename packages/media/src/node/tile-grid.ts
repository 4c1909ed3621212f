import type { Size } from "./fit-size.ts";

/** A rectangle in pixels, from the upper left corner. */
export interface Rectangle extends Size {
  readonly x: number;
  readonly y: number;
}

/** The rectangles of a grid of `count` tiles with the shape that leaves the largest pictures of 16:9. */
export function tileGrid(count: number, area: Size): readonly Rectangle[] {
  let best: { readonly columns: number; readonly pictureWidth: number } = { columns: 1, pictureWidth: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const pictureWidth = Math.min(area.widthPx / columns, (area.heightPx / rows) * (16 / 9));
    if (pictureWidth >= best.pictureWidth) best = { columns, pictureWidth };
  }
  const rows = Math.ceil(count / best.columns);
  return Array.from({ length: count }, (_, index) => {
    const column = index % best.columns;
    const row = Math.floor(index / best.columns);
    const x = Math.round((area.widthPx * column) / best.columns);
    const y = Math.round((area.heightPx * row) / rows);
    const right = Math.round((area.widthPx * (column + 1)) / best.columns);
    const bottom = Math.round((area.heightPx * (row + 1)) / rows);
    return { x, y, widthPx: right - x, heightPx: bottom - y };
  });
}

/** Where a picture lies in a tile so that all of it is seen, as large as possible. */
export function letterbox(picture: Size, tile: Rectangle): Rectangle {
  const scale = Math.min(tile.widthPx / picture.widthPx, tile.heightPx / picture.heightPx);
  const widthPx = Math.max(1, Math.round(picture.widthPx * scale));
  const heightPx = Math.max(1, Math.round(picture.heightPx * scale));
  const x = tile.x + Math.floor((tile.widthPx - widthPx) / 2);
  const y = tile.y + Math.floor((tile.heightPx - heightPx) / 2);
  return { x, y, widthPx, heightPx };
}
