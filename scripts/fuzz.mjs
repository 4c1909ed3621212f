// npm run fuzz [SECONDS]: the fuzz tests that npm test runs for moments, each for so many seconds (60 when nothing is said). A
// failure prints the seed and the smallest input that fails, which then becomes an example in the test.
import { join } from "node:path";
import { main, root, run, ScriptError, setUp } from "./setup.mjs";

main(async function fuzz() {
  const seconds = Number(process.argv[2] ?? 60);
  if (!Number.isInteger(seconds) || seconds < 1) throw new ScriptError("npm run fuzz SECONDS: a whole number from 1.");
  await setUp();
  process.env["MQTT_MEET_FUZZ_S"] = String(seconds);
  const vitest = [join(root, "node_modules", "vitest", "vitest.mjs"), "run", "--project", "node", "fuzz"];
  process.exitCode = await run(process.execPath, vitest);
});
