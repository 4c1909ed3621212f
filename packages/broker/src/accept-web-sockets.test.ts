import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { encodePacket } from "@mqtt-meet/mqtt";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { acceptWebSockets } from "./accept-web-sockets.ts";
import { Broker } from "./broker.ts";
import { connectPacket } from "./testing/raw-client.ts";
import { grantOf, levels } from "./testing/rules.ts";

let broker: Broker;
let server: Server;
const addresses: (string | undefined)[] = [];

beforeEach(async () => {
  addresses.length = 0;
  broker = new Broker({
    authenticate: ({ remoteAddress }) => {
      addresses.push(remoteAddress);
      return grantOf("x");
    },
  });
  const acceptor = acceptWebSockets(broker, {
    addressOf: ({ headers }) => headers["x-real-ip"]?.toString(),
    maxMessageBytes: 100_000,
  });
  server = createServer().on("upgrade", (request, socket, head) => acceptor.handleUpgrade(request, socket, head));
  await once(server.listen(0, "127.0.0.1"), "listening");
});
afterEach(async () => {
  broker.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const url = () => `ws://127.0.0.1:${(server.address() as AddressInfo).port}/mqtt`;

/** The status with which an upgrade is refused; 101 when it is not. */
function upgradeStatus(protocol: string, headers: Record<string, string> = {}): Promise<number | undefined> {
  const socket = new WebSocket(url(), protocol, { headers });
  return new Promise((resolve) => {
    socket.on("error", () => undefined);
    socket.on("unexpected-response", (_request, response) => resolve(response.statusCode));
    socket.on("open", () => resolve(101));
  }).finally(() => socket.terminate()) as Promise<number | undefined>;
}

async function open(headers: Record<string, string> = {}): Promise<WebSocket> {
  const socket = new WebSocket(url(), "mqtt", { headers });
  socket.on("error", () => undefined);
  await once(socket, "open");
  return socket;
}

test("T-ACL-15: only MQTT is spoken, and only pages of this host and programs may", async () => {
  const host = new URL(url()).host;
  expect(await upgradeStatus("mqtt")).toBe(101);
  expect(await upgradeStatus("mqtt", { origin: `http://${host}` })).toBe(101);
  expect(await upgradeStatus("chat")).toBe(400);
  expect(await upgradeStatus("mqtt", { origin: "http://evil.example" })).toBe(403);
  expect(await upgradeStatus("mqtt", { origin: "null" })).toBe(403);
});

describe.each(levels)("level $level", ({ level }) => {
  const hello = encodePacket(connectPacket(level), level);

  test("T-ACL-15: binary messages of any cut are understood", async () => {
    const socket = await open();
    socket.send(hello.subarray(0, 5), { fin: false });
    socket.send(hello.subarray(5), { fin: true });
    const [answer] = (await once(socket, "message")) as [Buffer];
    expect(answer[0]).toBe(0x20);
    expect(socket.extensions).toBe("");
    socket.terminate();
  });

  test.each([
    ["text", (socket: WebSocket) => socket.send("hello")],
    ["a message that is too large", (socket: WebSocket) => socket.send(new Uint8Array(100_001))],
    [
      "65 fragments",
      (socket: WebSocket) => {
        for (let index = 0; index < 65; index++) socket.send(new Uint8Array(1), { fin: false });
      },
    ],
  ])("T-ACL-15: %s ends that connection only", async (_name, offend) => {
    const other = await open();
    const socket = await open();
    offend(socket);
    await once(socket, "close");
    other.send(hello);
    const [answer] = (await once(other, "message")) as [Buffer];
    expect(answer[0]).toBe(0x20);
    other.terminate();
  });

  test("an address that a trusted proxy names is the client's", async () => {
    for (const address of ["203.0.113.7", undefined]) {
      const socket = await open(address === undefined ? {} : { "x-real-ip": address });
      socket.send(hello);
      await once(socket, "message");
      socket.terminate();
    }
    expect(addresses).toEqual(["203.0.113.7", "127.0.0.1"]);
  });
});
