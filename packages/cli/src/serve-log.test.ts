import { PassThrough } from "node:stream";
import type { LogEntry } from "@mqtt-meet/server";
import { expect, test } from "vitest";
import type { CommandIo } from "./command-io.ts";
import { checkLog, type LogOptions, openLog, textLine } from "./serve-log.ts";

const REFUSED: LogEntry = {
  ...{ level: "info", event: "refused", message: "A client was not let in." },
  fields: { why: "full", address: "192.0.2.7", client: "a b\u001b[31m\nINFO forged", missing: undefined },
};
const FAULT: LogEntry = { level: "error", event: "fault", message: "Broken.", fields: { stack: "a\nb" } };

async function written(options: LogOptions, ...entries: LogEntry[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const log = await openLog(options, { stdout, stderr } as unknown as CommandIo);
  for (const entry of entries) log(entry);
  const text = (stream: PassThrough) => String(stream.read() ?? "");
  return { out: text(stdout), err: text(stderr) };
}

test("--log-format json writes one object a line to standard output, with time, level, event, msg and the fields", async () => {
  const { out, err } = await written({ logFormat: "json" }, REFUSED, FAULT, { ...REFUSED, level: "debug" });
  const lines = out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines).toEqual([
    {
      ...{ level: "info", time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/), event: "refused" },
      ...{ why: "full", address: "192.0.2.7", client: "a b\u001b[31m\nINFO forged", msg: "A client was not let in." },
    },
    expect.objectContaining({ level: "error", event: "fault", msg: "Broken.", stack: "a\nb" }),
  ]);
  expect(err).toBe("");
});

test("a field with the name of a secret is written in neither format", async () => {
  const entry: LogEntry = { level: "error", event: "x", message: "X.", fields: { password: "hunter2", token: "eyJ" } };
  const [json, text] = [await written({ logFormat: "json" }, entry), await written({ logFormat: "text" }, entry)];
  expect(json.out).toContain('"event":"x"');
  expect(text.err).toContain(" x X.");
  expect(json.out + text.err).not.toMatch(/hunter2|eyJ/);
});

test("--log-format text writes to standard error from warnings on, --log-level from any other level on", async () => {
  expect(await written({ logFormat: "text" }, REFUSED, FAULT)).toMatchObject({
    out: "",
    err: expect.stringMatching(/^\S+ ERROR fault Broken\. stack="a\\nb"\n$/),
  });
  const { err } = await written({ logFormat: "text", logLevel: "info" }, REFUSED, FAULT);
  expect(err.match(/\n/g)).toHaveLength(2);
  expect((await written({ logFormat: "json", logLevel: "error" }, REFUSED)).out).toBe("");
});

test("no field can begin a line of its own or move the cursor", () => {
  const line = textLine(REFUSED, new Date(0));
  expect(line).toMatch(
    /^1970-01-01T00:00:00\.000Z INFO {2}refused A client was not let in\. why=full address=192\.0\.2\.7 /,
  );
  expect(line.slice(0, -1)).not.toMatch(/\p{Cc}/u);
});

test("what makes a link is refused beside --log-format json", () => {
  expect(() => checkLog({ logFormat: "json", room: "standup" })).toThrow(/^--room is for a meeting of this start/);
  expect(() => checkLog({ logFormat: "json", open: true })).toThrow(/^--open /);
  expect(() => checkLog({ logFormat: "text", room: "standup" })).not.toThrow();
});
