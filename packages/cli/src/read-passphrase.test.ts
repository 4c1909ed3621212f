import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import type { CommandIo } from "./command-io.ts";
import { InputLines } from "./input-lines.ts";
import { readPassphrase } from "./read-passphrase.ts";
import { readTarget } from "./target.ts";

const WORDS = "red boat seven moons";

function testIo(env: NodeJS.ProcessEnv = {}, { terminal = false } = {}) {
  const modes: boolean[] = [];
  let shown = "";
  const stdin = Object.assign(new PassThrough(), {
    isTTY: terminal,
    setRawMode: (raw: boolean) => modes.push(raw),
  });
  const stderr = new PassThrough();
  stderr.on("data", (chunk: Buffer) => {
    shown += chunk.toString();
  });
  const io = { stdin, stderr, env } as unknown as CommandIo;
  return { io, stdin, modes, shown: () => shown, lines: new InputLines(io.stdin) };
}

test("a passphrase comes from the environment", async () => {
  const { io, lines } = testIo({ MQTT_MEET_PASSPHRASE: WORDS });
  expect(await readPassphrase(io, { lines })).toBe(WORDS);
});

test("a passphrase is the line after the link on standard input, in whatever pieces they come", async () => {
  const { io, stdin, lines } = testIo();
  stdin.write(`http://localhost/r/x#p\nred boat`);
  const target = await readTarget("-", lines);
  expect(target).toMatchObject({ kind: "room", needsPassphrase: true });
  stdin.write(" seven moons\nmore");
  expect(await readPassphrase(io, { lines })).toBe(WORDS);
});

test("a passphrase that is typed is not shown; Backspace takes the last character back", async () => {
  const { io, stdin, modes, shown, lines } = testIo({}, { terminal: true });
  const reading = readPassphrase(io, { lines });
  for (const key of ["red boat seven moonx", "\u007f", "s\r"]) stdin.write(key);
  expect(await reading).toBe(WORDS);
  expect(modes).toEqual([true, false]);
  expect(shown()).toBe("Passphrase of the meeting: \n");
});

test("Ctrl-C, an empty input and words that can be guessed are refused in a sentence without the words (K9)", async () => {
  const stopped = testIo({}, { terminal: true });
  const reading = readPassphrase(stopped.io, { lines: stopped.lines });
  stopped.stdin.write("red\u0003");
  await expect(reading).rejects.toThrow("No passphrase was typed.");
  expect(stopped.modes).toEqual([true, false]);
  const empty = testIo();
  empty.stdin.end("\n");
  await expect(readPassphrase(empty.io, { lines: empty.lines })).rejects.toThrow(/No passphrase came/);
  const weak = testIo({ MQTT_MEET_PASSPHRASE: "hunter2" });
  const refusal = await readPassphrase(weak.io, { lines: weak.lines }).catch((error: Error) => error);
  expect(String(refusal)).toMatch(/4 different words/);
  expect(String(refusal)).not.toContain("hunter2");
});
