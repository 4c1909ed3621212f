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

/** Where reactions begin to rise, in parts of the stage's width: on the left, beside each other rather than behind. */
export function reactionPlace(id: number): number {
  return 0.05 + ((id * 7) % 10) * 0.035;
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
