import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { Connection } from "@mqtt-meet/mqtt";
import { dialUrl } from "@mqtt-meet/mqtt/node";
import { deriveRoom, newPeer, roomPassword } from "@mqtt-meet/protocol";
import { afterEach, expect, test, vi } from "vitest";
import { createMeetingServer } from "./create-meeting-server.ts";
import { openBroker } from "./testing/open-broker.ts";

const PATIENT = { timeout: 15_000, interval: 20 };
const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanUps.splice(0).reverse()) await clean();
});

async function openServer(urls: readonly [string, ...string[]]) {
  const nowhere = { webRoot: "/nowhere", stateFolder: "/nowhere", version: "0" };
  const server = await createMeetingServer({
    ...{ host: "127.0.0.1", port: 0, broker: { mode: "gateway", urls }, ...nowhere },
  });
  cleanUps.push(() => server.close());
  return server;
}

/** A participant of a room of its own, connecting again by itself. */
async function participant(port: number): Promise<Connection> {
  const { room, authToken } = await deriveRoom(crypto.getRandomValues(new Uint8Array(32)));
  const { peer, peerSecret } = await newPeer();
  const proof = { username: room, password: roomPassword(authToken, peerSecret) };
  const connection = new Connection({ dial: dialUrl(`ws://localhost:${port}/mqtt`), clientId: peer, ...proof });
  cleanUps.push(() => connection.close());
  await connection.connected();
  return connection;
}

test("the clients of a gateway whose node is gone are back at the next one", async () => {
  const [one, two] = [await openBroker(), await openBroker()];
  cleanUps.push(() => two.close());
  const server = await openServer([one.url, two.url]);
  const connection = await participant(server.port);
  const changes: string[] = [];
  connection.onStateChange = ({ status }) => changes.push(status);
  await one.close();
  await vi.waitFor(() => expect(changes).toContain("connected"), PATIENT);
  const ready = async () => (await fetch(`${server.sites[0]}/readyz`)).status;
  await expect.poll(ready, PATIENT).toBe(200);
});

test("a node that takes connections and says nothing is left, too", async () => {
  const sockets: Socket[] = [];
  const mute = createServer((socket) => sockets.push(socket.on("error", () => {}))).listen(0, "127.0.0.1");
  await once(mute, "listening");
  cleanUps.push(() => {
    for (const socket of sockets) socket.destroy();
    mute.close();
  });
  const broker = await openBroker();
  cleanUps.push(() => broker.close());
  const server = await openServer([`mqtt://127.0.0.1:${(mute.address() as AddressInfo).port}`, broker.url]);
  const connection = await participant(server.port);
  expect(connection.state.status).toBe("connected");
});

test("a server whose nodes are all gone says so at its start", async () => {
  const [one, two] = [await openBroker(), await openBroker()];
  await Promise.all([one.close(), two.close()]);
  await expect(openServer([one.url, two.url])).rejects.toMatchObject({
    code: "broker-unavailable",
    message: expect.stringMatching(
      /^The broker at mqtt:\S+, mqtt:\S+ cannot be used: None of 2 addresses lets us in\. The last: .* nothing listens there\.$/,
    ),
  });
});
