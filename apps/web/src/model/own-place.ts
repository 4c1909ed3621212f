/** Where our own picture is shown. */
export type OwnPlace = "corner" | "grid" | "hidden";

/**
 * Alone and with one other, the own picture floats in a corner. With more, or beside a shared screen, it would lie on
 * somebody's face, and a tile of its own costs the others next to nothing.
 */
export function ownPlace(options: { others: number; screens: number; hidden: boolean }): OwnPlace {
  if (options.hidden) return "hidden";
  return options.others > 1 || options.screens > 0 ? "grid" : "corner";
}
