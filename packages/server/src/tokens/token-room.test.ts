import { generateKeyPairSync } from "node:crypto";
import { Connection, type ConnectionOptions } from "@mqtt-meet/mqtt";
import { dialUrl } from "@mqtt-meet/mqtt/node";
import { deriveRoom, newPeer, roomPassword, TopicScheme, topicLevel } from "@mqtt-meet/protocol";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createMeetingServer, type MeetingServer } from "../create-meeting-server.ts";
import { type OpenBroker, openBroker } from "../testing/open-broker.ts";
import { type RoomTokenClaims, readTokenKey, signToken, type TokenKey } from "./room-token.ts";
import { tokenPayload } from "./token-payload.ts";

const R = topicLevel("standup");
const [P, Q] = [topicLevel("meeemeeemeeemeeemeee22"), topicLevel("youuyouuyouuyouuyouu22")];
const topics = new TopicScheme(R);
const never = new AbortController().signal;
let key: TokenKey;
let server: MeetingServer;
let behind: OpenBroker;
const connections: Connection[] = [];

const nowS = () => Math.floor(Date.now() / 1000);
const token = (changes: Partial<RoomTokenClaims> = {}) =>
  signToken(
    tokenPayload({
      ...{ room: R, peer: P, role: "member", publish: ["a", "v", "s", "c"], subscribe: true, admin: false },
      ...{ wait: false, expiresAtS: nowS() + 600, notBeforeS: nowS() - 1, ...changes },
    }),
    key,
  );

beforeEach(async () => {
  key = readTokenKey(
    generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  ) as TokenKey;
  behind = await openBroker();
});
afterEach(async () => {
  await Promise.all(connections.splice(0).map((connection) => connection.close()));
  await server.close();
  await behind.close();
});

const kinds = ["embedded", "gateway"] as const;

async function start(kind: (typeof kinds)[number]): Promise<void> {
  server = await createMeetingServer({
    ...{ host: "127.0.0.1", port: 0, webRoot: "/nowhere", stateFolder: "/nowhere", version: "0", tokenKey: key },
    broker: kind === "gateway" ? { mode: "gateway", urls: [behind.url] } : undefined,
  });
}

function connect(options: Omit<ConnectionOptions, "dial">): Connection {
  const dial = dialUrl(`ws://localhost:${server.port}/mqtt`);
  const connection = new Connection({ dial, reconnect: false, ...options });
  connections.push(connection);
  return connection;
}

test.each(kinds)("a token opens its room for its peer, as far as it says (%s)", async (kind) => {
  await start(kind);
  const viewer = connect({ clientId: Q, username: Q, password: token({ peer: Q, publish: ["c"] }) });
  const heard: string[] = [];
  await viewer.subscribe("mm/1/standup/+/a/+", ({ topic }) => heard.push(topic), { qos: 0, signal: never });
  const speaker = connect({ clientId: `${P}.B`, username: P, password: token() });
  await speaker.connected();
  speaker.send(topics.audio(P, topicLevel("mic")), new Uint8Array(20));
  await vi.waitFor(() => expect(heard).toEqual([`mm/1/standup/${P}/a/mic`]));
  await viewer.publish(topics.all(Q), new Uint8Array(2), { qos: 1 });
  viewer.send(topics.audio(Q, topicLevel("mic")), new Uint8Array(20));
  await vi.waitFor(() => expect(viewer.state.status).toBe("closed"));
});

test.each(kinds)(
  "who shows another's, an old or a foreign token is not let in; links open rooms as before (%s)",
  async (kind) => {
    await start(kind);
    const wrong = [
      { clientId: Q, username: Q, password: token() },
      { clientId: Q, username: P, password: token() },
      { clientId: `${P}.Z`, username: P, password: token() },
      { clientId: P, username: P, password: token({ expiresAtS: nowS() - 1 }) },
      { clientId: P, username: P, password: token({ notBeforeS: nowS() + 60 }) },
      { clientId: P, username: P, password: `${token()}x` },
    ];
    for (const options of wrong) {
      await expect(connect(options).connected()).rejects.toMatchObject({ code: "bad-credentials" });
    }
    const [{ room, authToken }, { peer, peerSecret }] = await Promise.all([deriveRoom(new Uint8Array(32)), newPeer()]);
    await connect({ clientId: peer, username: room, password: roomPassword(authToken, peerSecret) }).connected();
  },
);

test.each(kinds)("when the token has expired the connection is closed with 0x87 (%s)", async (kind) => {
  await start(kind);
  const member = connect({ clientId: P, username: P, password: token({ expiresAtS: nowS() + 30 }) });
  await member.connected();
  const later = Date.now() + 91_000;
  const clock = vi.spyOn(Date, "now").mockImplementation(() => later);
  try {
    await vi.waitFor(() => expect(member.state.status).toBe("closed"), { timeout: 10_000 });
    expect(member.state).toMatchObject({ error: { reasonCode: 0x87 } });
  } finally {
    clock.mockRestore();
  }
});
