import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Broker, LOCAL_GRANT, listenTcp } from "@mqtt-meet/broker";
import { BufferPicture, Y4mReader, Y4mWriter } from "@mqtt-meet/media/node";
import { Connection } from "@mqtt-meet/mqtt";
import { dialUrl } from "@mqtt-meet/mqtt/node";
import { jpegOf } from "@mqtt-meet/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { base64Payload } from "./jpeg-payload.ts";
import { runCommand as start } from "./testing/run-command.ts";

const folder = mkdtempSync(join(tmpdir(), "mqtt-meet-cli-"));
const broker = new Broker();
let address = "";
let closeListener = async () => {};

beforeAll(async () => {
  const listener = await listenTcp(broker, { host: "127.0.0.1", port: 0 });
  address = `mqtt://127.0.0.1:${listener.port}`;
  closeListener = () => listener.close();
});

afterAll(async () => {
  await closeListener();
  await broker.close();
  rmSync(folder, { recursive: true });
});

async function client(): Promise<Connection> {
  const connection = new Connection({ dial: dialUrl(address), clientId: `test-${Math.random()}` });
  await connection.connected();
  return connection;
}

/** Collects what is published to a topic until the test ends. */
async function listenTo(topic: string) {
  const connection = await client();
  const payloads: Buffer[] = [];
  await connection.subscribe(topic, ({ payload }) => payloads.push(Buffer.from(payload)), {
    signal: new AbortController().signal,
  });
  return { payloads, [Symbol.asyncDispose]: () => connection.close() };
}

/** Publishes payloads in turn, 30 a second, until disposed. */
async function sendTo(topic: string, payloads: readonly Uint8Array[]) {
  const connection = await client();
  let count = 0;
  const timer = setInterval(() => {
    const payload = payloads[count++ % payloads.length];
    if (payload) connection.send(topic, payload);
  }, 33);
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await connection.close();
    },
  };
}

/** A file of `count` small pictures at 25 a second. */
function clip(name: string, count: number): string {
  const writer = new Y4mWriter({ frameRate: 25 });
  const frames = Array.from({ length: count }, (_, i) => {
    const data = new Uint8Array(64 * 48 * 1.5).fill(128).fill(40 + i * 4, 0, 64 * 48);
    return writer.write(new BufferPicture(data, { timestamp: 0, widthPx: 64, heightPx: 48 }));
  });
  const path = join(folder, name);
  writeFileSync(path, Buffer.concat(frames));
  return path;
}

/** A JPEG that `publish` has made. */
async function jpeg(): Promise<Buffer> {
  await using listener = await listenTo("make/one");
  const run = start("publish", `${address}/make/one`, "--source", clip("one.y4m", 2), "--format", "jpeg");
  expect(await run.status).toBe(0);
  return listener.payloads[0] as Buffer;
}

test("publish sends every picture of a file as base64, ends with it, and counts", async () => {
  await using listener = await listenTo("plant/cam");
  const run = start("publish", `${address}/plant/cam`, "--source", clip("short.y4m", 10), "--json");
  expect([await run.status, run.err()]).toEqual([0, expect.stringContaining("Publishing short.y4m (64x48)")]);
  expect(listener.payloads.length).toBe(10);
  expect(listener.payloads.every((payload) => /^\/9j\/[A-Za-z0-9+/]+=*$/.test(payload.toString()))).toBe(true);
  const decoded = jpegOf(listener.payloads[0] as Buffer) as Uint8Array;
  expect([...decoded.subarray(0, 2), ...decoded.subarray(-2)]).toEqual([0xff, 0xd8, 0xff, 0xd9]);
  expect(run.json().at(-1)).toMatchObject({ end: true, frames: 10, dropped: 0, tracks: 1 });
});

