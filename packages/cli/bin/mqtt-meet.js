#!/usr/bin/env node
// npm links a command at installation, before anything is compiled: hence a file that is always there.
import { existsSync } from "node:fs";

const command = new URL("../dist/bin.js", import.meta.url);
if (existsSync(command)) {
  await import(command.href);
} else {
  process.stderr.write("mqtt-meet: The command has not been built yet: run npm run build in the project's folder.\n");
  process.exitCode = 1;
}
