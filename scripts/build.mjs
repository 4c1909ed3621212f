// npm run build: compiles the packages and builds the meeting page, each only when something changed.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { hash, main, readStamp, root, run, ScriptError, setUp, writeStamp } from "./setup.mjs";

const page = join(root, "apps", "web");
const elements = join(root, "packages", "elements");
const pageOutput = join(page, "dist");

/** Compiles and builds what is stale. */
export async function build() {
  await compile();
  if (readStamp("page") === pageStamp()) return;
  console.log("Building the meeting page …");
  const env = Object.assign({}, process.env, { NODE_ENV: "production" }); // a test run has it set to "test"
  const vite = join(root, "node_modules", "vite", "bin", "vite.js");
  for (const cwd of [page, elements]) {
    const code = await run(process.execPath, [vite, "build", "--logLevel", "warn"], { cwd: cwd, env: env });
    if (code !== 0) throw new ScriptError("The meeting page could not be built; the reason is above.");
  }
  writeStamp("page", pageStamp());
}

/** The compiler keeps its own record of what is stale. Tests are checked by `npm run check`, not needed to start. */
async function compile() {
  const all = JSON.parse(readFileSync(join(root, "tsconfig.json"), "utf8")).references;
  const projects = all.map((reference) => reference.path).filter((path) => !path.endsWith("tsconfig.tests.json"));
  const code = await run(
    process.execPath,
    [join(root, "node_modules", "typescript", "bin", "tsc"), "-b"].concat(projects),
  );
  if (code !== 0) throw new ScriptError("The packages could not be compiled; the reasons are above.");
}

/** What the page is made of, by content, and what came out, by size and time. */
function pageStamp() {
  const made = ["protocol", "mqtt", "media", "sdk"].map((name) => join(root, "packages", name, "dist"));
  const inputs = [page, elements]
    .concat(made)
    .reduce((list, folder) => list.concat(files(folder)), [join(root, "package-lock.json")]);
  const contents = inputs.filter((path) => !path.endsWith(".tsbuildinfo")).map((path) => [path, readFileSync(path)]);
  const outputs = files(pageOutput, []).map((path) => `${path} ${statSync(path).size} ${statSync(path).mtimeMs}`);
  return hash([].concat.apply([], contents).concat(outputs));
}

/** The files under `folder`, sorted. */
function files(folder, except) {
  const skipped = except || (folder === page || folder === elements ? ["dist", "node_modules", ".cache"] : []);
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => skipped.indexOf(entry.name) < 0);
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.reduce((list, entry) => {
    const path = join(folder, entry.name);
    return list.concat(entry.isDirectory() ? files(path) : [path]);
  }, []);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(() => setUp().then(build));
