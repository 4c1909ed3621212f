import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Browser, chromium as browserType, type Page } from "playwright";
import { CHROMIUM_ARGUMENTS } from "../../test/support/launch-chromium.ts";
import { chromium } from "../../test/support/requirements.ts";
import { routePage } from "../support/serve-page.ts";
import type { Harness } from "./page/harness.ts";
import type { Signal } from "./page/peer-connection.ts";

/** As for the browsers of the tests; candidates carry addresses, and a certificate of our own will do. */
const ARGUMENTS = [
  ...CHROMIUM_ARGUMENTS,
  "--ignore-certificate-errors",
  "--disable-features=WebRtcHideLocalIpsWithMdns,LocalNetworkAccessChecks",
];

/** Nothing takes so long, not even a first picture on the worst line. */
const CALL_WITHIN_MS = 60_000;

/** A page of the bench. */
export interface BenchPage {
  readonly page: Page;
  /** Calls what the page offers. */
  do<K extends keyof Harness>(name: K, ...args: Parameters<Harness[K]>): Promise<Awaited<ReturnType<Harness[K]>>>;
}

/** Where pages are, and of which files. */
export interface BenchBrowserOptions {
  readonly namespace: string;
  /** For what the browser is started by. */
  readonly folder: string;
  /** The pages' address; it is answered here, whoever listens there. */
  readonly url: string;
  /** The built page. */
  readonly output: string;
  /** Of each page. */
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** A headless Chromium in a network namespace. Disposing of it closes it with all of its pages. */
export class BenchBrowser implements AsyncDisposable {
  readonly #browser: Browser;
  readonly #options: BenchBrowserOptions;

  private constructor(browser: Browser, options: BenchBrowserOptions) {
    this.#browser = browser;
    this.#options = options;
  }

  static async open(options: BenchBrowserOptions): Promise<BenchBrowser> {
    const { namespace, folder, url } = options;
    const starter = join(folder, `chromium-${namespace}`);
    const command = `ip netns exec ${namespace} ${chromium ?? browserType.executablePath()}`;
    writeFileSync(starter, `#!/bin/sh\nexec ${command} "$@"\n`);
    chmodSync(starter, 0o755);
    const browser = await browserType.launch({
      executablePath: starter,
      ignoreDefaultArgs: ["--mute-audio"],
      args: [...ARGUMENTS, `--unsafely-treat-insecure-origin-as-secure=${new URL(url).origin}`],
    });
    return new BenchBrowser(browser, options);
  }

  /** The bench's page, with a storage and a process of its own. */
  async openPage(): Promise<BenchPage> {
    const { url, output, viewport = { width: 640, height: 400 } } = this.#options;
    const context = await this.#browser.newContext({ viewport });
    await routePage(context, { output, url });
    const page = await context.newPage();
    page.on("pageerror", (error) => console.log(`  page: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error") console.log(`  page: ${message.text()}`);
    });
    await page.goto(url);
    return { page, do: (name, ...args) => callPage(page, { name, args }) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
  }
}

/** Signals of the sender go to the viewer that they are for, those of each viewer to the sender. */
export async function connectPages(sender: BenchPage, viewers: readonly BenchPage[]): Promise<void> {
  await sender.page.exposeFunction("tellOther", (viewer: number, signal: Signal) =>
    viewers[viewer]?.do("hear", viewer, signal),
  );
  for (const viewer of viewers) {
    await viewer.page.exposeFunction("tellOther", (number: number, signal: Signal) =>
      sender.do("hear", number, signal),
    );
  }
}

async function callPage<K extends keyof Harness>(
  page: Page,
  call: { name: K; args: Parameters<Harness[K]> },
): Promise<Awaited<ReturnType<Harness[K]>>> {
  const answer = page.evaluate(
    async ({ name, args }) => {
      const { harness } = globalThis as unknown as { harness: Record<string, (...given: unknown[]) => unknown> };
      return (await harness[name]?.(...args)) as Awaited<ReturnType<Harness[K]>>;
    },
    call as { name: string; args: unknown[] },
  );
  answer.catch(() => undefined); // of a page that was closed meanwhile
  const answered = new AbortController();
  const late = delay(CALL_WITHIN_MS, undefined, { signal: answered.signal }).then(() => {
    throw new Error(`A page did not answer "${call.name}" within ${CALL_WITHIN_MS / 1000} s.`);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([answer, late]);
  } finally {
    answered.abort();
  }
}
