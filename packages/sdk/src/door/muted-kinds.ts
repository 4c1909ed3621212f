import type { MutableKind } from "@mqtt-meet/protocol";
import { SdkError } from "../sdk-error.ts";
import type { MutedKind, RoomRules } from "./room-door-state.ts";

/** All that can be muted, in the order in which it is told. */
export const MUTED_KINDS: readonly MutedKind[] = ["microphone", "camera", "screen"];
const ON_THE_WIRE = { microphone: "a", camera: "v", screen: "s" } as const;

/** What `peer` may not send. */
export function mutedKindsOf(
  { muted, mutedPeers }: Pick<RoomRules, "muted" | "mutedPeers">,
  { peer, isHost }: { readonly peer: string; readonly isHost: boolean },
): readonly MutedKind[] {
  if (isHost) return [];
  const single = mutedPeers.get(peer) ?? [];
  return MUTED_KINDS.filter((kind) => muted.includes(kind) || single.includes(kind));
}

/** What muting stops of a track, as the server tells it: by its sound, or by being a screen. */
export function mutedKindOf(track: { readonly kind: "audio" | "video"; readonly source: string }): MutedKind {
  if (track.kind === "audio") return "microphone";
  return track.source === "screen" ? "screen" : "camera";
}

/** Throws an SdkError "muted-by-host" when `track` is something that we may not send. */
export function checkMayUnmute(
  track: { readonly kind: "audio" | "video"; readonly source: string },
  ownMuted: readonly MutedKind[],
): void {
  if (ownMuted.includes(mutedKindOf(track))) throw new SdkError("muted-by-host", "A host has muted you.");
}

/** The kinds of the wire (docs/protocol.md, K7) in words. */
export function mutedKindsFrom(kinds: readonly MutableKind[]): readonly MutedKind[] {
  return MUTED_KINDS.filter((kind) => kinds.includes(ON_THE_WIRE[kind]));
}

/** The same on the wire. */
export function mutableKindsOf(kinds: readonly MutedKind[]): readonly MutableKind[] {
  return MUTED_KINDS.filter((kind) => kinds.includes(kind)).map((kind) => ON_THE_WIRE[kind]);
}
