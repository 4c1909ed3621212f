import { SdkError } from "./sdk-error.ts";

/** A packet of a handshake that is lost, and lost again, costs three seconds (RFC 6298, 2.1 and 5.5), which happens where one in ten is. */
const TIMEOUT_MS = 10_000;
/** A configuration is a line or two. */
const MAX_CHARACTERS = 16_384;

/** Nobody needs more ways to one broker. */
const MAX_URLS = 8;

/** What TLS says about certificates that nobody on this machine vouches for, as Node names it. */
const UNTRUSTED = /SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|CERT_|ALTNAME/;

/** Where a room's broker is. */
export interface SiteBroker {
  /** Several are the nodes of a cluster: any of them will do. */
  readonly urls: readonly [string, ...string[]];
  /** The account that everybody uses there, instead of what proves the room. */
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** The site says that it has rooms without encryption. */
  readonly openRooms?: true;
  /** Other brokers whose camera topics the site's pages may show. */
  readonly cameraBrokers?: readonly string[];
}

/** `http:` for a broker beside its site; programs also speak MQTT without a WebSocket. */
const PROTOCOLS: ReadonlySet<string> = new Set(["ws:", "wss:", "mqtt:", "mqtts:"]);

/** A site's broker, from `<site>/config.json`. Rejects with an SdkError, or the signal's reason. */
export async function siteBroker(
  site: string,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<SiteBroker> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const text = await load(site, signal === undefined ? timeout : AbortSignal.any([timeout, signal])).catch((error) => {
    signal?.throwIfAborted();
    throw translate(site, error);
  });
  const broker = brokerIn(text, site);
  if (broker === undefined) throw foreignSite(site);
  return broker;
}

async function load(site: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(`${site}/config.json`, { signal, redirect: "follow", credentials: "omit" });
  if (!response.ok) throw foreignSite(site);
  return (await response.text()).slice(0, MAX_CHARACTERS);
}

/** Undefined when `text` is no configuration of a site of ours. */
function brokerIn(text: string, site: string): SiteBroker | undefined {
  try {
    const config: unknown = JSON.parse(text);
    if (typeof config !== "object" || config === null || !("broker" in config)) return undefined;
    const [first, ...others] = [config.broker].flat().map((url) => brokerUrl(url, site));
    return first === undefined || others.length >= MAX_URLS
      ? undefined
      : { urls: [first, ...others], ...accountIn(config), ...openRoomsIn(config), ...cameraBrokersIn(config) };
  } catch {
    return undefined;
  }
}

/** Throws when `text` is no address of a broker. */
function brokerUrl(text: unknown, site: string): string {
  if (typeof text !== "string") throw new TypeError("An address is a text.");
  const url = new URL(text, `${site}/`);
  url.protocol = url.protocol.replace(/^http/, "ws");
  if (!PROTOCOLS.has(url.protocol)) throw new TypeError("A broker has another kind of address.");
  return url.href;
}

function accountIn(config: object): Pick<SiteBroker, "username" | "password"> {
  const { username, password } = config as { readonly username?: unknown; readonly password?: unknown };
  if (typeof username !== "string") return {};
  return { username, password: typeof password === "string" ? password : undefined };
}

function openRoomsIn(config: object): Pick<SiteBroker, "openRooms"> {
  return (config as { readonly openRooms?: unknown }).openRooms === true ? { openRooms: true } : {};
}

/** What is no address of a WebSocket is of no use to a page. */
function cameraBrokersIn(config: object): Pick<SiteBroker, "cameraBrokers"> {
  const { cameraBrokers: listed } = config as { readonly cameraBrokers?: unknown };
  const isWebSocket = (url: unknown) => typeof url === "string" && /^wss?:\/\//.test(url) && URL.canParse(url);
  const cameraBrokers = Array.isArray(listed) ? listed.filter(isWebSocket).slice(0, MAX_URLS) : [];
  return cameraBrokers.length === 0 ? {} : { cameraBrokers };
}

function foreignSite(site: string): SdkError {
  return new SdkError("server-unknown", `There is no mqtt-meet server at ${site}.`);
}

function translate(site: string, error: unknown): SdkError {
  if (error instanceof SdkError) return error;
  if (error instanceof Error && error.name === "TimeoutError") {
    return new SdkError("server-unreachable", `${site} does not answer.`, { cause: error });
  }
  const { code } = ((error instanceof Error ? error.cause : undefined) as { readonly code?: unknown }) ?? {};
  if (typeof code === "string" && UNTRUSTED.test(code)) {
    const help = `download ${site}/ca.crt and set NODE_EXTRA_CA_CERTS to the file`;
    return new SdkError("certificate-untrusted", `The certificate of ${site} is not trusted here: ${help}.`, {
      cause: error,
    });
  }
  return new SdkError("server-unreachable", `${site} cannot be reached.`, { cause: error });
}
