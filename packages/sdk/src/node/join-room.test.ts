import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BufferPicture, type NodePicture } from "@mqtt-meet/media/node";
import { Connection } from "@mqtt-meet/mqtt";
import { dialUrl } from "@mqtt-meet/mqtt/node";
import { encodeBase64Url, newPeer } from "@mqtt-meet/protocol";
import { formatMeetingLink, type NodeRoom, newMeetingLink, type ReadonlySignal } from "@mqtt-meet/sdk/node";
import { createMeetingServer, type MeetingServer } from "@mqtt-meet/server";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { readLink, roomAccess } from "../room-access.ts";
import { joinRoom } from "./join-room.ts";

let folder: string;
let server: MeetingServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mqtt-meet-sdk-"));
  await writeFile(join(folder, "index.html"), "<!doctype html>");
  server = await createMeetingServer({
    host: "127.0.0.1",
    port: 0,
    webRoot: folder,
    stateFolder: folder,
    version: "0.1.0",
  });
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const newLink = () => formatMeetingLink(newMeetingLink(server.sites[0], "standup"));

/** Resolves with the first value of `signal` that fulfils `condition`. */
function until<T>(signal: ReadonlySignal<T>, condition: (value: T) => boolean): Promise<T> {
  return new Promise((resolve) => {
    const ending = new AbortController();
    const stop = signal.subscribe((value) => {
      if (ending.signal.aborted || !condition(value)) return;
      ending.abort();
      resolve(value);
      queueMicrotask(() => stop());
    });
  });
}

/** All topics and payloads of a meeting, as the broker has them, while `meet` lasts. */
async function tapped(link: string, meet: () => Promise<void>): Promise<string> {
  const { room, username, password } = await roomAccess(readLink(link));
  const { peer, peerSecret } = await newPeer();
  const tap = new Connection({
    dial: dialUrl(`${server.sites[0]?.replace("http", "ws")}/mqtt`),
    clientId: peer,
    username,
    password: `${password?.split(".")[0]}.${encodeBase64Url(peerSecret)}`,
  });
  const parts: string[] = [];
  const onMessage = ({ topic, payload }: { topic: string; payload: Uint8Array }) => {
    parts.push(topic, Buffer.from(payload).toString("latin1"));
  };
  const { signal } = new AbortController();
  const filters = ["+/state", "+/catalog", "all/+", "+/a/+", "+/v/+/+/+"];
  await Promise.all(filters.map((filter) => tap.subscribe(`mm/1/${room}/${filter}`, onMessage, { qos: 1, signal })));
  await meet();
  await tap.close();
  return parts.join("\n");
}

const names = (room: NodeRoom) => room.participants.value.map(({ name }) => name);

test("two programs meet over the real broker, talk, and see each other leave", async () => {
  const link = newLink();
  await using ada = await joinRoom(link, { name: "Ada" });
  const bob = await joinRoom(link, { name: "Bob", kind: "bot" });
  expect(ada.link).toBe(link);
  expect(ada.name).toBe("standup");
  await until(ada.participants, (all) => all.length === 1);
  await until(bob.participants, (all) => all.length === 1);
  expect(ada.participants.value[0]).toMatchObject({ name: "Bob", kind: "bot", status: "live", peer: bob.peer });
  await ada.sendMessage("hello");
  expect((await until(bob.messages, (all) => all.length === 1))[0]).toMatchObject({ name: "Ada", text: "hello" });
  const left = until(ada.participants, (all) => all.length === 0);
  await bob.leave();
  await left;
  expect(bob.connection.value).toEqual({ status: "closed" });
});

test("rooms with other secrets do not meet", async () => {
  await using ada = await joinRoom(newLink(), { name: "Ada" });
  await using bob = await joinRoom(newLink(), { name: "Bob" });
  await ada.sendMessage("anybody?");
  expect(names(bob)).toEqual([]);
  expect(bob.messages.value).toEqual([]);
});

test("a picture and a sound go from one program to another", { timeout: 20_000 }, async () => {
  const link = newLink();
  await using ada = await joinRoom(link, { name: "Ada", kind: "camera" });
  await using bob = await joinRoom(link, { name: "Bob" });
  const camera = fakeCamera();
  const microphone = fakeMicrophone();
  const video = await ada.publishVideo(camera, { source: "device" });
  await ada.publishAudio(microphone, { source: "microphone" });
  const pictures: { width: number; height: number }[] = [];
  let samples = 0;
  bob.watchVideo(video.key, (picture) => {
    pictures.push({ width: picture.displayWidth, height: picture.displayHeight });
    picture.close();
  });
  bob.watchAudio("all", (block) => {
    samples += block.samples.length;
  });
  const timer = setInterval(() => {
    camera.take();
    microphone.take();
  }, 20);
  const { tracks } = await until(bob.statistics, ({ tracks: all }) => (all.get(video.key)?.fps ?? 0) > 10);
  clearInterval(timer);
  expect(pictures[0]).toEqual({ width: 320, height: 180 });
  expect(samples).toBeGreaterThan(48_000 / 4);
  const incoming = tracks.get(video.key);
  expect(incoming?.latencyMs?.p50).toBeGreaterThan(0);
  expect(incoming?.latencyMs?.p50).toBeLessThan(5_000);
  expect(ada.levels.value.get(ada.peer)).toBeGreaterThan(0.2);
  await video.unpublish();
  expect(camera.onPicture).toBeUndefined();
});

