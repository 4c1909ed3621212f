// npm run bench size: what a browser loads before anybody clicks anything, compressed as a server would: the page, its scripts
// with everything they import at once, its styles, and the room's worker and worklet. What is imported later is listed as lazy.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { projectRoot } from "../../test/support/project-root.ts";
import { writeResult } from "../support/write-result.ts";

const LIMIT_BYTES = 60_000;
/** What the first load is made of, each with its own limit: bytes compressed, and how many files. */
const BUDGET = [
  { name: "documents", type: /\.html$/, limitBytes: 4_000, limitFiles: 1 },
  { name: "scripts", type: /\.js$/, limitBytes: 50_000, limitFiles: 6 },
  { name: "styles", type: /\.css$/, limitBytes: 10_000, limitFiles: 3 },
];
const dist = join(projectRoot, "apps", "web", "dist");

const pages = ["index.html", join("r", "index.html")].map((name) => {
  const files = firstLoad(join(dist, name)).map((path) => ({ path: relative(dist, path), gzipBytes: gzipBytes(path) }));
  return { name, files, gzipBytes: files.reduce((sum, file) => sum + file.gzipBytes, 0) };
});
for (const { name, files, gzipBytes: sum } of pages) {
  console.log(
    `${name}: ${kilobytes(sum)} (at most ${kilobytes(LIMIT_BYTES)})  ${sum <= LIMIT_BYTES ? "met" : "MISSED"}`,
  );
  for (const file of files) console.log(`  ${kilobytes(file.gzipBytes).padStart(9)}  ${file.path}`);
  for (const part of budgetOf(files)) {
    const of = `${part.files} of at most ${part.limitFiles}, ${kilobytes(part.gzipBytes)} of at most`;
    console.log(`  ${part.name.padEnd(9)} ${of} ${kilobytes(part.limitBytes)}  ${part.met ? "met" : "MISSED"}`);
  }
}
const loaded = new Set(pages.flatMap(({ files }) => files.map(({ path }) => path)));
const lazy = everyFile(dist)
  .map((path) => relative(dist, path))
  .filter((path) => !loaded.has(path) && /\.(js|css|wasm|tflite|binarypb)$/.test(path));
console.log(
  "lazy (the meeting's own part loads while people look at themselves in the lobby, the worker when they join):",
);
for (const path of lazy) console.log(`  ${kilobytes(gzipBytes(join(dist, path))).padStart(9)}  ${path}`);
writeResult("size", { limitBytes: LIMIT_BYTES, pages, lazy });
const inBudget = pages.every(({ files }) => budgetOf(files).every(({ met }) => met));
process.exitCode = inBudget && pages.every(({ gzipBytes: sum }) => sum <= LIMIT_BYTES) ? 0 : 1;

/** The files by their kind, beside what is allowed of each. */
function budgetOf(files: readonly { readonly path: string; readonly gzipBytes: number }[]) {
  return BUDGET.map(({ name, type, limitBytes, limitFiles }) => {
    const own = files.filter(({ path }) => type.test(path));
    const sum = own.reduce((bytes, file) => bytes + file.gzipBytes, 0);
    const met = sum <= limitBytes && own.length <= limitFiles;
    return { name, files: own.length, limitFiles, gzipBytes: sum, limitBytes, met };
  });
}

/** The page itself and every file of ours that it, or a script of it, names as needed at once. */
function firstLoad(page: string): string[] {
  const found = [page];
  for (let i = 0; i < found.length; i++) {
    const path = found[i] ?? "";
    for (const name of neededAtOnce(path)) {
      const needed = resolve(dirname(path), name);
      if (existsSync(needed) && !found.includes(needed)) found.push(needed);
    }
  }
  return found;
}

function neededAtOnce(path: string): string[] {
  const text = readFileSync(path, "utf8");
  if (path.endsWith(".html")) {
    return [...text.matchAll(/<(?:script|link)[^>]*?(?:src|href)="([^"]+\.(?:js|css))"/g)].map(
      ([, name]) => name ?? "",
    );
  }
  if (!path.endsWith(".js")) return [];
  // `import("…")` is lazy; `import "…"`, `import … from "…"`, `export … from "…"` are not.
  const imports = [...text.matchAll(/(?:\bfrom|\bimport)\s*["'`](\.{1,2}\/[^"'`]+)["'`]/g)];
  const threads = [...text.matchAll(/new URL\(\s*["'`]([^"'`]*work(?:er|let)[^"'`]*\.js)["'`]/g)];
  return [...imports, ...threads].map(([, name]) => name ?? "");
}

function everyFile(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? everyFile(path) : [path];
  });
}

function gzipBytes(path: string): number {
  return gzipSync(readFileSync(path), { level: 9 }).length;
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
