import type { Participant, RemoteTrack } from "@mqtt-meet/sdk/browser";

/** Which picture of a meeting is wanted; what is left out does not matter. */
export interface WantedTrack {
  /** A name as it is shown, or a peer. */
  readonly participant?: string | undefined;
  readonly source?: string | undefined;
}

/**
 * The key of the picture to show: a shared screen before a camera, the one that is shown before others of its kind, then who is there
 * longest. Undefined while there is none.
 */
export function chooseTrack(
  participants: readonly Participant[],
  { wanted, shown }: { readonly wanted: WantedTrack; readonly shown: string | undefined },
): string | undefined {
  const chosen = participants
    .filter(({ name, peer }) => !wanted.participant || wanted.participant === name || wanted.participant === peer)
    .toSorted((a, b) => a.joinedAtMs - b.joinedAtMs);
  const pictures = chosen
    .flatMap(({ tracks }) => tracks)
    .filter((track) => track.kind === "video" && !track.muted && (!wanted.source || wanted.source === track.source));
  const rank = ({ source, key }: RemoteTrack) => (source === "screen" ? 2 : 0) + (key === shown ? 1 : 0);
  return pictures.toSorted((a, b) => rank(b) - rank(a))[0]?.key;
}