test("whoever reads the broker finds no name, word, codec or secret in a meeting (T-E2EE-2)", {
  timeout: 20_000,
}, async () => {
  const link = newLink();
  const printed = [vi.spyOn(process.stdout, "write"), vi.spyOn(process.stderr, "write")];
  const bytes = await tapped(link, async () => {
    await using ada = await joinRoom(link, { name: "Ada Lovelace", kind: "camera" });
    await using bob = await joinRoom(link, { name: "Bob Hope" });
    const camera = fakeCamera();
    const microphone = fakeMicrophone();
    const video = await ada.publishVideo(camera, { source: "device" });
    await ada.publishAudio(microphone, { source: "microphone" });
    bob.watchVideo(video.key, (picture) => picture.close());
    bob.watchAudio("all", () => undefined);
    const timer = setInterval(() => {
      camera.take();
      microphone.take();
    }, 20);
    await until(bob.statistics, ({ tracks: all }) => (all.get(video.key)?.frames ?? 0) > 20);
    clearInterval(timer);
    await ada.sendMessage("the secret plan");
    await until(bob.messages, (all) => all.length === 1);
  });
  const lines = printed.flatMap(({ mock }) => mock.calls.map(([text]) => String(text))).join("");
  for (const spy of printed) spy.mockRestore();
  const secret = link.slice(link.indexOf("#1.") + 3);
  const raw = Buffer.from(secret, "base64url").toString("latin1");
  expect(bytes.length).toBeGreaterThan(10_000);
  for (const word of ["Lovelace", "Hope", "secret plan", "avc1", "opus", "widthPx", '"type"', secret, raw]) {
    expect(bytes.includes(word), word).toBe(false);
  }
  expect(lines).not.toContain(secret);
});

test("a link, a site or a broker that does not work is said in one sentence", async () => {
  const options = { name: "Ada" };
  await expect(joinRoom("nonsense", options)).rejects.toMatchObject({ code: "link-malformed" });
  await expect(joinRoom("http://127.0.0.1:1/r/x", options)).rejects.toMatchObject({
    code: "server-unreachable",
    message: "http://127.0.0.1:1 cannot be reached.",
  });
  await using foreign = await serve((_, response) => response.end("<h1>It works!</h1>"));
  await expect(joinRoom(`${foreign.origin}/r/x`, options)).rejects.toMatchObject({ code: "server-unknown" });
  await using half = await serve((request, response) => {
    if (request.url === "/config.json") response.end('{"broker":"mqtt"}');
    else response.writeHead(404).end();
  });
  const secret = new URL(newLink()).hash;
  await expect(joinRoom(`${half.origin}/r/x${secret}`, options)).rejects.toMatchObject({
    code: "server-unreachable",
  });
  await expect(joinRoom(`${server.sites[0]}/r/open`, options)).rejects.toMatchObject({ code: "not-authorized" });
  const reason = new Error("called off");
  await expect(joinRoom(newLink(), { ...options, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  await expect(joinRoom(newLink(), { name: " " })).rejects.toThrow(TypeError);
});

test("a program that left a room ends by itself", { timeout: 20_000 }, async () => {
  const program = join(folder, "program.mts");
  const sdk = new URL("./join-room.ts", import.meta.url).href;
  await writeFile(
    program,
    `import { joinRoom } from ${JSON.stringify(sdk)};
     const room = await joinRoom(${JSON.stringify(newLink())}, { name: "Ada" });
     await room.sendMessage("bye");
     await room.leave();
     process.stdout.write("left");`,
  );
  const root = new URL("../../../..", import.meta.url);
  const child = spawn(process.execPath, ["--import", "tsx", "--conditions=@mqtt-meet/source", program], { cwd: root });
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  child.stderr.on("data", (chunk) => {
    output += chunk;
  });
  const code = await new Promise((resolve) => child.on("exit", resolve));
  expect(output).toBe("left");
  expect(code).toBe(0);
});

/** Gives a grey picture each time it is asked. */
function fakeCamera() {
  const [widthPx, heightPx] = [320, 180];
  return {
    widthPx,
    heightPx,
    frameRate: 50,
    droppedFrames: 0,
    onPicture: undefined as ((picture: NodePicture) => void) | undefined,
    take() {
      const timestamp = Math.floor((performance.timeOrigin + performance.now()) * 1000);
      const bytes = new Uint8Array((widthPx * heightPx * 3) / 2).fill(128);
      this.onPicture?.(new BufferPicture(bytes, { widthPx, heightPx, timestamp }));
    },
  };
}

/** Hums 20 ms each time it is asked. */
function fakeMicrophone() {
  const samples = Float32Array.from({ length: 960 }, (_, i) => Math.sin(i / 8) / 2);
  type Listener = (block: { timestampUs: number; sampleRate: number; channels: number; samples: Float32Array }) => void;
  return {
    channels: 1 as const,
    onBlock: undefined as Listener | undefined,
    take() {
      const timestampUs = Math.floor((performance.timeOrigin + performance.now()) * 1000);
      this.onBlock?.({ timestampUs, sampleRate: 48_000, channels: 1, samples });
    },
  };
}

async function serve(onRequest: Parameters<typeof createServer>[1] & object) {
  const http: Server = createServer(onRequest);
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const { port } = http.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      http.closeAllConnections();
      http.close();
    },
  };
}
