import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import type { CommandIo } from "./command-io.ts";
import { createProgram, runProgram } from "./program.ts";

async function run(commandLine: string, options: { aborted?: boolean } = {}) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const abort = new AbortController();
  if (options.aborted) abort.abort();
  const io = { stdin: process.stdin, stdout, stderr, signal: abort.signal, env: {} } as unknown as CommandIo;
  const status = await runProgram(commandLine.split(" ").filter(Boolean), io);
  return { status, out: String(stdout.read() ?? ""), err: String(stderr.read() ?? "") };
}

const commands = createProgram({ stdout: {}, stderr: {}, env: {} } as CommandIo).commands.map((each) => each.name());

test("there are the commands that the documents promise", () => {
  expect(commands).toEqual(expect.arrayContaining(["serve", "publish", "watch", "devices", "doctor"]));
});

test("the version is that of the package", async () => {
  expect(await run("--version")).toEqual({ status: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\S*\n$/), err: "" });
});

test.each(["", "--help", "-h"])("'mqtt-meet %s' prints help with examples", async (commandLine) => {
  const { status, out, err } = await run(commandLine);
  expect([status, err]).toEqual([0, ""]);
  expect(out).toContain("Examples:\n  $ mqtt-meet serve");
  for (const command of commands) expect(out).toContain(`  ${command}`);
});

test.each(commands)("'mqtt-meet %s --help' has examples", async (command) => {
  const { status, out, err } = await run(`${command} --help`);
  expect([status, err]).toEqual([0, ""]);
  expect(out).toContain(`Usage: mqtt-meet ${command}`);
  expect(out).toMatch(/Examples:\n(?: {2}\$ mqtt-meet .*\n?)+/);
});

test.each([
  ["sevre", "unknown command 'sevre' (Did you mean serve?)"],
  ["serve --prot 1", "unknown option '--prot' (Did you mean --port?)"],
  ["serve --port", "option '--port <number>' argument missing."],
  ["serve --port x", "option '--port <number>' argument 'x' is invalid. A port is a number from 0 to 65535."],
  ["serve extra", "too many arguments for 'serve'. Expected 0 arguments but got 1."],
  ["publish --source test", "missing required argument 'target'."],
  ["doctor", "missing required argument 'url'."],
  ["doctor localhost", "this is not the address of a broker."],
  ["doctor http://localhost", "a broker's address begins with mqtt://, mqtts://, ws:// or wss://."],
  [
    "doctor mqtt://127.0.0.1:1 --json",
    "the broker cannot be examined: 127.0.0.1:1 cannot be reached: nothing listens there.",
  ],
  ["--nonsense", "unknown option '--nonsense'."],
])("'mqtt-meet %s' says what is wrong in one line", async (commandLine, sentence) => {
  const { status, out, err } = await run(commandLine);
  expect({ status, out, err: err.toLowerCase() }).toEqual({
    status: 1,
    out: "",
    err: `mqtt-meet: ${sentence.toLowerCase()}\n`,
  });
});

test("what a command throws is one sentence and status 1", async () => {
  const { status, err } = await run("serve --host 203.0.113.7 --port 0 --mqtt-port 0");
  expect(status).toBe(1);
  expect(err).toMatch(/^mqtt-meet: This machine has no address 203\.0\.113\.7 to listen on: .*--host.*\.\n$/);
});

test("a command that was interrupted has ended well", async () => {
  const { status, err } = await run("serve --port 0 --mqtt-port 0", { aborted: true });
  expect([status, err]).toEqual([0, ""]);
});
