import type { BrowserContext, Page } from "playwright";

/** What pages asked for and printed, as the browser tells it. */
export interface PageTraces {
  /** Every request of every page and worker. */
  readonly requests: { readonly address: string; readonly headers: unknown; readonly body: string | null }[];
  /** Every line that a page or one of its workers printed, and every error that nobody caught. */
  readonly lines: string[];
}

/** Keeps what the pages of `context` ask for and print, from now on. */
export function tracePages(context: BrowserContext): PageTraces {
  const traces: PageTraces = { requests: [], lines: [] };
  context.on("request", (request) => {
    traces.requests.push({ address: request.url(), headers: request.headers(), body: request.postData() });
  });
  context.on("console", (message) => traces.lines.push(`${message.text()} ${message.location().url}`));
  context.on("weberror", (error) => traces.lines.push(String(error.error().stack ?? error.error())));
  return traces;
}

/**
 * Everything that a page has put where it is kept: both storages, databases, caches, cookies, what goes with the entries of
 * the history and their addresses, but for that of the page itself. Bytes are in base64url.
 */
export async function storedBy(page: Page): Promise<string> {
  const cookies = await page.context().cookies();
  const parts = [await page.evaluate(readWindow), await page.evaluate(readDatabases), await page.evaluate(readCaches)];
  return [JSON.stringify(cookies), ...parts].join("\n");
}

// The following run in the page, so they use nothing of this file.

function readWindow(): string {
  const { navigation } = window as unknown as {
    navigation: { entries(): { readonly url: string; getState(): unknown }[] };
  };
  const own = location.href;
  const history = navigation.entries().map((entry) => [entry.url === own ? "" : entry.url, entry.getState()]);
  const stores = [{ ...localStorage }, { ...sessionStorage }, document.cookie, document.referrer, window.name];
  return JSON.stringify([stores, window.history.state, history]);
}

async function readDatabases(): Promise<string> {
  const settled = (request: IDBRequest) =>
    new Promise<void>((resolve, reject) => {
      request.onsuccess = () => resolve();
      request.onerror = () => reject(request.error);
    });
  const parts: unknown[] = [];
  for (const { name = "" } of await indexedDB.databases()) {
    const opening = indexedDB.open(name);
    await settled(opening);
    for (const store of opening.result.objectStoreNames) {
      const objects = opening.result.transaction(store).objectStore(store);
      const [keys, values] = [objects.getAllKeys(), objects.getAll()];
      await Promise.all([settled(keys), settled(values)]);
      parts.push([name, store, keys.result, values.result]);
    }
    opening.result.close();
  }
  return JSON.stringify(parts, (_key, value: unknown) => {
    if (!ArrayBuffer.isView(value)) return value;
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    return btoa(String.fromCharCode(...bytes))
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .replaceAll("=", "");
  });
}

async function readCaches(): Promise<string> {
  const parts: unknown[] = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      parts.push([name, request.url, await (await cache.match(request))?.text()]);
    }
  }
  return JSON.stringify(parts);
}
