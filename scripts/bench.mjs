// npm run bench NAME: runs bench/NAME/main.ts. Without a name it lists what there is.
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "./build.mjs";
import { main, root, run, ScriptError, setUp } from "./setup.mjs";

const folder = join(root, "bench");

main(async function bench() {
  const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, "main.ts")));
  const name = process.argv[2];
  if (!name || names.indexOf(name) < 0) {
    const list = `npm run bench NAME, where NAME is one of: ${names.join(", ")}.`;
    if (name) throw new ScriptError(`There is no bench "${name}". ${list}`);
    console.log(list);
    return;
  }
  await setUp();
  await build();
  mkdirSync(join(folder, "results"), { recursive: true });
  const tsx = [join(root, "node_modules", "tsx", "dist", "cli.mjs"), "--conditions=@mqtt-meet/source"];
  const args = tsx.concat([join(folder, name, "main.ts")], process.argv.slice(3));
  process.exitCode = await run(process.execPath, args);
});
