// npm test: set-up, static checks, the tests of the packages in Node and Chromium, the build, the end-to-end tests.
// npm run test:all: what needs more programs and time than that: other brokers, Python, bad networks.
// npm run test:long: what needs many minutes of a machine that does nothing else.
// With MQTT_MEET_REQUIRE_ALL=1, or CI=true, nothing may be skipped.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "./build.mjs";
import { ensureChromium, ensureEverything } from "./programs.mjs";
import { main, root, run, ScriptError, setUp } from "./setup.mjs";

const results = join(root, "test-results");
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
  return option === "--long" ? afterBuild(["long"]) : usual();
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
async function afterBuild(projects) {
  try {
    await build();
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    console.error(error.message);
    return [{ name: "build", passed: 0, failed: 1, skipped: 0 }];
  }
  return [await vitest(projects)];
}

/** A program of a dependency that says by its exit status whether all is well. */
async function check(name, args) {
  console.log(`\n${name}`);
  const code = await run(process.execPath, [join(root, "node_modules", args[0])].concat(args.slice(1)));
  return code === 0
    ? { name: name, passed: 0, failed: 0, skipped: 0 }
    : { name: name, passed: 0, failed: 1, skipped: 0 };
}

/** Runs the tests of some of vitest's projects and counts them. */
async function vitest(projects) {
  const name = projects.join(" and ");
  console.log(`\ntests: ${name}`);
  const file = join(results, `${projects.join("-")}.json`);
  const chosen = projects.reduce((args, project) => args.concat(["--project", project]), []);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const program = join(root, "node_modules", "vitest", "vitest.mjs");
  const code = await run(process.execPath, [program, "run"].concat(chosen, reporters));
  const counts = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  const failed = counts.numFailedTests || 0;
  return {
    name: name,
    passed: counts.numPassedTests || 0,
    failed: code !== 0 && failed === 0 ? 1 : failed, // a file that does not load, an error outside every test
    skipped: (counts.numPendingTests || 0) + (counts.numTodoTests || 0),
  };
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
