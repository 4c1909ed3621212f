import { type ByteStream, Connection } from "@mqtt-meet/mqtt";
import { webSocketStream } from "@mqtt-meet/mqtt/node";
import { deriveRoom, newPeer, roomPassword, TopicScheme } from "@mqtt-meet/protocol";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { serverRig } from "./testing/server-rig.ts";

const rig = serverRig();
const NEVER = new AbortController().signal;

async function member() {
  const [{ room, authToken }, { peer, peerSecret }] = await Promise.all([deriveRoom(new Uint8Array(32)), newPeer()]);
  const credentials = { username: room, password: roomPassword(authToken, peerSecret) };
  return { peer, credentials, states: new TopicScheme(room).allStates };
}

/** Opens a WebSocket as a page never could: with whatever the address and the headers say. */
function open(address: string, headers: Readonly<Record<string, string>> = {}): Promise<ByteStream> {
  const webSocket = new WebSocket(address, "mqtt", { headers });
  return new Promise((resolve, reject) => {
    webSocket.once("error", reject);
    webSocket.once("open", () => resolve(webSocketStream(webSocket)));
  });
}

describe.each([{ level: 4 }, { level: 5 }] as const)("credentials, level $level", ({ level }) => {
  test("T-ACL-16: what stands in the address, in headers or in cookies opens nothing; the same in CONNECT does", async () => {
    const { port } = await rig.start();
    const { peer, credentials, states } = await member();
    const { username, password } = credentials;
    const query = new URLSearchParams({ username, password, token: password, access_token: password });
    const base = `localhost:${port}/mqtt`;
    const basic = Buffer.from(`${username}:${password}`).toString("base64");
    const ways: readonly (() => Promise<ByteStream>)[] = [
      () => open(`ws://${base}?${query}`),
      () => open(`ws://${username}:${password}@${base}`),
      () => open(`ws://${base}`, { Authorization: `Basic ${basic}` }),
      () => open(`ws://${base}`, { Authorization: `Bearer ${password}` }),
      () => open(`ws://${base}`, { Cookie: `token=${password}; username=${username}; password=${password}` }),
    ];
    const subscribe = async (dial: () => Promise<ByteStream>, shown: Partial<typeof credentials>) => {
      const connection = new Connection({ dial, clientId: peer, level, reconnect: false, ...shown });
      try {
        await connection.subscribe(states, () => undefined, { qos: 0, signal: NEVER });
      } finally {
        await connection.close();
      }
    };
    for (const way of ways) {
      await expect(subscribe(way, {})).rejects.toMatchObject({ reasonCode: level === 5 ? 0x87 : 0x80 });
    }
    await subscribe(() => open(`ws://${base}`), credentials);
  });
});
