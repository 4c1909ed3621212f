import { readFileSync } from "node:fs";
import { extname, join, normalize } from "node:path";
import type { BrowserContext } from "playwright";
import { build } from "vite";

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
};

/**
 * Builds the page in `folder` and shows it at `url`, which may be of any origin: a bench's page is then a page of the meeting
 * server without the server knowing. It is cross-origin isolated as the server's own pages are.
 */
export async function servePage(
  context: BrowserContext,
  { folder, output, url }: { folder: string; output: string; url: string },
): Promise<void> {
  await buildPage({ folder, output });
  await routePage(context, { output, url });
}

/** Builds the page in `folder`. */
export async function buildPage({ folder, output }: { folder: string; output: string }): Promise<void> {
  await build({
    root: folder,
    base: "./",
    logLevel: "warn",
    configFile: false,
    worker: { format: "es" },
    build: { outDir: output, emptyOutDir: true, target: "es2023", assetsInlineLimit: 0 },
  });
}

/** Shows a page that was built into `output` at `url`. */
export async function routePage(
  context: BrowserContext,
  { output, url }: { output: string; url: string },
): Promise<void> {
  await context.route(`${url}**`, async (route) => {
    const path = new URL(route.request().url()).pathname.slice(new URL(url).pathname.length) || "index.html";
    await route.fulfill({
      body: readFileSync(join(output, normalize(`/${path}`))),
      headers: {
        "content-type": TYPES[extname(path)] ?? "application/octet-stream",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-embedder-policy": "require-corp",
        "cross-origin-resource-policy": "same-origin",
      },
    });
  });
}
