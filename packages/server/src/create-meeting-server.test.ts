import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { type AddressInfo, connect, createServer } from "node:net";
import { join } from "node:path";
import { Connection } from "@mqtt-meet/mqtt";
import { dialUrl } from "@mqtt-meet/mqtt/node";
import { deriveRoom, encodeState, newPeer, roomPassword, type State, TopicScheme } from "@mqtt-meet/protocol";
import { expect, test, vi } from "vitest";
import WebSocket from "ws";
import type { MeetingServer } from "./create-meeting-server.ts";
import type { RoomEvent } from "./room-roster.ts";
import { serverRig } from "./testing/server-rig.ts";

const rig = serverRig({ "r/index.html": "<!doctype html><title>page</title>" });
const { cleanUps, start } = rig;

const authorityOf = () => readFile(join(rig.folder, "state", "ca.crt"), "utf8");

async function openSocket(
  url: string,
  options: WebSocket.ClientOptions = {},
  protocol = "mqtt",
): Promise<WebSocket | number> {
  const socket = new WebSocket(url, protocol, options);
  cleanUps.push(() => socket.terminate());
  return new Promise((resolve) => {
    socket.on("open", () => resolve(socket));
    socket.on("unexpected-response", (_request, response) => resolve(response.statusCode ?? 0));
    socket.on("error", () => resolve(0));
  });
}

async function answer(
  response: IncomingMessage,
): Promise<{ status: number; text: string; location?: string | undefined }> {
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) text += chunk;
  return { status: response.statusCode ?? 0, text, location: response.headers.location };
}

async function get(url: string, options: { ca?: string } = {}) {
  const request = url.startsWith("https:") ? httpsRequest(url, options) : httpRequest(url);
  const [response] = (await once(request.end(), "response")) as [IncomingMessage];
  return answer(response);
}

async function member(server: MeetingServer, will?: Uint8Array) {
  const [access, { peer, peerSecret }] = await Promise.all([deriveRoom(new Uint8Array(32)), newPeer()]);
  const topic = new TopicScheme(access.room).state(peer);
  const connection = new Connection({
    dial: dialUrl(`ws://localhost:${server.port}/mqtt`),
    clientId: peer,
    username: access.room,
    password: roomPassword(access.authToken, peerSecret),
    reconnect: false,
    ...(will ? { will: () => ({ topic, payload: will, qos: 1, retain: true }) } : {}),
  });
  cleanUps.push(() => connection.close());
  await connection.connected();
  return { connection, topic, peer, room: access.room };
}

const state = (status: State["status"], name = "Ada"): Uint8Array =>
  encodeState({
    v: 1,
    name,
    kind: "person",
    joinedAtMs: 0,
    incarnation: 1,
    status,
    decodes: { video: [], audio: [] },
    heartbeat: 0,
  });

test("on loopback the pages come in clear, at localhost", async () => {
  const server = await start();
  expect(server.sites).toEqual([`http://localhost:${server.port}`]);
  expect(await get(`${server.sites[0]}/r/blue-fox`)).toMatchObject({
    status: 200,
    text: expect.stringContaining("page"),
  });
  expect(server).toMatchObject({ loopback: true, mqttPort: undefined, mqttError: undefined });
});

test("beyond loopback the same port speaks TLS, and sends who comes in clear there", async () => {
  const server = await start({ host: "0.0.0.0" });
  expect(server.sites.at(-1)).toBe(`https://localhost:${server.port}`);
  const site = `https://localhost:${server.port}`;
  const redirect = await get(`http://localhost:${server.port}/r/blue-fox?x=1`);
  expect(redirect).toMatchObject({ status: 307, location: `${site}/r/blue-fox?x=1` });
  const untrusted = await get(site).catch((error: Error) => error);
  expect(untrusted).toBeInstanceOf(Error);
  const authority = await authorityOf();
  expect(await get(`${site}/ca.crt`, { ca: authority })).toMatchObject({ status: 200, text: authority });
  const socket = await openSocket(`wss://localhost:${server.port}/mqtt`, { ca: authority });
  expect(socket).toBeInstanceOf(WebSocket);
  expect(await openSocket(`ws://localhost:${server.port}/mqtt`)).toBe(400);
});

test("beyond loopback nobody is let in without credentials, not even from this machine (A7)", async () => {
  const server = await start({ host: "0.0.0.0" });
  const ca = await authorityOf();
  const connection = new Connection({
    dial: dialUrl(`wss://localhost:${server.port}/mqtt`, { ca }),
    clientId: "device",
    reconnect: false,
  });
  await expect(connection.connected()).rejects.toMatchObject({ code: "bad-credentials" });
});

test("a client that says nothing does not keep the server from ending", async () => {
  const server = await start({ host: "0.0.0.0" });
  const socket = connect(server.port, "127.0.0.1");
  await once(socket, "connect");
  socket.on("error", () => {});
  const ended = once(socket, "close");
  await server.close();
  await ended;
});

