/** Which broker carries the meetings, when it is not the one in this process. */
export interface BrokerChoice {
  /** "gateway": clients connect to this server, which connects to the broker; "direct": they connect to the broker. */
  readonly mode: "gateway" | "direct";
  /**
   * `mqtt:`, `mqtts:`, `ws:` or `wss:`; for "direct" one of the last two. Without user name and password. Several are the
   * nodes of one cluster; a gateway goes to the first while it is there.
   */
  readonly urls: readonly [string, ...string[]];
  /** The account at the broker: of the gateway, or the one that every page gets. */
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Certificates (PEM) that are trusted instead of the system's, for a gateway's `mqtts:` and `wss:`. */
  readonly ca?: string | undefined;
}

/** What `config.json` says about the broker: a URL, relative to the site, or several, and an account for it. */
export interface PageBroker {
  readonly broker: string | readonly string[];
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Whether clients may enter rooms without encryption. */
  readonly openRooms?: true;
  /** Other brokers whose camera topics pages may show. */
  readonly cameraBrokers?: readonly string[];
}

/** What {@link pageBroker} tells besides. */
export interface PageBrokerOptions {
  readonly openRooms?: boolean | undefined;
  readonly cameraBrokers?: readonly string[] | undefined;
}

/** How pages and commands reach the broker. */
export function pageBroker(
  choice: BrokerChoice | undefined,
  { openRooms = false, cameraBrokers = [] }: PageBrokerOptions = {},
): PageBroker {
  const more = {
    ...(openRooms ? ({ openRooms: true } as const) : {}),
    ...(cameraBrokers.length === 0 ? {} : { cameraBrokers }),
  };
  if (choice?.mode !== "direct") return { broker: "mqtt", ...more };
  const { urls, username, password } = choice;
  const broker = urls.length === 1 ? urls[0] : urls;
  return { broker, ...(username === undefined ? {} : { username, password }), ...more };
}
