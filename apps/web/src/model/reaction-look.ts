import type { Reaction, ReactionKind } from "@mqtt-meet/sdk";

/** How each kind looks, in the order in which they are offered. */
export const REACTION_LOOKS: Readonly<Record<ReactionKind, string>> = {
  like: "👍",
  love: "❤️",
  laugh: "😂",
  applause: "👏",
  surprise: "😮",
  celebrate: "🎉",
};

/** The place of a reaction and its name, with some air around it. */
const LANE_PX = 108;
const ROW_PX = 84;
const ROWS = 3;
/** Where there is room, they rise on the left: faces are in the middle. */
const MOST_LANES = 6;

/**
 * Where a reaction begins to rise on a stage that is `widthPx` wide, from its left and from below: side by side, and above
 * each other when the row is full, so that as many as come at once can be read.
 */
export function reactionPlace(id: number, widthPx: number): { readonly leftPx: number; readonly bottomPx: number } {
  const lanes = Math.max(1, Math.min(MOST_LANES, Math.floor(widthPx / LANE_PX)));
  return { leftPx: (id % lanes) * LANE_PX, bottomPx: (Math.floor(id / lanes) % ROWS) * ROW_PX };
}

/** The others' reactions that are newer than the one with the number `seen`, by kind and with every name once. */
export function newReactions(
  reactions: readonly Reaction[],
  seen: number,
): readonly { readonly kind: ReactionKind; readonly names: readonly string[] }[] {
  const names = new Map<ReactionKind, Set<string>>();
  for (const { id, own, kind, name } of reactions) {
    if (!own && id > seen) names.set(kind, (names.get(kind) ?? new Set()).add(name));
  }
  return [...names].map(([kind, set]) => ({ kind, names: [...set] }));
}
