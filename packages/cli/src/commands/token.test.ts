import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { parseMeetingLink } from "@mqtt-meet/protocol";
import { readTokenKey } from "@mqtt-meet/server";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { CommandIo } from "../command-io.ts";
import { runProgram } from "../program.ts";

let folder: string;
let key: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mqtt-meet-"));
  key = join(folder, "keys/meet.pem");
});
afterEach(() => rm(folder, { recursive: true }));

async function create(...args: string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const { signal } = new AbortController();
  const io = { stdin: process.stdin, stdout, stderr, signal, env: {} } as unknown as CommandIo;
  const status = await runProgram(["token", "create", ...args], io);
  return { status, out: String(stdout.read() ?? ""), err: String(stderr.read() ?? "") };
}

const payloadOf = (token: string) => JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());

test("token create makes a key once, and tokens that say what the role may", async () => {
  const first = await create("--room", "standup", "--role", "camera", "--ttl", "8h", "--key", key);
  expect(first).toMatchObject({ status: 0, err: expect.stringMatching(/^A new key is in .*\.\n$/) });
  expect((await stat(key)).mode & 0o777).toBe(0o600);
  const { room, role, clientId, username, password } = JSON.parse(first.out);
  expect([room, role, username]).toEqual(["standup", "camera", clientId]);
  expect(clientId).toMatch(/^[A-Za-z0-9_-]{22}$/);
  const { sub, exp, nbf, mqm, acl } = payloadOf(password);
  expect([sub, exp - nbf]).toEqual([clientId, 8 * 3600]);
  expect(mqm).toEqual({ v: 1, room: "standup", role: "camera", pub: ["a", "v", "c"], sub: false, admin: false });
  expect(acl.at(-1)).toEqual({ permission: "deny", action: "all", topic: "#" });
  const before = await readFile(key, "utf8");
  const second = await create("--room", "standup", "--key", key, "--peer", "front-door-camera");
  expect([second.status, second.err, JSON.parse(second.out).clientId]).toEqual([0, "", "front-door-camera"]);
  expect(await readFile(key, "utf8")).toBe(before);
});

test("token create --algorithm chooses what kind of key is made", async () => {
  expect((await create("--room", "r", "--key", key, "--algorithm", "ES256")).status).toBe(0);
  expect(readTokenKey(await readFile(key, "utf8"))?.algorithm).toBe("ES256");
});

test.each([
  [["--key", "k"], "required option '--room <name>' not specified."],
  [["--room", "r"], "required option '--key <file>' not specified."],
  [["--room", "a/b", "--key", "k"], "A room is 1 to 43 letters"],
  [["--room", "r", "--key", "k", "--ttl", "10"], "A time is a number with s, m or h"],
  [["--room", "r", "--key", "k", "--ttl", "25h"], "at most 24h"],
  [["--room", "r", "--key", "k", "--peer", "+"], "A participant is 16 to 43"],
  [["--room", "r", "--key", "k", "--role", "king"], "Allowed choices are host, member, viewer, camera."],
  [["--room", "r", "--key", "/dev/null/k"], "The key /dev/null/k cannot be read."],
])("token create %s says in one sentence what is wrong", async (args, words) => {
  const { status, out, err } = await create(...args);
  expect([status, out]).toEqual([1, ""]);
  expect(err.toLowerCase()).toContain(words.toLowerCase());
  expect(err).toMatch(/^mqtt-meet: [^\n]+\.\n$/);
});

test("token create refuses a file that is no key for tokens", async () => {
  const file = join(folder, "text");
  await writeFile(file, "hello");
  expect((await create("--room", "r", "--key", file)).err).toBe(
    `mqtt-meet: ${file} holds no key for tokens: they are signed with Ed25519 or P-256, in PEM.\n`,
  );
});

async function invite(...args: string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const { signal } = new AbortController();
  const io = { stdin: process.stdin, stdout, stderr, signal, env: {} } as unknown as CommandIo;
  const status = await runProgram(["token", "invite", ...args], io);
  return { status, out: String(stdout.read() ?? ""), err: String(stderr.read() ?? "") };
}

test.each(["EdDSA", "ES256"])(
  "token invite prints links into one room with the rights of a role (%s, L8)",
  async (algorithm) => {
    const common = ["--site", "https://meet.example/sub/", "--key", key, "--algorithm", algorithm];
    const host = await invite("--room", "standup", "--role", "host", "--ttl", "2h", ...common);
    expect(host).toMatchObject({ status: 0, err: expect.stringMatching(/^A new key is in/) });
    const viewer = await invite("--room", "standup", "--role", "viewer", ...common);
    const other = await invite("--room", "retro", ...common);
    const [first, second, third] = [host, viewer, other].map(({ out }) => parseMeetingLink(out));
    expect(first).toMatchObject({ site: "https://meet.example/sub", name: "standup" });
    const { exp, nbf, jti, sub, mqm } = payloadOf(first?.invitation ?? "");
    expect([exp - nbf, sub]).toEqual([2 * 3600, undefined]);
    expect(mqm).toEqual({ v: 1, room: "standup", role: "host", pub: ["a", "v", "s", "c"], sub: true, admin: true });
    expect(payloadOf(second?.invitation ?? "").jti).not.toBe(jti);
    // Everybody in the room has the same keys, and nobody else.
    expect(second?.secret).toEqual(first?.secret);
    expect(third?.secret).not.toEqual(first?.secret);
  },
);

test("token invite and token create say that the holder waits for a host, and hosts do not (D1)", async () => {
  const common = ["--room", "standup", "--key", key];
  const guest = await invite(...common, "--site", "https://meet.example", "--wait");
  expect(payloadOf(parseMeetingLink(guest.out).invitation ?? "").mqm).toMatchObject({ wait: true, admin: false });
  const camera = await create(...common, "--role", "camera", "--wait");
  expect(payloadOf(JSON.parse(camera.out).password).mqm).toMatchObject({ wait: true, role: "camera" });
  const host = await create(...common, "--role", "host", "--wait");
  expect(host).toMatchObject({
    status: 1,
    out: "",
    err: expect.stringMatching(/^mqtt-meet: A host waits for nobody: .*\.\n$/),
  });
});

test.each([
  [["--room", "r", "--key", "k"], "required option '--site <url>' not specified."],
  [["--room", "r", "--key", "k", "--site", "meet.example"], "A site is an address of pages"],
  [["--room", "r", "--key", "k", "--site", "https://a:b@meet.example"], "A site is an address of pages"],
])("token invite %s says in one sentence what is wrong", async (args, words) => {
  const { status, out, err } = await invite(...args);
  expect([status, out]).toEqual([1, ""]);
  expect(err.toLowerCase()).toContain(words.toLowerCase());
});
