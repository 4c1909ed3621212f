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

/** A page of the bench in a browser of its own. */
export interface BenchPage {
  readonly browser: Browser;
  readonly page: Page;
  /** Calls what the page offers. */
  do<K extends keyof Harness>(name: K, ...args: Parameters<Harness[K]>): Promise<Awaited<ReturnType<Harness[K]>>>;
}

/** Where a page is, and of which files. */
export interface BenchPageOptions {
  readonly namespace: string;
  /** For what the browser is started by. */
  readonly folder: string;
  /** The page's address; it is answered here, whoever listens there. */
  readonly url: string;
  /** The built page. */
  readonly output: string;
}

/** Starts a headless Chromium in a network namespace and opens the bench's page. The caller closes the browser. */
export async function openBenchPage({ namespace, folder, url, output }: BenchPageOptions): Promise<BenchPage> {
  const starter = join(folder, `chromium-${namespace}`);
  writeFileSync(
    starter,
    `#!/bin/sh\nexec ip netns exec ${namespace} ${chromium ?? browserType.executablePath()} "$@"\n`,
  );
  chmodSync(starter, 0o755);
  const browser = await browserType.launch({
    executablePath: starter,
    ignoreDefaultArgs: ["--mute-audio"],
    args: [...ARGUMENTS, `--unsafely-treat-insecure-origin-as-secure=${new URL(url).origin}`],
  });
  try {
    const context = await browser.newContext({ viewport: { width: 640, height: 400 } });
    await routePage(context, { output, url });
    const page = await context.newPage();
    page.on("pageerror", (error) => console.log(`  page: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error") console.log(`  page: ${message.text()}`);
    });
    await page.goto(url);
    return { browser, page, do: (name, ...args) => callPage(page, { name, args }) };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

/** Signals of each of two pages go to the other one. */
export async function connectPages(one: BenchPage, other: BenchPage): Promise<void> {
  const pairs = [
    [one, other],
    [other, one],
  ] as const;
  for (const [from, to] of pairs) {
    await from.page.exposeFunction("tellOther", (signal: Signal) => to.do("hear", signal));
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
