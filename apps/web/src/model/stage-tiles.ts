import type { Participant, RemoteTrack } from "@mqtt-meet/sdk";

/** One place on the stage: somebody with or without a picture, or a screen. */
export interface StageTile {
  /** Stays the same as long as the tile does. */
  readonly id: string;
  readonly peer: string;
  readonly name: string;
  readonly kind: "person" | "camera" | "screen";
  /** The others' picture; undefined without one, and for our own. */
  readonly video: RemoteTrack | undefined;
  /** Undefined where no microphone is to be expected. */
  readonly microphone: "on" | "muted" | undefined;
  readonly trouble: TileTrouble | undefined;
  /** The hand is up. */
  readonly hand: boolean;
  readonly own: boolean;
}

/** Why a tile shows nothing new: the connection of its sender is lost, or we have no key for what it sends. */
export type TileTrouble = "reconnecting" | "cannot-decrypt";

const NONE: ReadonlySet<string> = new Set();

/** The tiles of `participants`, in their order. `undecryptable` has the keys of tracks that cannot be decrypted. */
export function stageTiles(
  participants: readonly Participant[],
  { undecryptable = NONE }: { readonly undecryptable?: ReadonlySet<string> } = {},
): StageTile[] {
  return participants.flatMap((participant) =>
    tilesOf(participant).map((tile) =>
      tile.trouble === undefined && tile.video && undecryptable.has(tile.video.key)
        ? { ...tile, trouble: "cannot-decrypt" }
        : tile,
    ),
  );
}

/** Those who only look on, record or help and send nothing: they take no place. */
export function onlookers(participants: readonly Participant[]): Participant[] {
  return participants.filter((participant) => tilesOf(participant).length === 0);
}

function tilesOf(participant: Participant): StageTile[] {
  const { peer, name, kind, tracks } = participant;
  const videos = tracks.filter((track) => track.kind === "video");
  const [first, ...others] = videos.filter((track) => track.source !== "screen");
  const screens = videos.filter((track) => track.source === "screen" && !track.muted);
  const base = { peer, name, trouble: troubleOf(participant), hand: false, own: false } as const;
  const isPerson = kind === "person";
  const hasPlace = isPerson || kind === "camera" || tracks.length > 0;
  if (!hasPlace) return [];
  const own: StageTile[] = [];
  if (first || isPerson || screens.length === 0) {
    const video = first?.muted ? undefined : first;
    const hand = participant.handAtMs !== undefined;
    own.push({
      ...base,
      hand,
      id: peer,
      kind: isPerson ? "person" : "camera",
      video,
      microphone: microphoneOf(participant),
    });
  }
  const further = (track: RemoteTrack, tileKind: "camera" | "screen"): StageTile => ({
    ...base,
    id: track.key,
    kind: tileKind,
    video: track,
    microphone: undefined,
  });
  return [
    ...own,
    ...others.filter((track) => !track.muted).map((track) => further(track, "camera")),
    ...screens.map((track) => further(track, "screen")),
  ];
}

function troubleOf({ status }: Participant): TileTrouble | undefined {
  return status === "reconnecting" ? "reconnecting" : undefined;
}

function microphoneOf({ kind, tracks }: Participant): StageTile["microphone"] {
  const voices = tracks.filter((track) => track.kind === "audio" && track.source !== "screen-audio");
  if (voices.some((track) => !track.muted)) return "on";
  return kind === "person" || voices.length > 0 ? "muted" : undefined;
}
