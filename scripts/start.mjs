// npm start: set-up, build, then the meeting server in this very process, so that signals and exit status are its own.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "./build.mjs";
import { main, root, setUp } from "./setup.mjs";

main(async function start() {
  await setUp();
  await build();
  const command = join(root, "packages", "cli", "dist", "bin.js");
  process.argv = [process.argv[0], command, "serve"].concat(process.argv.slice(2));
  await import(pathToFileURL(command).href);
});
