import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { Connection } from "@mqtt-meet/mqtt";
import { dialUrl } from "@mqtt-meet/mqtt/node";
import { deriveRoom, encodeState, newPeer, parseMeetingLink, roomPassword, TopicScheme } from "@mqtt-meet/protocol";
import { joinRoom } from "@mqtt-meet/sdk/node";
import { Command } from "commander";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { CommandIo } from "../command-io.ts";
import { openGreetingBroker } from "../testing/greeting-broker.ts";
import { registerServe } from "./serve.ts";

let folder: string;
let abort: AbortController;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mqtt-meet-"));
  abort = new AbortController();
});
afterEach(async () => {
  abort.abort();
  await rm(folder, { recursive: true });
});

interface Run {
  /** What was printed so far. */
  readonly text: () => string;
  readonly ended: Promise<void>;
  /** Waits for the meeting link. */
  readonly link: () => Promise<string>;
}

function run(
  commandLine: readonly string[],
  options: { isTty?: boolean; path?: string; env?: NodeJS.ProcessEnv } = {},
): Run {
  const stdout = Object.assign(new PassThrough(), { isTTY: options.isTty ?? false });
  let printed = "";
  stdout.on("data", (chunk: Buffer) => {
    printed += chunk.toString();
  });
  const io = {
    stdout,
    stdin: process.stdin,
    stderr: process.stderr,
    signal: abort.signal,
    env: { XDG_STATE_HOME: folder, HOME: folder, NO_COLOR: "1", PATH: options.path ?? folder, ...options.env },
  } as unknown as CommandIo;
  const program = new Command("mqtt-meet").exitOverride().configureOutput({ writeErr: () => {} });
  registerServe(program, io);
  const ended = program.parseAsync(["serve", ...commandLine], { from: "user" }).then(() => undefined);
  ended.catch(() => {});
  const link = async () => {
    await Promise.race([
      ended,
      vi.waitFor(() => expect(printed).toMatch(/some\/camera|No MQTT over TCP|The broker is/), { timeout: 20_000 }),
    ]);
    return /^https?:\/\/\S+$/m.exec(printed)?.[0] ?? "";
  };
  return { text: () => printed, ended, link };
}

async function takenPort(): Promise<{ port: number; close: () => void }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

const free = ["--port", "0", "--mqtt-port", "0"];

test("serve prints a link that opens a room, and ends with Ctrl-C", async () => {
  const serving = run(free);
  const { site, name, secret } = parseMeetingLink(await serving.link());
  expect(site).toMatch(/^http:\/\/localhost:\d+$/);
  expect(name).toMatch(/^[a-z]+-[a-z]+-[a-z]+$/);
  expect(secret).toHaveLength(32);
  expect(await (await fetch(`${site}/healthz`)).json()).toEqual({ ok: true });
  for (const words of ["publish LINK", "watch LINK", "some/camera"]) expect(serving.text()).toContain(words);
  abort.abort();
  await serving.ended;
  await expect(fetch(`${site}/healthz`)).rejects.toThrow();
  expect(serving.text()).toMatch(/The server has ended\.\n$/);
});

test("serve takes the name of the room, and makes a new secret each time", async () => {
  const [first, second] = [run([...free, "--room", "Team 早会"]), run([...free, "--room", "Team 早会"])];
  const links = [parseMeetingLink(await first.link()), parseMeetingLink(await second.link())];
  expect(links.map(({ name }) => name)).toEqual(["Team 早会", "Team 早会"]);
  expect(links[0]?.secret).not.toEqual(links[1]?.secret);
});

test("serve makes a meeting with a passphrase, whose words it does not print (L6, K8)", async () => {
  const env = { MQTT_MEET_PASSPHRASE: "red boat seven moons" };
  const serving = run([...free, "--room", "standup", "--passphrase"], { env });
  expect(parseMeetingLink(await serving.link())).toMatchObject({ name: "standup", passphrase: true });
  expect(serving.text()).not.toContain("moons");
  const weak = run([...free, "--passphrase"], { env: { MQTT_MEET_PASSPHRASE: "hunter2" } });
  await expect(weak.ended).rejects.toThrow(/4 different words/);
});

test("serve --open-rooms says so, and lets into rooms that are not encrypted; without it there are none (L5, K10)", async () => {
  const closed = run(free);
  const site = parseMeetingLink(await closed.link()).site;
  await expect(joinRoom(`${site}/r/lobby`, { name: "Ada" })).rejects.toMatchObject({ code: "not-authorized" });
  const serving = run([...free, "--open-rooms"]);
  const link = await serving.link();
  expect(serving.text()).toMatch(/Rooms without encryption:.*not private/);
  const place = `${parseMeetingLink(link).site}/r/lobby`;
  await using ada = await joinRoom(place, { name: "Ada" });
  await using bob = await joinRoom(place, { name: "Bob" });
  await vi.waitFor(() => expect(ada.participants.value.map(({ name }) => name)).toEqual(["Bob"]), { timeout: 10_000 });
  expect([ada.encryption.value.encrypted, bob.encryption.value.encrypted]).toEqual([false, false]);
  await using cem = await joinRoom(link, { name: "Cem" });
  expect(cem.encryption.value.encrypted).toBe(true);
  const both = run([...free, "--open-rooms", "--token-key", "key.pem"]);
  await expect(both.ended).rejects.toThrow(/exclude each other/);
});

