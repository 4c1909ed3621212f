import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const { version } = JSON.parse(readFileSync(here("package.json"), "utf8")) as { version: string };

/**
 * One file for what is loaded at once: left alone, each set of modules that some lazy part shares becomes a file of its own.
 * `main.tsx` stays outside, as it waits for the dictionary at its top: a lazy part that shared its file would wait for it, too.
 */
const loadedAtOnce = { name: "page", tags: ["$initial"], test: /(?<!\.html|[\\/]main\.tsx)$/ };

/**
 * Two entries with the same script: `/` and `/r/NAME` lie in different folders, and all addresses are relative, so that
 * the site works under any path. The page runs on the packages as they are published (`dist`).
 */
const config = {
  root: here("."),
  base: "./",
  define: { __PAGE_VERSION__: JSON.stringify(version) },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  worker: { format: "es" },
  build: {
    outDir: here("dist"),
    emptyOutDir: true,
    target: "es2022",
    // A data: address is neither a worklet nor, under the page's policy, a script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { home: here("index.html"), room: here("r/index.html") },
      output: { codeSplitting: { groups: [loadedAtOnce] } },
    },
  },
  server: { host: "127.0.0.1" },
};

export default config;
