import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { formatMeetingLink, newMeetingLink } from "@mqtt-meet/protocol";
import { joinRoom } from "@mqtt-meet/sdk/node";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { CommandIo } from "../command-io.ts";
import { runProgram } from "../program.ts";

let folder = "";
const abort = new AbortController();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mqtt-meet-"));
});
afterEach(async () => {
  abort.abort();
  await rm(folder, { recursive: true });
});

test("serve --log-format json prints events of its life as JSON and nothing else, least of all a secret", async () => {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  let printed = "";
  stdout.on("data", (chunk: Buffer) => {
    printed += chunk.toString();
  });
  const env = { XDG_STATE_HOME: folder, HOME: folder };
  const io = { stdout, stderr, stdin: process.stdin, signal: abort.signal, env } as unknown as CommandIo;
  const options = ["--port", "0", "--mqtt-port", "0", "--log-format", "json", "--log-level", "debug"];
  const ended = runProgram(["serve", ...options], io);
  const entries = () =>
    printed
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown> & { event: string });
  const events = () => entries().map(({ event }) => event);
  await vi.waitFor(() => expect(events()).toContain("listening"), { timeout: 20_000 });
  const port = entries().find(({ service }) => service === "pages")?.["port"];
  const link = newMeetingLink(`http://localhost:${port}`, "standup");
  const room = await joinRoom(formatMeetingLink(link), { name: "Ada Lovelace" });
  await vi.waitFor(() => expect(events()).toContain("joined"), { timeout: 20_000 });
  await room.leave();
  abort.abort();
  expect(await ended).toBe(0);
  expect(events()).toEqual(expect.arrayContaining(["started", "connected", "joined", "stopping", "stopped"]));
  expect(events().at(-1)).toBe("stopped");
  expect(stderr.read()).toBeNull();
  const secret = Buffer.from(link.secret ?? []).toString("base64url");
  expect(secret).toHaveLength(43);
  for (const word of [secret, "Ada", "standup", "password"]) expect(printed).not.toContain(word);
});