test("serve prints a line for each join and leave", async () => {
  const serving = run([...free, "--room", "standup"]);
  const { site, secret } = parseMeetingLink(await serving.link());
  const [{ room, authToken }, { peer, peerSecret }] = await Promise.all([
    deriveRoom(secret ?? new Uint8Array(0)),
    newPeer(),
  ]);
  const topic = new TopicScheme(room).state(peer);
  const connection = new Connection({
    dial: dialUrl(`${site.replace("http", "ws")}/mqtt`),
    clientId: peer,
    username: room,
    password: roomPassword(authToken, peerSecret),
  });
  const state = {
    v: 1,
    name: "Ada\u001b[31m",
    kind: "person",
    joinedAtMs: 0,
    incarnation: 1,
    decodes: { video: [], audio: [] },
    heartbeat: 0,
  } as const;
  await connection.publish(topic, encodeState({ ...state, status: "here" }), { qos: 1, retain: true });
  await connection.publish(topic, encodeState({ ...state, status: "gone" }), { qos: 1, retain: true });
  await vi.waitFor(() => expect(serving.text()).toMatch(/left/));
  await connection.close();
  expect(serving.text()).toMatch(/\d\d:\d\d:\d\d Ada\[31m joined standup \(1 there\)\n/);
  expect(serving.text()).toMatch(/\d\d:\d\d:\d\d Ada\[31m left standup \(0 there\)\n/);
});

test("serve names a port in use, and what to do", async () => {
  const taken = await takenPort();
  const { port } = taken;
  await expect(run(["--port", `${port}`, "--mqtt-port", "0"]).ended).rejects.toThrow(
    `Port ${port} is already in use: end the program that uses it, or choose another, for example --port ${port + 1}.`,
  );
  taken.close();
});

test("serve goes on without MQTT over TCP when that port is taken, and says so", async () => {
  const taken = await takenPort();
  const serving = run(["--port", "0", "--mqtt-port", `${taken.port}`]);
  const { site } = parseMeetingLink(await serving.link());
  expect((await fetch(`${site}/healthz`)).status).toBe(200);
  expect(serving.text()).toContain(`No MQTT over TCP: port ${taken.port} is taken.`);
  taken.close();
});

test("serve shows a QR code on a terminal when phones can reach it, and keeps its certificate", async () => {
  const onTerminal = run([...free, "--host", "0.0.0.0"], { isTty: true });
  expect(await onTerminal.link()).toMatch(/^https:\/\//);
  expect(onTerminal.text()).toMatch(/[▀▄█]{5}/);
  expect(onTerminal.text()).toContain("/ca.crt");
  expect(await readdir(join(folder, "mqtt-meet"))).toContain("ca.crt");
  const inPipe = run([...free, "--host", "0.0.0.0"]);
  await inPipe.link();
  expect(inPipe.text()).not.toMatch(/[▀▄█]/);
  const onLoopback = run(free, { isTty: true });
  await onLoopback.link();
  expect(onLoopback.text()).not.toMatch(/[▀▄█]/);
});

test("serve puts a gateway in front of a broker of one's own", async () => {
  using broker = await openGreetingBroker();
  const serving = run(["--port", "0", "--broker", `mqtt://127.0.0.1:${broker.port}`]);
  const { site } = parseMeetingLink(await serving.link());
  expect(await (await fetch(`${site}/config.json`)).json()).toMatchObject({ broker: "mqtt" });
  expect(serving.text()).toContain(`The broker is mqtt://127.0.0.1:${broker.port}, behind this server.\n`);
});

test("serve tells pages and commands of a broker that they connect to themselves", async () => {
  const serving = run(["--port", "0", "--broker-direct", "ws://meet:word@127.0.0.1:8083/mqtt"]);
  const { site } = parseMeetingLink(await serving.link());
  const response = await fetch(`${site}/config.json`);
  const account = { username: "meet", password: "word" };
  expect(await response.json()).toMatchObject({ broker: "ws://127.0.0.1:8083/mqtt", ...account });
  expect(response.headers.get("content-security-policy")).toContain(" ws://127.0.0.1:8083;");
  expect(serving.text()).not.toContain("word");
});

test("serve --metrics-port gives Prometheus its numbers, and names a port in use", async () => {
  const serving = run([...free, "--metrics-port", "0"]);
  await serving.link();
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(serving.text())?.[0] ?? "";
  expect(await (await fetch(`${url}/metrics`)).text()).toContain("\nmqtt_meet_connections_accepted_total ");
  const { port } = new URL(url);
  await expect(run([...free, "--metrics-port", port]).ended).rejects.toThrow(
    `Port ${port} is already in use: choose another with --metrics-port.`,
  );
  await expect(run(["--metrics-port", "0", "--broker-direct", "ws://b/mqtt"]).ended).rejects.toThrow("there are none");
  await expect(run([...free, "--metrics-port", "x"]).ended).rejects.toThrow("A port is a number from 0 to 65535.");
});

test("serve says what is wrong with a key for tokens", async () => {
  const key = join(folder, "meet.pem");
  await expect(run([...free, "--token-key", key]).ended).rejects.toThrow(
    `The key ${key} cannot be read: mqtt-meet token`,
  );
  await writeFile(key, "hello");
  await expect(run([...free, "--token-key", key]).ended).rejects.toThrow(`${key} holds no key for tokens`);
  await expect(run(["--token-key", key, "--broker-direct", "ws://b/mqtt"]).ended).rejects.toThrow(
    "the broker checks tokens",
  );
});

test("serve tells pages of all nodes of a cluster, and lets them connect to each", async () => {
  const urls = ["ws://127.0.0.1:8083/mqtt", "ws://127.0.0.1:8084/mqtt"];
  const serving = run(["--port", "0", "--broker-direct", ...urls]);
  const { site } = parseMeetingLink(await serving.link());
  const response = await fetch(`${site}/config.json`);
  expect(await response.json()).toMatchObject({ broker: urls });
  expect(response.headers.get("content-security-policy")).toContain("ws://127.0.0.1:8083 ws://127.0.0.1:8084;");
});

test("serve says what is wrong with a broker", async () => {
  const taken = await takenPort();
  taken.close();
  const broker = `mqtt://127.0.0.1:${taken.port}`;
  await expect(run(["--port", "0", "--broker", broker]).ended).rejects.toThrow(
    `The broker at ${broker} cannot be used: `,
  );
  await expect(run(["--port", "0", "--broker", "x"]).ended).rejects.toThrow("--broker takes the address of a broker");
  await expect(run(["--mqtt-port", "0", "--broker", broker]).ended).rejects.toThrow("--mqtt-port is for the embedded");
});

test("serve says in one line that the browser could not be opened, and goes on", async () => {
  const serving = run([...free, "--open"], { path: "/nowhere" });
  await serving.link();
  await vi.waitFor(() =>
    expect(serving.text()).toContain("The browser could not be opened: open the link yourself.\n"),
  );
});

test("serve refuses what is no port, no address and no name", async () => {
  for (const port of ["80a", "-1", "65536", "1e3", ""]) {
    await expect(run(["--port", port]).ended, port).rejects.toThrow("A port is a number from 0 to 65535.");
  }
  await expect(run([...free, "--host", "203.0.113.7"]).ended).rejects.toThrow("--host");
  await expect(run([...free, "--room", "\u202e"]).ended).rejects.toThrow("A room's name");
});

test("serve says what is missing for TLS of one's own and for plain MQTT", async () => {
  const wrong = {
    "--cert meet.crt": "--cert and --key belong together",
    "--cert nowhere.crt --key nowhere.key": "nowhere.crt cannot be read",
    "--host 0.0.0.0 --plain-mqtt": "set MQTT_MEET_PLAIN_USERNAME and MQTT_MEET_PLAIN_PASSWORD",
    "--broker mqtt://127.0.0.1:1 --mqtts-port 0": "--mqtts-port is for the embedded broker",
  };
  for (const [line, message] of Object.entries(wrong)) {
    await expect(run(["--port", "0", ...line.split(" ")]).ended, line).rejects.toThrow(message);
  }
  const env = { MQTT_MEET_PLAIN_USERNAME: "device", MQTT_MEET_PLAIN_PASSWORD: "p" };
  await expect(run(["--port", "0", "--plain-mqtt"], { env }).ended).rejects.toThrow("give --host, too");
});

test("serve beyond this machine names its ports of MQTT, with TLS and plain for devices", async () => {
  const env = { MQTT_MEET_PLAIN_USERNAME: "device", MQTT_MEET_PLAIN_PASSWORD: "p" };
  const ports = ["--port", "0", "--mqtt-port", "0", "--mqtts-port", "0"];
  const { text, ended } = run(["--host", "0.0.0.0", "--plain-mqtt", ...ports], { env });
  await vi.waitFor(() => expect(text()).toMatch(/Plain MQTT, .* outside of meetings: port \d+/), { timeout: 10_000 });
  expect(text()).toMatch(/^MQTT over TLS, for room accounts: {2}mqtts:\/\/\S+:\d+$/m);
  abort.abort();
  await ended;
});
