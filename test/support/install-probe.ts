import { join } from "node:path";
import type { BrowserContext, Page } from "playwright";
import { build } from "vite";
import type { ProbeReport } from "./probe/probe.ts";
import { projectRoot } from "./project-root.ts";

/** Puts the probes into every page that the context opens from now on, before the page's own code. */
export async function installProbe(
  context: BrowserContext,
  options: { beepHz: number; beepsHz: readonly number[] },
): Promise<void> {
  const built = await build({
    configFile: false,
    logLevel: "warn",
    build: {
      write: false,
      target: "es2023",
      lib: { entry: join(projectRoot, "test/support/probe/probe.ts"), formats: ["iife"], name: "probe" },
    },
  });
  const [output] = Array.isArray(built) ? built : [built];
  const code = output && "output" in output ? output.output[0].code : undefined;
  if (code === undefined) throw new Error("The probe could not be built.");
  await context.addInitScript({ content: `const probeOptions = ${JSON.stringify(options)};\n${code}` });
}

/** What the probes of a page noted so far. */
export async function readProbe(page: Page): Promise<ProbeReport> {
  return await page.evaluate(() => (globalThis as unknown as { probeReport(): ProbeReport }).probeReport());
}
