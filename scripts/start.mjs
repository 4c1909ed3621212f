// npm start: set-up, build, then the meeting server in this very process, so that signals and exit status are its own.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "./build.mjs";
import { main, root, setUp } from "./setup.mjs";

main(async function start() {
  await setUp();
  await build();
  endWithShell();
  const command = join(root, "packages", "cli", "dist", "bin.js");
  process.argv = [process.argv[0], command, "serve"].concat(process.argv.slice(2));
  await import(pathToFileURL(command).href);
});

/** npm passes SIGTERM to the shell that it runs this in, and most shells die of it without telling anybody. */
function endWithShell() {
  if (!process.env["npm_lifecycle_event"]) return;
  const shell = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(timer);
    process.kill(process.pid, "SIGTERM");
  }, 500);
  timer.unref();
}
