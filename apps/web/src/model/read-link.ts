import { formatMeetingLink, type MeetingLink, parseMeetingLink } from "@mqtt-meet/sdk";

/** Why a text is not a link that this page can follow. */
export type LinkProblem =
  | "empty"
  | "no-link"
  | "topic"
  | "not-a-meeting"
  | "passphrase-in-link"
  | "invitation"
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
  if (!/\/r\/[^/]+\/?$/.test(place)) return "not-a-meeting";
  if (fragment.startsWith("p")) return "passphrase-in-link";
  return fragment.startsWith("t") ? "invitation" : "secret-damaged";
}
