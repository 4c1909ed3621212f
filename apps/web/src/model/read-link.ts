import {
  formatMeetingLink,
  linkBrokers,
  type MeetingLink,
  newMeetingLink,
  newPassphraseLink,
  parseMeetingLink,
} from "@mqtt-meet/sdk";

/** Why a text is not a link that this page can follow. */
export type LinkProblem =
  | "empty"
  | "no-link"
  | "topic"
  | "not-a-meeting"
  | "passphrase-in-link"
  | "invitation"
  | "broker"
  | "secret-damaged";

/** What somebody typed or pasted. */
export type ReadLink =
  | { readonly ok: true; readonly link: MeetingLink; readonly text: string }
  | { readonly ok: false; readonly problem: LinkProblem };

/** Finds the meeting's link in a pasted text; `site` completes one that begins with `/r/` or `r/`. */
export function readLink(text: string, site: string): ReadLink {
  const trimmed = text.trim();
  if (trimmed === "") return { ok: false, problem: "empty" };
  if (/(^|\s)(mqtts?|wss?|rtsps?):\/\//i.test(trimmed)) return { ok: false, problem: "topic" };
  const address = findAddress(trimmed, site);
  if (address === undefined) return { ok: false, problem: "no-link" };
  try {
    const link = parseMeetingLink(address);
    return { ok: true, link, text: formatMeetingLink(link) };
  } catch {
    return { ok: false, problem: problemOf(address) };
  }
}

/** What opens the room of a link. */
export type LinkAccess = "secret" | "passphrase" | "open";

export function accessOf({ secret, passphrase }: MeetingLink): LinkAccess {
  if (passphrase) return "passphrase";
  return secret === undefined ? "open" : "secret";
}

/** What {@link startLink} makes a link of. */
export interface NewMeeting {
  readonly name: string;
  /** Of the page's own address. */
  readonly query: string;
  /** With a passphrase that people agree on, instead of a secret in the link. */
  readonly passphrase?: boolean;
  /** The fingerprint of our own key, with which we are the host. Not of a meeting with a passphrase. */
  readonly host?: string | undefined;
}

/** A link to a new meeting at `site`, over the broker that the page's own address names, if it names one. */
export function startLink(site: string, { name, query, passphrase = false, host }: NewMeeting): ReadLink {
  const broker = brokerIn(query);
  if (!broker) return { ok: false, problem: "broker" };
  const options = host === undefined ? {} : { host };
  const link = { ...(passphrase ? newPassphraseLink(site, name) : newMeetingLink(site, name, options)), ...broker };
  return { ok: true, link, text: formatMeetingLink(link) };
}

/** Undefined when the query names a broker that is none. */
function brokerIn(query: string): ReturnType<typeof linkBrokers> | undefined {
  try {
    return linkBrokers(query);
  } catch {
    return undefined;
  }
}

function findAddress(text: string, site: string): string | undefined {
  const path = /^\/?(r\/\S+)$/.exec(text)?.[1];
  if (path !== undefined) return `${site}/${path}`;
  const address = /https?:\/\/[^\s<>"']+/i.exec(text)?.[0];
  if (address !== undefined) return address;
  // Copied without "https://" from where a program hid it.
  return /^[\w.-]+(:\d+)?\/(\S*\/)?r\/\S+$/.test(text) ? `https://${text}` : undefined;
}

function problemOf(address: string): LinkProblem {
  const [place = "", fragment = ""] = address.split("#", 2);
  const [path = "", query = ""] = place.split("?", 2);
  if (!/\/r\/[^/]+\/?$/.test(path)) return "not-a-meeting";
  if (!brokerIn(query)) return "broker";
  if (fragment.startsWith("p")) return "passphrase-in-link";
  return fragment.startsWith("t") ? "invitation" : "secret-damaged";
}
