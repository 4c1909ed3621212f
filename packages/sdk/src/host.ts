import type { HostCommandName, HostKey, MeetingLink } from "@mqtt-meet/protocol";

/** What the host of a meeting asks of others, by their peers. Nothing switches a device on. */
export type HostCommand =
  /** Without a peer: everybody else. */
  | { readonly command: "mute"; readonly peer?: string }
  | { readonly command: "stop-camera"; readonly peer: string }
  | { readonly command: "remove"; readonly peer: string }
  /** Everybody else leaves; who says it leaves by {@link Room.leave}. */
  | { readonly command: "end" }
  /** `peer` becomes host; with `keep` we stay one, too. Lasts until one of the two takes it back or leaves. */
  | { readonly command: "hand-over"; readonly peer: string; readonly keep: boolean }
  /** Whoever became host by us, and by them, is none any more. */
  | { readonly command: "take-back" };

/** A command that was said and is obeyed. */
export interface HostAct {
  /** Larger for every later one. */
  readonly id: number;
  readonly command: HostCommandName;
  /** The peer that it is for; undefined: everybody but the host. */
  readonly target: string | undefined;
  /** The target's name when it was said. */
  readonly targetName: string | undefined;
  /** We said it. */
  readonly own: boolean;
  /** It is for us. */
  readonly forUs: boolean;
}

/** Who leads a room without a server that would enforce it. */
export interface RoomHostState {
  /** The link names a host, whom the programs of everybody obey by choice. */
  readonly named: boolean;
  /** It is us: we came with its key, or the role was handed to us. */
  readonly own: boolean;
  /** The peers that are hosts, ourselves included; more than one where a host stayed one when the role was handed on. */
  readonly hosts: readonly string[];
  /** The peer to whom we handed the role, and from whom we can take it back. */
  readonly heir: string | undefined;
  /** The last twenty, oldest first. */
  readonly acts: readonly HostAct[];
}

/** Of a room whose link names no host. */
export const NO_HOST: RoomHostState = { named: false, own: false, hosts: [], heir: undefined, acts: [] };

/** What a room's link and whoever joins it bring for it to have a host. */
export interface HostSeat {
  readonly fingerprint: string;
  /** Only the host has it. */
  readonly key: HostKey | undefined;
}

/** Undefined where the link names no host. Throws a TypeError for the key of another meeting. */
export function hostSeat({ host }: Pick<MeetingLink, "host">, key: HostKey | undefined): HostSeat | undefined {
  if (key !== undefined && key.fingerprint !== host) throw new TypeError("This is not the key of the meeting's host.");
  return host === undefined ? undefined : { fingerprint: host, key };
}

/** What of our own `tracks` a command that is for us silences: no screen, which nobody shares by mistake. */
export function silencedBy<T extends { readonly kind: "audio" | "video"; readonly source: string }>(
  { command }: Pick<HostAct, "command">,
  tracks: readonly T[],
): readonly T[] {
  if (command !== "mute" && command !== "stop-camera") return [];
  const kind = command === "mute" ? "audio" : "video";
  return tracks.filter((track) => track.kind === kind && !track.source.startsWith("screen"));
}
