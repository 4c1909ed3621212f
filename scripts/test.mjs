// npm test: set-up, static checks, the tests of the packages in Node and Chromium, the build, the end-to-end tests.
// npm run test:all: what needs more programs and time than that: other brokers, Python, bad networks.
// npm run test:long: what needs hours of a machine that does nothing else. -- --minutes 10 shortens the soak of four hours,
// -- --only network runs the files of test/long whose names hold that word.
// With MQTT_MEET_REQUIRE_ALL=1, or CI=true, nothing may be skipped.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { build } from "./build.mjs";
import { ensureChromium, ensureEverything } from "./programs.mjs";
import { main, root, run, ScriptError, setUp } from "./setup.mjs";

const results = join(root, "test-results");
/** With more files than this failing, something is wrong with us, not with the machine. */
const MOST_AGAIN = 6;
const requireAll = process.env["MQTT_MEET_REQUIRE_ALL"] === "1" || process.env["CI"] === "true";

main(async function test() {
  const began = Date.now();
  await setUp();
  process.env["CHROMIUM"] = await ensureChromium();
  if (requireAll) {
    process.env["MQTT_MEET_REQUIRE_ALL"] = "1";
    await ensureEverything();
  }
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });
  const outcomes = await testsOf(process.argv[2]);
  process.exitCode = report(outcomes, Math.round((Date.now() - began) / 1000));
});

function testsOf(option) {
  if (option === "--all") return afterBuild(["all"]);
  return option === "--long" ? long() : usual();
}

function long() {
  const options = { minutes: { type: "string" }, only: { type: "string" } };
  const { minutes, only } = parseArgs({ args: process.argv.slice(3), options }).values;
  if (minutes !== undefined) {
    if (!(Number.isInteger(Number(minutes)) && Number(minutes) >= 3))
      throw new ScriptError("--minutes takes a whole number of minutes, at least 3.");
    process.env["MQTT_MEET_SOAK_MINUTES"] = minutes;
  }
  return afterBuild(["long"], only === undefined ? [] : [only]);
}

async function usual() {
  const outcomes = [
    await check("biome check", ["@biomejs/biome/bin/biome", "check", "."]),
    await check("tsc -b", ["typescript/bin/tsc", "-b"]),
    await vitest(["node", "browser"]),
  ];
  return outcomes.concat(await afterBuild(["e2e"]));
}

/** Tests that run what was built, or one failure when it cannot be built. */
async function afterBuild(projects, paths = []) {
  try {
    await build();
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    console.error(error.message);
    return [{ name: "build", passed: 0, failed: 1, skipped: 0 }];
  }
  return [await vitest(projects, paths)];
}

/** A program of a dependency that says by its exit status whether all is well. */
async function check(name, args) {
  console.log(`\n${name}`);
  const code = await run(process.execPath, [join(root, "node_modules", args[0])].concat(args.slice(1)));
  return code === 0
    ? { name: name, passed: 0, failed: 0, skipped: 0 }
    : { name: name, passed: 0, failed: 1, skipped: 0 };
}

/**
 * Runs the tests of some of vitest's projects and counts them. Files that fail are run once more, by themselves: what is
 * set up before tests is not repeated by vitest, and a machine that others share may stand still for minutes. Measurements
 * that a median decides are not repeated.
 */
async function vitest(projects, paths = []) {
  const name = projects.join(" and ");
  console.log(`\ntests: ${name}`);
  const first = await attempt(projects, { paths: paths });
  if (first.code === 0 || projects.includes("long")) return outcome(name, [first]);
  const again = first.files.filter((file) => file.failed).map((file) => file.path);
  if (again.length > MOST_AGAIN) return outcome(name, [first]);
  console.log(`\nonce more: ${again.join(", ") || "all of them, as no file says what failed"}`);
  const second = await attempt(projects, { paths: again, name: "-again" });
  const kept = again.length === 0 ? [] : first.files.filter((file) => !file.failed);
  return outcome(name, [{ code: 0, files: kept }, second]);
}

/** One run of vitest: its exit status and what became of every file. */
async function attempt(projects, { paths, name = "" }) {
  const file = join(results, `${projects.join("-")}${name}.json`);
  rmSync(file, { force: true });
  const chosen = projects.reduce((args, project) => args.concat(["--project", project]), paths);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const program = join(root, "node_modules", "vitest", "vitest.mjs");
  const code = await run(process.execPath, [program, "run"].concat(chosen, reporters));
  const { testResults = [] } = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  return { code: code, files: testResults.map(resultOfFile) };
}

function resultOfFile({ name, status, assertionResults }) {
  const count = (wanted) => assertionResults.filter((result) => wanted.includes(result.status)).length;
  return {
    path: relative(root, name),
    failed: status === "failed",
    counts: { passed: count(["passed"]), failed: count(["failed"]), skipped: count(["skipped", "pending", "todo"]) },
  };
}

function outcome(name, attempts) {
  const files = attempts.flatMap((one) => one.files);
  const total = (key) => files.reduce((sum, file) => sum + file.counts[key], 0);
  const failed = total("failed");
  const good = attempts.every((one) => one.code === 0);
  // A file that does not load, or an error outside every test, fails without a failed test.
  return { name: name, passed: total("passed"), failed: good || failed > 0 ? failed : 1, skipped: total("skipped") };
}

/** Prints the closing lines and answers with the exit status. */
function report(outcomes, seconds) {
  const total = (key) => outcomes.reduce((sum, outcome) => sum + outcome[key], 0);
  const skipped = total("skipped");
  const broken = outcomes.filter((outcome) => outcome.failed > 0).map((outcome) => outcome.name);
  const forbidden = requireAll && skipped > 0;
  console.log("");
  if (broken.length > 0) console.log(`Failed: ${broken.join(", ")}.`);
  if (forbidden)
    console.log("Nothing may be skipped here (MQTT_MEET_REQUIRE_ALL or CI is set), so the skipped tests fail.");
  const failed = total("failed") + (forbidden ? skipped : 0);
  const rest = skipped > 0 && !forbidden ? `, ${skipped} skipped` : "";
  console.log(`Done in ${seconds} s.`);
  console.log(`${total("passed")} passed, ${failed} failed${rest}`);
  return failed > 0 ? 1 : 0;
}