test("a port in use is named", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  cleanUps.push(() => taken.close());
  const { port } = taken.address() as AddressInfo;
  await expect(start({ port })).rejects.toMatchObject({
    code: "port-in-use",
    message: expect.stringContaining(`${port}`),
  });
  const server = await start({ mqttPort: port });
  expect(server).toMatchObject({ mqttPort: undefined, mqttError: { code: "port-in-use" } });
  expect((await member(server)).connection.state.status).toBe("connected");
});

test("an address of another machine is refused", async () => {
  await expect(start({ host: "203.0.113.7" })).rejects.toMatchObject({ code: "address-unavailable" });
  await expect(start({ host: "no-such-host.invalid" })).rejects.toMatchObject({ code: "address-unavailable" });
  expect(await readdir(rig.folder)).toEqual(["r"]); // and no certificate is made for it
});

test("only pages of the same host, of permitted ones, and programs may connect", async () => {
  const server = await start({ allowedOrigins: ["https://meet.example"] });
  const url = `ws://localhost:${server.port}/mqtt`;
  const withOrigin = (origin: string) => openSocket(url, { headers: { origin } });
  expect(await openSocket(url)).toBeInstanceOf(WebSocket);
  expect(await withOrigin(`http://localhost:${server.port}`)).toBeInstanceOf(WebSocket);
  expect(await withOrigin("https://meet.example")).toBeInstanceOf(WebSocket);
  for (const origin of ["https://evil.example", "null", `http://localhost:${server.port + 1}`, "file://", "x"]) {
    expect(await withOrigin(origin), origin).toBe(403);
  }
});

test("WebSockets are at /mqtt only, and speak MQTT only", async () => {
  const server = await start();
  expect(await openSocket(`ws://localhost:${server.port}/other`)).toBe(404);
  expect(await openSocket(`ws://localhost:${server.port}/mqtt/x`)).toBe(404);
  expect(await openSocket(`ws://localhost:${server.port}/mqtt`, {}, "chat")).toBe(400);
});

test("a client behind a proxy or a foreign name is not local (A7)", async () => {
  const server = await start();
  const outcome = async (headers: Record<string, string>) => {
    const socket = await openSocket(`ws://127.0.0.1:${server.port}/mqtt`, { headers });
    if (!(socket instanceof WebSocket)) throw new Error(`HTTP ${socket}`);
    socket.send(Buffer.from("100f00044d5154540402003c000378797a", "hex")); // CONNECT without credentials
    const [data] = (await once(socket, "message")) as [Buffer];
    return data[3];
  };
  expect(await outcome({})).toBe(0);
  expect(await outcome({ host: `localhost:${server.port}` })).toBe(0);
  expect(await outcome({ host: "rebound.example" })).toBe(5);
  expect(await outcome({ "x-forwarded-for": "203.0.113.7" })).toBe(5);
});

test("the server tells who joins and who leaves, also when a connection is lost", async () => {
  const events: RoomEvent[] = [];
  const server = await start({ onRoomEvent: (event) => events.push(event) });
  const ada = await member(server, state("gone"));
  await ada.connection.publish(ada.topic, state("here"), { qos: 1, retain: true });
  const bob = await member(server);
  await bob.connection.publish(bob.topic, state("here", "Bob"), { qos: 1, retain: true });
  await bob.connection.publish(bob.topic, state("gone", "Bob"), { qos: 1, retain: true });
  await vi.waitFor(() => expect(events).toHaveLength(3));
  expect(events).toEqual([
    { type: "joined", room: ada.room, peer: ada.peer, name: "Ada", present: 1 },
    { type: "joined", room: ada.room, peer: bob.peer, name: "Bob", present: 2 },
    { type: "left", room: ada.room, peer: bob.peer, name: "Bob", present: 1 },
  ]);
});

test("at the end everybody is told, and nothing goes on listening", async () => {
  const server = await start({ mqttPort: 0 });
  const socket = await openSocket(`ws://localhost:${server.port}/mqtt`);
  if (!(socket instanceof WebSocket)) throw new Error(`HTTP ${socket}`);
  socket.send(Buffer.from("101000044d5154540502003c00000378797a", "hex")); // CONNECT of MQTT 5
  await once(socket, "message");
  const last = once(socket, "message");
  const closed = once(socket, "close");
  const tcp = new Connection({ dial: dialUrl(`mqtt://127.0.0.1:${server.mqttPort}`), clientId: "t", reconnect: false });
  await tcp.connected();
  await Promise.all([server.close(), server.close()]);
  expect(((await last) as [Buffer])[0].subarray(0, 3).toString("hex")).toMatch(/^e00[0-9a-f]8b$/);
  expect((await closed)[0]).toBe(1001);
  expect(tcp.state).toMatchObject({ status: "closed", error: { reasonCode: 0x8b } });
  for (const port of [server.port, server.mqttPort ?? 0]) {
    const [error] = await once(connect(port, "127.0.0.1"), "error");
    expect(error).toMatchObject({ code: "ECONNREFUSED" });
  }
});
