import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Program } from "../support/program.ts";
import { projectRoot } from "../support/project-root.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

test.each(["start", "test", "build", "bench"])("npm %s says in one sentence that Node is too old", async (script) => {
  using folder = temporaryFolder();
  cpSync(join(projectRoot, "scripts"), join(folder.path, "scripts"), { recursive: true });
  cpSync(join(projectRoot, "bench"), join(folder.path, "bench"), { recursive: true });
  const manifest = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8"));
  const newer = { ...manifest, engines: { node: "^98.1.0 || >=99.0.0" } };
  writeFileSync(join(folder.path, "package.json"), JSON.stringify(newer));
  await using program = new Program(process.execPath, [join(folder.path, "scripts", `${script}.mjs`), "size"]);
  expect(await program.end()).toMatchObject({ code: 1 });
  expect(program.stderr).toMatch(/^mqtt-meet needs Node \^98\.1\.0 \|\| >=99\.0\.0; this is \d+\.\d+\.\d+\. .*\n$/);
});

test("npm test says in one sentence that the browser it was given is not there", async () => {
  const env = { ...process.env, CHROMIUM: "/no/such/browser" };
  await using program = new Program(process.execPath, [join(projectRoot, "scripts", "test.mjs")], { env });
  expect(await program.end()).toMatchObject({ code: 1 });
  expect(program.stderr).toBe("CHROMIUM is /no/such/browser, but there is no such file.\n");
});

test("npm run bench lists the benches, and names those that do not exist", async () => {
  const bench = join(projectRoot, "scripts", "bench.mjs");
  await using list = new Program(process.execPath, [bench]);
  expect(await list.end()).toMatchObject({ code: 0 });
  expect(list.stdout).toMatch(/latency, .*size, .*tutorial/);
  await using unknown = new Program(process.execPath, [bench, "beauty"]);
  expect(await unknown.end()).toMatchObject({ code: 1 });
  expect(unknown.stderr).toMatch(/^There is no bench "beauty"\. .*latency/);
});
