/** Where our own picture is shown. */
export type OwnPlace = "corner" | "grid" | "hidden";

/**
 * With one or two others the own picture floats in a corner. With more, or beside a shared screen, it would lie on
 * somebody's face: there it is a tile among the others.
 */
export function ownPlace(options: { others: number; screens: number; hidden: boolean }): OwnPlace {
  if (options.hidden) return "hidden";
  return options.others > 2 || options.screens > 0 ? "grid" : "corner";
}