test("publish --format jpeg sends raw pictures, --duration ends it in order", async () => {
  await using listener = await listenTo("raw");
  const options = ["--source", "test", "--size", "160x90", "--format", "jpeg", "--duration", "1.5"];
  const run = start("publish", `${address}/raw`, ...options);
  expect(await run.status).toBe(0);
  expect(listener.payloads.length).toBeGreaterThan(3); // as many as the machine has time for
  expect(jpegOf(listener.payloads[0] as Buffer)).toEqual(listener.payloads[0]);
  expect(run.out()).toMatch(
    /Publishing test picture \(160x90\) to raw at 127\.0\.0\.1:\d+\.\n\d+ frames sent in 1\.\d s/,
  );
});

test("publish --loop goes on until Ctrl-C, which is a clean end", async () => {
  await using listener = await listenTo("loop");
  const run = start("publish", `${address}/loop`, "--source", clip("loop.y4m", 5), "--loop");
  while (listener.payloads.length < 12) await new Promise((resolve) => setTimeout(resolve, 20));
  run.interrupt();
  expect(await run.status).toBe(0); // its source has no end of its own
});

test("a target on standard input carries user and password, which go to the broker only", async () => {
  const guarded = new Broker({
    authenticate: ({ username, password }) =>
      username === "me" && Buffer.from(password ?? []).toString() === "pass word" ? LOCAL_GRANT : undefined,
  });
  const listener = await listenTcp(guarded, { host: "127.0.0.1", port: 0 });
  const run = start("publish", "-", "--source", clip("in.y4m", 3));
  run.stdin.write(`mqtt://me:pass%20word@127.0.0.1:${listener.port}/secret/cam\n`);
  expect([await run.status, run.err()]).toEqual([0, ""]);
  expect(run.out()).toMatch(/to secret\/cam at 127\.0\.0\.1:\d+\.\n3 frames sent/);
  expect(run.out()).not.toMatch(/pass|me:/);
  await listener.close();
  await guarded.close();
});

test.each([
  [["publish", "mqtt://localhost/x", "--source", "test", "--format", "h264"], /only jpeg and jpeg-base64/],
  [["publish", "mqtt://localhost/x", "--source", "test", "--simulcast"], /--simulcast is for meetings/],
  [["publish", "mqtt://localhost/a/+", "--source", "test"], /wildcard/],
  [["publish", "mqtt://localhost", "--source", "test"], /no topic, as in mqtt:\/\/localhost\/some\/topic/],
  [["publish", "ftp://localhost/x", "--source", "test"], /meeting link .* or a topic/],
  [["publish", "mqtt://localhost/x", "--source", "test", "--size", "12"], /WIDTHxHEIGHT/],
  [["publish", "mqtt://localhost/x", "--source", "test", "--bitrate", "fast"], /1500k/],
  [["publish", "mqtt://localhost/x", "--source", "/no/such.mp4"], /such\.mp4 does not exist/],
  [["publish", "mqtt://localhost/x", "--source", "camera:99"], /camera \/dev\/video99 does not exist/],
  [["watch", "mqtt://localhost/x", "--to", "cinema"], /window, terminal, null, -/],
  [["watch", "mqtt://localhost/x", "--from", "Ann", "--to", "null"], /--from is for meetings/],
])("%j is refused in one sentence", async (args, sentence) => {
  const run = start(...args);
  expect([await run.status, run.out()]).toEqual([1, ""]);
  expect(run.err()).toMatch(sentence);
  expect(run.err().trim().split("\n")).toHaveLength(1);
});

test("a broker that is not there and one that refuses are told in one sentence without the password", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  const absent = start("watch", `mqtt://u:pass-word@127.0.0.1:${port}/x`, "--to", "null");
  expect(await absent.status).toBe(1);
  expect(absent.err()).toMatch(new RegExp(`^mqtt-meet: .*127\\.0\\.0\\.1:${port}.*\\n$`));
  expect(absent.err()).not.toContain("pass-word");

  const guarded = new Broker({ authenticate: () => undefined });
  const listener = await listenTcp(guarded, { host: "127.0.0.1", port: 0 });
  const refused = start("publish", `mqtt://u:pass-word@127.0.0.1:${listener.port}/x`, "--source", "test");
  expect(await refused.status).toBe(1);
  expect(refused.err()).toMatch(/password|allow|authori|let us in/i);
  expect(refused.err()).not.toContain("pass-word");
  await listener.close();
  await guarded.close();
});

