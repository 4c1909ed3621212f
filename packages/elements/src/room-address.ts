/** What the page around a meeting chooses for it. */
export interface RoomChoices {
  readonly name?: string | undefined;
  readonly language?: string | undefined;
  readonly theme?: string | undefined;
  readonly camera?: string | undefined;
  readonly microphone?: string | undefined;
  /** Straight in, without the lobby. */
  readonly join?: boolean;
}

/** Where a meeting is. */
export interface RoomAddress {
  /** Origin and path before `/r/`. */
  readonly site: string;
  /** For people. */
  readonly room: string;
  /** Of the meeting's page with the choices behind the link's fragment, which no server is told. */
  readonly page: string;
  /** The link names the broker, so the site has no configuration to ask for. */
  readonly namesBroker: boolean;
}

/** Undefined when `link` does not lead to a meeting. */
export function roomAddress(link: string, choices: RoomChoices = {}): RoomAddress | undefined {
  const url = URL.canParse(link.trim()) ? new URL(link.trim()) : undefined;
  const [, path, name] = /^(.*)\/r\/([^/]+)\/?$/.exec(url?.pathname ?? "") ?? [];
  if (!url || !/^https?:$/.test(url.protocol) || path === undefined || name === undefined) return undefined;
  const options = optionsOf(choices);
  const [place = "", fragment = ""] = url.href.split("#", 2);
  const page = options === "" ? url.href : `${place}#${fragment}&${options}`;
  return { site: url.origin + path, room: decoded(name), page, namesBroker: url.searchParams.has("broker") };
}

function optionsOf({ join = false, ...choices }: RoomChoices): string {
  const given = Object.entries(choices).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return [new URLSearchParams(given).toString(), join ? "join" : ""].filter(Boolean).join("&");
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
