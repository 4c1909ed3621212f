import { checkedHost } from "./security-headers.ts";

/**
 * Other sites whose pages may show meetings of this server: hold its page in a frame, load its elements, and connect to its
 * broker. Whoever runs the server names them one by one.
 */
export class AllowedOrigins {
  readonly #origins: ReadonlySet<string>;

  /** `origins` look like `https://blog.example`. Throws RangeError where one does not. */
  constructor(origins: readonly string[]) {
    this.#origins = new Set(origins.map(checkedOrigin));
  }

  get isEmpty(): boolean {
    return this.#origins.size === 0;
  }

  /** `origin` as browsers write it. */
  includes(origin: string): boolean {
    return this.#origins.has(origin);
  }

  /** For a header: safe there, because each is what a URL made of it. */
  get list(): readonly string[] {
    return [...this.#origins];
  }
}

/** Without a path, and not "null", which many pages that have nothing in common send. */
function checkedOrigin(text: string): string {
  const url = /^https?:\/\/[^/?#@\s]+\/?$/i.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  if (!url || checkedHost(url.host) === undefined) {
    throw new RangeError(`${text} is no origin: it looks like https://blog.example, without a path.`);
  }
  return url.origin;
}