test("watch shows raw and base64 pictures alike and counts the one that is cut in half", async () => {
  const whole = await jpeg();
  const half = whole.subarray(0, whole.length >> 1);
  await using _sender = await sendTo("mixed", [whole, base64Payload(whole), half]);
  const run = start("watch", `${address}/mixed`, "--to", "null", "--json", "--duration", "2.5");
  expect(await run.status).toBe(0);
  const [line] = run.json().slice(1);
  expect(line).toMatchObject({ from: "mixed", track: "video", width: 64, height: 48, latencyMs: null });
  expect(line?.fps).toBeGreaterThan(0);
  const end = run.json().at(-1);
  expect(end?.end).toBe(true);
  expect(end?.frames).toBeGreaterThan(5);
  expect(end?.dropped).toBeGreaterThan(2);
});

test.each([
  ["text", [Buffer.from("Hello."), Buffer.from('{"temperature": 21.5}')], /words carries no pictures.*not JPEG/],
  ["halves", undefined, /words carries no pictures.*damaged/],
])(
  "watch on a topic with nothing but %s ends with one sentence after a few seconds",
  async (_name, given, sentence) => {
    const whole = await jpeg();
    await using _sender = await sendTo("words", given ?? [whole.subarray(0, whole.length >> 1)]);
    const run = start("watch", `${address}/words`, "--to", "null");
    expect(await run.status).toBe(1);
    expect(run.err()).toMatch(sentence);
  },
  10_000,
);

test("watch --to - writes y4m to standard output and everything else to standard error", async () => {
  await using _sender = await sendTo("pipe", [await jpeg()]);
  const run = start("watch", `${address}/pipe`, "--to", "-", "--duration", "1.5", "--stats");
  expect(await run.status).toBe(0);
  const reader = new Y4mReader();
  const pictures = reader.push(run.bytes());
  expect(reader.header).toMatchObject({ widthPx: 64, heightPx: 48, frameRate: 30 });
  expect(pictures.length).toBeGreaterThan(3);
  expect(run.err()).toMatch(/Watching pipe at .*\npipe video: 64x48, .* fps, \d+ kbit\/s\n\d+ frames shown/s);
});

test("watch with a wildcard keeps the topics apart", async () => {
  const whole = await jpeg();
  await using _one = await sendTo("yard/north", [whole]);
  await using _two = await sendTo("yard/south", [whole]);
  const run = start("watch", `${address}/yard/+`, "--to", "null", "--json", "--duration", "1.5");
  expect(await run.status).toBe(0);
  expect(new Set(run.json().map(({ from }) => from))).toEqual(new Set(["yard/north", "yard/south", undefined]));
});

test("watch waits for a topic on which nothing comes, until Ctrl-C", async () => {
  const run = start("watch", `${address}/nothing/yet`, "--to", "null");
  while (!run.out().includes("Watching")) await new Promise((resolve) => setTimeout(resolve, 20));
  run.interrupt();
  expect([await run.status, run.err()]).toEqual([0, ""]);
});

test("devices lists what there is, also where there is nothing", async () => {
  const run = start("devices");
  expect(await run.status).toBe(0);
  expect(run.out()).toMatch(/Cameras:.*Microphones:.*Screens: none.*Encoders/s);
  const json = start("devices", "--json");
  expect(await json.status).toBe(0);
  expect(JSON.parse(json.out())).toMatchObject({ screens: [], encoders: { h264: expect.anything() } });
});
