import { decodeBase64Url, type Invitation, type MeetingLink, parseInvitation } from "@mqtt-meet/protocol";

/** What we may do in a room. A server enforces it where an invitation says less than everything (docs/protocol.md, K11). */
export interface RoomRights {
  readonly microphone: boolean;
  readonly camera: boolean;
  readonly screen: boolean;
  /** Whether the sound and pictures of the others come. */
  readonly watch: boolean;
  /** Whether we may remove others. */
  readonly host: boolean;
  /** Whether {@link Room.link} may be passed on: an invitation is for one person. */
  readonly invite: boolean;
  /** When all of it ends, in milliseconds since the Unix epoch; undefined: never. */
  readonly expiresAtMs: number | undefined;
}

/** Of who came with a link that has no invitation. */
export const ALL_RIGHTS: RoomRights = {
  ...{ microphone: true, camera: true, screen: true, watch: true, host: false, invite: true },
  expiresAtMs: undefined,
};

/** What the link lets its holder do; the server has the last word. */
export function linkRights({ invitation }: Pick<MeetingLink, "invitation">): RoomRights {
  const read = invitation === undefined ? undefined : readInvitation(invitation);
  return read ? rightsOf(read) : ALL_RIGHTS;
}

/** What stands in an invitation, without checking who signed it; undefined when it cannot be read. */
export function readInvitation(text: string): Invitation | undefined {
  try {
    const payload: unknown = JSON.parse(new TextDecoder().decode(decodeBase64Url(text.split(".")[1] ?? "")));
    return parseInvitation(payload);
  } catch {
    return undefined;
  }
}

/** The same in the words of applications. */
export function rightsOf({ publish, subscribe, admin, expiresAtS }: Invitation): RoomRights {
  return {
    microphone: publish.includes("a"),
    camera: publish.includes("v"),
    screen: publish.includes("s"),
    watch: subscribe,
    host: admin,
    invite: false,
    expiresAtMs: expiresAtS * 1000,
  };
}
