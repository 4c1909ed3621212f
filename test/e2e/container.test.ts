// The files for containers. No engine is needed: what they name has to be there, and what they run has to work.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseDocument } from "yaml";
import { freePort } from "../support/free-port.ts";
import { mqttMeet, Program } from "../support/program.ts";
import { projectRoot } from "../support/project-root.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const read = (path: string) => readFileSync(join(projectRoot, path), "utf8");

interface Instruction {
  readonly name: string;
  readonly words: readonly string[];
  readonly text: string;
}

const dockerfile: Instruction[] = read("Dockerfile")
  .replace(/^#.*\n/gm, "")
  .replace(/\\\n\s*/g, " ")
  .split("\n")
  .filter((line) => line.trim() !== "")
  .map((line) => {
    const [, name = "", text = ""] = /^([A-Z]+) (.+)$/.exec(line) ?? [];
    return { name, text, words: text.split(/\s+/) };
  });
const all = (name: string) => dockerfile.filter((instruction) => instruction.name === name);
const last = (name: string) => all(name).at(-1)?.text ?? "";

/** The files of the repository, as a clone has them. */
const tracked = execFileSync("git", ["ls-files"], { cwd: projectRoot, encoding: "utf8" }).trim().split("\n");
const isThere = (path: string) => tracked.some((each) => each === path || each.startsWith(`${path}/`));

const ignored = read(".dockerignore").trim().split("\n");
const isIgnored = (path: string) =>
  ignored.some((pattern) => {
    const anywhere = pattern.startsWith("**/");
    const name = new RegExp(`^${pattern.replace("**/", "").replaceAll(".", "\\.").replaceAll("*", "[^/]*")}$`);
    return anywhere ? path.split("/").some((part) => name.test(part)) : name.test(path.split("/")[0] ?? "");
  });

const help = spawnSync(process.execPath, ["packages/cli/bin/mqtt-meet.js", "serve", "--help"], {
  cwd: projectRoot,
  encoding: "utf8",
}).stdout;
const optionsOf = (command: readonly string[]) => command.filter((word) => word.startsWith("--"));

test("the Dockerfile consists of instructions, and every one is known", () => {
  const known = "ARG FROM WORKDIR COPY ENV RUN VOLUME USER EXPOSE HEALTHCHECK ENTRYPOINT CMD".split(" ");
  for (const { name, text } of dockerfile) expect(known, text).toContain(name);
  expect(all("FROM").map(({ text }) => text)).toEqual(["node:$NODE AS build", "node:$NODE"]);
  expect(last("ARG")).toMatch(/^NODE=\d+\.\d+\.\d+-\w+-slim$/);
});

test("what the image copies is in the repository, or made by the build, and not kept away from it", () => {
  const made = ["node_modules", "apps/web/dist"];
  const sources = all("COPY").flatMap(({ words }) => words.filter((word) => !word.startsWith("--")).slice(0, -1));
  expect(sources.length).toBeGreaterThan(4);
  for (const source of sources.map((path) => path.replace(/^\/src\//, ""))) {
    const isMade = made.includes(source) && existsSync(join(projectRoot, source));
    expect(source === "." || isMade || (isThere(source) && !isIgnored(source)), source).toBe(true);
  }
  const needed = tracked.filter((path) => /^(packages|apps|scripts|deploy)\/|^[^/]*\.json$|^\.npmrc$/.test(path));
  expect(needed.length).toBeGreaterThan(300);
  expect(needed.filter(isIgnored)).toEqual([]);
  for (const path of [".git/config", "node_modules/ws/index.js", "packages/mqtt/dist/index.js", "server.pem", ".env"]) {
    expect(isIgnored(path), path).toBe(true);
  }
});

test("the container runs as somebody without rights, and tells what it needs from outside", () => {
  expect(last("USER")).toBe("node");
  expect(dockerfile.findIndex(({ name }) => name === "USER")).toBeLessThan(
    dockerfile.findIndex(({ name }) => name === "ENTRYPOINT"),
  );
  expect(last("EXPOSE").split(" ")).toEqual(["8080", "8883"]);
  expect(last("VOLUME")).toBe("/var/lib/mqtt-meet");
});

test("what the container runs starts, is healthy, and ends in order on SIGTERM", async () => {
  using folder = temporaryFolder();
  const [entry, command] = [JSON.parse(last("ENTRYPOINT")), JSON.parse(last("CMD"))] as [string[], string[]];
  const [, check = "[]"] = /CMD (\[.*\])$/.exec(last("HEALTHCHECK")) ?? [];
  const [node = "", ...script] = JSON.parse(check) as string[];
  expect([entry[0], node]).toEqual(["node", "node"]);
  const port = String(await freePort());
  const ports = ["--port", port, "--mqtt-port", "0", "--mqtts-port", "0"];
  const env = { ...process.env, XDG_STATE_HOME: folder.path };
  const url = `https://127.0.0.1:${port}/healthz`;
  const health = () => spawnSync(process.execPath, [...script, url], { cwd: projectRoot }).status;
  await using server = new Program(process.execPath, [...entry.slice(1), ...command, ...ports], {
    cwd: projectRoot,
    env,
  });
  await server.says(/"event":"listening"/);
  expect(health()).toBe(0);
  process.kill(server.pid, "SIGTERM");
  expect(await server.end()).toMatchObject({ code: 0 });
  expect(
    server.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).event)
      .at(-1),
  ).toBe("stopped");
  expect(health()).toBe(1);
});

interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly command?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly read_only?: boolean;
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes?: object;
  readonly networks?: object;
}

