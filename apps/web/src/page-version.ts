import { type ReadonlySignal, signal } from "@preact/signals";

/** What {@link PageVersion} has of the outside; a test brings its own. */
export interface PageVersionPorts {
  /** Of this page. Undefined: it was not built. */
  readonly own: string | undefined;
  /** What the server says of itself now; undefined when it says nothing. Never rejects. */
  readonly ofServer: () => Promise<string | undefined>;
  /** Outlives a reload, and nothing else. Undefined where a browser keeps nothing. */
  readonly storage: Pick<Storage, "getItem" | "setItem" | "removeItem"> | undefined;
  readonly reload: () => void;
}

/** What somebody should know: it was an old page and is none any more; it is one, and loading it again did not help. */
export type VersionNews = "renewed" | "stuck";

/** What to do about the versions. "same" also where one of them is not known. */
export type VersionVerdict = "same" | "renewed" | "reload" | "stuck";

const KEY = "mqtt-meet.reloaded";

/** Long enough for a server that has just started. */
const TIMEOUT_MS = 5_000;
/** A version is a few numbers. */
const MAX_CHARACTERS = 64;

/**
 * Decides whether a page goes on. It is loaded again at most once, whatever the server says next: a cache between them, or two
 * servers behind one name, would go on for ever.
 */
export function judgeVersion(facts: {
  readonly own: string | undefined;
  readonly server: string | undefined;
  readonly hasReloaded: boolean;
}): VersionVerdict {
  const { own, server, hasReloaded } = facts;
  if (own === undefined || server === undefined) return "same";
  if (own === server) return hasReloaded ? "renewed" : "same";
  return hasReloaded ? "stuck" : "reload";
}

/** Notices that the server has another version than this page, as after an update, and loads the page again. */
export class PageVersion {
  readonly #ports: PageVersionPorts;
  readonly #news = signal<VersionNews | undefined>(undefined);
  readonly news: ReadonlySignal<VersionNews | undefined> = this.#news;

  constructor(ports: PageVersionPorts) {
    this.#ports = ports;
  }

  /**
   * Asks the server. Nothing is loaded while `isBusy`: a meeting is not interrupted. Resolves to "reload" also then, and
   * somebody has to be asked.
   */
  async check(options: { readonly isBusy: () => boolean }): Promise<VersionVerdict> {
    const { own, ofServer, storage } = this.#ports;
    const server = await ofServer();
    // Without a memory it could go on for ever.
    const hasReloaded = storage === undefined || storage.getItem(KEY) !== null;
    const verdict = judgeVersion({ own, server, hasReloaded });
    const isShown = verdict === "stuck" || (verdict === "renewed" && storage !== undefined);
    if (verdict === "renewed") storage?.removeItem(KEY);
    if (isShown) this.#news.value = verdict;
    if (verdict === "reload" && !options.isBusy()) this.reload();
    return verdict;
  }

  reload(): void {
    this.#ports.storage?.setItem(KEY, "1");
    this.#ports.reload();
  }

  dismiss(): void {
    this.#news.value = undefined;
  }
}

/** The ports of a real page. `site` is where it belongs. */
export function browserVersionPorts(site: string): PageVersionPorts {
  return {
    own: typeof __PAGE_VERSION__ === "string" ? __PAGE_VERSION__ : undefined,
    ofServer: async () => {
      try {
        const signal = AbortSignal.timeout(TIMEOUT_MS);
        const response = await fetch(`${site}/config.json`, { signal, cache: "no-store", credentials: "omit" });
        const { version } = (await response.json()) as { readonly version?: unknown };
        return typeof version === "string" ? version.slice(0, MAX_CHARACTERS) : undefined;
      } catch {
        return undefined; // who joins is told what is wrong with the server
      }
    },
    storage: tabStorage(),
    reload: () => location.reload(),
  };
}

function tabStorage(): Storage | undefined {
  try {
    return sessionStorage;
  } catch {
    return undefined;
  }
}

declare global {
  /** Put in by the build. */
  const __PAGE_VERSION__: string | undefined;
}
