// Set-up that the other scripts share: checks Node's version and installs the dependencies when they differ from the lock file.
// This file and those that import it keep to syntax that old versions of Node can parse, so that these get a sentence, not a stack.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the whole project. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Where the scripts remember what they have done. It goes with node_modules. */
export const stamps = join(root, "node_modules", ".cache", "mqtt-meet");

/** A failure whose message is all that a person needs to see. */
export class ScriptError extends Error {}

/** Checks Node's version, then brings node_modules in line with package-lock.json. Does nothing when it is. */
export async function setUp() {
  checkNode();
  if (isInstalled()) return;
  console.log("Installing the dependencies (about a minute, once) …");
  const npm = process.env["npm_execpath"];
  const [command, first] = npm ? [process.execPath, [npm]] : [process.platform === "win32" ? "npm.cmd" : "npm", []];
  // node-av would fetch a command-line ffmpeg that nothing here uses.
  const env = Object.assign({}, process.env, { SKIP_FFMPEG: "true" });
  const args = first.concat(["ci", "--no-audit", "--no-fund", "--no-progress", "--loglevel=error"]);
  const code = await run(command, args, { env: env, shell: command === "npm.cmd" });
  if (code !== 0) throw new ScriptError(`"npm ci" failed with status ${code}; its message is above.`);
  writeStamp("installed", installStamp());
}

/** Ends the script with one sentence when this Node is too old. */
function checkNode() {
  const range = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).engines.node;
  if (satisfies(process.versions.node, range)) return;
  throw new ScriptError(
    `mqtt-meet needs Node ${range}; this is ${process.versions.node}. Get one from https://nodejs.org.`,
  );
}

/** Whether `version` is in `range`, for the few forms that "engines" uses: "^1.2.3", ">=1.2.3", joined by "||". */
export function satisfies(version, range) {
  const own = numbers(version);
  return range.split("||").some((part) => {
    const match = /^\s*(\^|>=)(\d+\.\d+\.\d+)\s*$/.exec(part);
    if (!match) throw new ScriptError(`package.json: cannot read the engines "${range}".`);
    const least = numbers(match[2]);
    return compare(own, least) >= 0 && (match[1] === ">=" || own[0] === least[0]);
  });
}

function numbers(version) {
  return version.split("-")[0].split(".").map(Number);
}

function compare(a, b) {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

function isInstalled() {
  if (readStamp("installed") === installStamp()) return true;
  if (!matchesLock()) return false;
  writeStamp("installed", installStamp()); // somebody ran npm ci by hand
  return true;
}

/** Native packages differ by platform, so a folder shared between two machines is installed again. */
function installStamp() {
  return `${hash([readFileSync(join(root, "package-lock.json"))])} ${process.platform} ${process.arch}`;
}

/** Compares package-lock.json with what npm noted in node_modules; optional packages of other platforms may be missing. */
function matchesLock() {
  const note = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(note)) return false;
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  const present = JSON.parse(readFileSync(note, "utf8")).packages;
  const same = Object.keys(present).every((key) => wanted[key] && wanted[key].version === present[key].version);
  const complete = Object.keys(wanted).every((key) => key === "" || present[key] || wanted[key].optional);
  return same && complete;
}

/** Runs a program with this terminal and resolves with its exit status. It gets the signals that this process gets. */
export function run(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, Object.assign({ cwd: root, stdio: "inherit" }, options));
    const pass = (signal) => child.kill(signal);
    process.on("SIGINT", pass).on("SIGTERM", pass);
    child.on("error", (error) => reject(new ScriptError(`Cannot run ${command}: ${error.message}.`)));
    child.on("close", (code, signal) => {
      process.off("SIGINT", pass).off("SIGTERM", pass);
      if (signal === "SIGINT" || signal === "SIGTERM") process.kill(process.pid, signal);
      resolve(code === null ? 1 : code);
    });
  });
}

/** A fingerprint of texts and buffers. */
export function hash(parts) {
  const sum = createHash("sha256");
  for (const part of parts) sum.update(part).update("\0");
  return sum.digest("hex");
}

/** What was noted under `name`, if anything. */
export function readStamp(name) {
  const path = join(stamps, name);
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/** Notes `text` under `name`. */
export function writeStamp(name, text) {
  mkdirSync(stamps, { recursive: true });
  writeFileSync(join(stamps, name), text);
}

/** Runs a script's main function; a {@link ScriptError} becomes one line on standard error and exit status 1. */
export function main(script) {
  script().catch((error) => {
    console.error(error instanceof ScriptError ? error.message : error);
    process.exit(1);
  });
}