/** Everything that a service names is there. */
function expectWhole(service: Service, { services, volumes = {}, networks = {} }: Compose): void {
  if (service.build === undefined) expect(service.image).toMatch(/^[\w/-]+:\d+\.\d+\.\d+$/);
  const sources = (service.volumes ?? []).map((volume) => volume.split(":")[0] ?? "");
  const files = sources.filter((source) => source.startsWith("./"));
  expect(files.filter((file) => !isThere(file.slice(2)))).toEqual([]);
  expect(Object.keys(volumes)).toEqual(expect.arrayContaining(sources.filter((source) => !files.includes(source))));
  expect(Object.keys(networks)).toEqual(expect.arrayContaining([...(service.networks ?? [])]));
  for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
    expect(condition).toBe("service_healthy");
    expect(services[other]?.healthcheck, other).toBeDefined();
  }
}

test.each(["compose.yaml", "compose.mosquitto.yaml"])("%s is YAML whose parts fit each other and the image", (path) => {
  const document = parseDocument(read(path), { strict: true });
  expect([...document.errors, ...document.warnings]).toEqual([]);
  const { services, volumes = {}, networks = {} } = document.toJS() as Compose;
  for (const service of Object.values(services)) expectWhole(service, { services, volumes, networks });
  const { meet } = services;
  expect(meet).toMatchObject({ build: ".", read_only: true });
  for (const port of meet?.ports ?? []) expect(last("EXPOSE").split(" ")).toContain(port.split(":")[1]);
  for (const option of optionsOf(meet?.command ?? [])) expect(help).toContain(`${option} `);
});

test("the gateway's container names the broker by the name of its service", async () => {
  const { services } = parseDocument(read("compose.mosquitto.yaml")).toJS() as Compose;
  const command = services["meet"]?.command ?? [];
  const { hostname } = new URL(command[command.indexOf("--broker") + 1] ?? "");
  expect(Object.keys(services)).toContain(hostname);
  // The same command without that network: it is understood, and says that nobody answers.
  const elsewhere = command.map((word) => word.replace(hostname, "127.0.0.1").replace("1883", "1"));
  await using server = mqttMeet([...elsewhere, "--port", "0"]);
  expect(await server.end()).toMatchObject({ code: 1 });
  expect(server.stderr).toMatch(/^mqtt-meet: The broker at mqtt:\/\/127\.0\.0\.1:1 cannot be used: /);
});
