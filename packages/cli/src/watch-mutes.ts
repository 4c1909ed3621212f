import { type MutedKind, mutedKindOf, type Room, SdkError } from "@mqtt-meet/sdk/node";
import type { Reporter } from "./reporter.ts";

const SENT: Readonly<Record<MutedKind, string>> = { microphone: "sound", camera: "picture", screen: "screen" };

/**
 * Tells when a host of a token room does not let something of ours be sent any more. Once it may be sent again it is: whoever runs
 * the command wants it published, and nobody sits beside it who could switch it on.
 */
export function watchMutes(room: Room, reporter: Reporter, { signal }: { readonly signal: AbortSignal }): void {
  if (!room.door.value.enforced) return;
  let known: readonly MutedKind[] = [];
  const look = () => {
    const published = new Set(room.localTracks.value.map(mutedKindOf));
    const muted = room.door.value.ownMuted.filter((kind) => published.has(kind));
    const [taken, given] = [without(muted, known), without(known, muted)];
    known = muted;
    if (taken.length > 0) reporter.notice(`A host has muted your ${inWords(taken)}.`, { muted });
    if (given.length > 0) {
      reporter.notice(`A host lets your ${inWords(given)} be sent again.`, { muted });
      for (const track of room.localTracks.value) if (given.includes(mutedKindOf(track))) unmute(track);
    }
  };
  for (const changed of [room.door, room.localTracks]) {
    const unsubscribe = changed.subscribe(look);
    signal.addEventListener("abort", unsubscribe, { once: true });
  }
}

function unmute(track: Room["localTracks"]["value"][number]): void {
  try {
    track.setMuted(false);
  } catch (error) {
    // Muted anew by then.
    if (!(error instanceof SdkError) || error.code !== "muted-by-host") throw error;
  }
}

function without(kinds: readonly MutedKind[], others: readonly MutedKind[]): readonly MutedKind[] {
  return kinds.filter((kind) => !others.includes(kind));
}

function inWords(kinds: readonly MutedKind[]): string {
  return kinds.map((kind) => SENT[kind]).join(" and ");
}
