import { decodeBase64Url, encodeBase64Url } from "./base64url.ts";
import { cleanName } from "./clean-text.ts";
import { ProtocolError } from "./protocol-error.ts";
import { SECRET_BYTES } from "./room-keys.ts";

/** Where a meeting is and what opens it. Whoever has the link is in the room: it is shown to members only. */
export interface MeetingLink {
  /** Origin and path of the site, without a slash at the end. */
  readonly site: string;
  /** For people. In an open room also the room's level. */
  readonly name: string;
  /** Absent: an open room, or one with a passphrase. */
  readonly secret?: Uint8Array<ArrayBuffer>;
  /** The secret comes from words that people type; they are never in the link. */
  readonly passphrase?: true;
  /** A signed invitation into a token room, beside the secret: its holder may do what it says (K11). */
  readonly invitation?: string;
  /** The fingerprint of the host's key. */
  readonly host?: string;
  /** The broker's URL, or those of a cluster's nodes, for pages without a server. Absent: the site says it. */
  readonly brokers?: readonly [string, ...string[]];
}

const PATH = /^(.*)\/r\/([^/]+)\/?$/;
const HOST = /^[A-Za-z0-9_-]{16,64}$/;
/** The three parts of a JWT; longer ones fit into no CONNECT that a broker takes before it knows the client. */
const INVITATION = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;
const MAX_INVITATION_CHARACTERS = 4_096;
/** Nobody needs more ways to one broker. */
const MAX_BROKERS = 8;
const BROKER_PROTOCOLS: ReadonlySet<string> = new Set(["ws:", "wss:", "mqtt:", "mqtts:"]);

/**
 * Reads `https://site/r/NAME[?broker=URL]#1.SECRET[.HOST]`, with `#t.INVITATION.SECRET` a link into a token room, with
 * `#p` that of a room with a passphrase, without a fragment that of an open room. Throws a ProtocolError ("link-malformed") whose message never shows what stands behind
 * the `#`.
 */
export function parseMeetingLink(text: string): MeetingLink {
  const url = parseUrl(text.trim());
  const [, path, encodedName] = PATH.exec(url.pathname) ?? [];
  if (path === undefined || encodedName === undefined) {
    throw malformed("A meeting link looks like https://site/r/NAME#1.SECRET; this one has no /r/NAME.");
  }
  const site = url.origin + path;
  return { site, name: decodeName(encodedName), ...linkBrokers(url.search), ...parseFragment(url.hash.slice(1)) };
}

/** The text of `link`. */
export function formatMeetingLink(link: MeetingLink): string {
  const { site, name, secret, passphrase, invitation, host, brokers } = link;
  // What a query may hold as it is stays readable.
  const readable = (url: string) => encodeURIComponent(url).replace(/%(?:3A|2F)/g, decodeURIComponent);
  const query = brokers?.map((url, index) => `${index === 0 ? "?" : "&"}broker=${readable(url)}`).join("") ?? "";
  const place = `${site}/r/${encodeURIComponent(name)}${query}`;
  if (passphrase) return `${place}#p`;
  if (secret === undefined) return place;
  if (invitation !== undefined) return `${place}#t.${invitation}.${encodeBase64Url(secret)}`;
  return `${place}#1.${encodeBase64Url(secret)}${host === undefined ? "" : `.${host}`}`;
}

/**
 * A link to a new room at `site` with a secret that nobody has had before. `host`: the fingerprint of a key whose holder may
 * say what the others' programs then do (H1); without it nobody may.
 */
export function newMeetingLink(site: string, name: string, options: { readonly host?: string } = {}): MeetingLink {
  const { host } = options;
  if (host !== undefined && !HOST.test(host)) throw malformed("The host's fingerprint is none.");
  const secret = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  return { ...placeOf(site, name), secret, ...(host === undefined ? {} : { host }) };
}

/** A link to the rooms of that name at `site` that passphrases open, each another. */
export function newPassphraseLink(site: string, name: string): MeetingLink {
  return { ...placeOf(site, name), passphrase: true };
}

/**
 * The broker that the query of a page's address names, for links to it; more than once for the nodes of a cluster. Throws a
 * ProtocolError ("link-malformed").
 */
export function linkBrokers(query: string): Pick<MeetingLink, "brokers"> {
  const [first, ...others] = new URLSearchParams(query).getAll("broker").map(checkedBroker);
  if (first === undefined) return {};
  if (others.length >= MAX_BROKERS) {
    throw malformed(`The meeting link names more than ${MAX_BROKERS} addresses of its broker.`);
  }
  return { brokers: [first, ...others] };
}

function checkedBroker(broker: string): string {
  const url = URL.canParse(broker) ? new URL(broker) : undefined;
  if (!url || !BROKER_PROTOCOLS.has(url.protocol) || url.hostname === "") {
    throw malformed(
      "The broker in the meeting link is no address that begins with wss://, ws://, mqtts:// or mqtt://.",
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw malformed("The broker in the meeting link carries no user name and no password.");
  }
  return url.href;
}

function placeOf(site: string, name: string): Pick<MeetingLink, "site" | "name"> {
  const shown = cleanName(name);
  if (shown === "" || shown === "." || shown === "..") {
    throw malformed("A room's name has 1 to 64 visible characters, and is not . or .. alone.");
  }
  return { site: site.replace(/\/+$/, ""), name: shown };
}

function parseUrl(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw malformed("A meeting link begins with https:// or http://.");
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw malformed("A meeting link begins with https:// or http://.");
  }
  if (url.username !== "" || url.password !== "") {
    throw malformed("A meeting link carries no user name and no password.");
  }
  return url;
}

function decodeName(encoded: string): string {
  let name = "";
  try {
    name = cleanName(decodeURIComponent(encoded));
  } catch {
    // Said below, as for a name of which nothing is left.
  }
  if (name === "") throw malformed("The room's name in the meeting link cannot be read.");
  return name;
}

function parseFragment(fragment: string): Pick<MeetingLink, "secret" | "passphrase" | "invitation" | "host"> {
  if (fragment === "") return {};
  if (fragment === "p") return { passphrase: true };
  const [version, text = "", host, ...rest] = fragment.split(".");
  if (version === "p") throw malformed("A passphrase does not belong into the link: nothing follows on #p.");
  if (version === "t") return parseInvited(fragment.slice("t.".length));
  if (version !== "1" || rest.length > 0) {
    throw malformed("The meeting link is of a kind that this version does not know.");
  }
  const secret = readSecret(text);
  if (host === undefined) return { secret };
  if (!HOST.test(host)) throw malformed("The host's fingerprint in the meeting link is damaged: copy the whole link.");
  return { secret, host };
}

function parseInvited(text: string): Pick<MeetingLink, "secret" | "invitation"> {
  const end = text.lastIndexOf(".");
  const invitation = text.slice(0, Math.max(0, end));
  if (!INVITATION.test(invitation) || invitation.length > MAX_INVITATION_CHARACTERS) {
    throw malformed("The invitation behind the # of the meeting link is damaged: copy the whole link.");
  }
  return { invitation, secret: readSecret(text.slice(end + 1)) };
}

function readSecret(text: string): Uint8Array<ArrayBuffer> {
  const secret = decodeBase64Url(text);
  if (secret?.length === SECRET_BYTES) return secret;
  throw malformed("The secret behind the # of the meeting link is damaged: copy the whole link.");
}

function malformed(sentence: string): ProtocolError {
  return new ProtocolError("link-malformed", sentence);
}
