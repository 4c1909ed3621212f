import { fileURLToPath } from "node:url";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * One script beside the meeting page, with a name that stays: `<site>/elements.js`. What it needs only for pictures follows later.
 * All addresses are relative to the script, for the page that loads it is somewhere else. Runs after the page's build.
 */
const config = {
  root: here("."),
  base: "./",
  worker: { format: "es" },
  build: {
    outDir: here("../../apps/web/dist"),
    emptyOutDir: false,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { elements: here("src/script.ts") },
      output: { entryFileNames: "[name].js" },
    },
  },
};

export default config;
