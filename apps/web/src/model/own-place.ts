/** Where our own picture is shown. */
export type OwnPlace = "corner" | "grid" | "hidden";

/** What the user wants of it; "auto" leaves it to the page. */
export type OwnChoice = "auto" | "small" | "hidden";

/**
 * Alone and with one other, the own picture floats in a corner. With more, or beside a shared screen, it would lie on
 * somebody's face, and a tile of its own costs the others next to nothing.
 */
export function ownPlace(options: { others: number; screens: number; choice: OwnChoice }): OwnPlace {
  if (options.choice === "hidden") return "hidden";
  if (options.choice === "small") return "corner";
  return options.others > 1 || options.screens > 0 ? "grid" : "corner";
}
