import { expect, test } from "vitest";
import { Broker } from "./broker.ts";
import { reasonName } from "./reason-name.ts";
import { connected, RawClient } from "./testing/raw-client.ts";

function watchedBroker(limits: ConstructorParameters<typeof Broker>[0] = {}) {
  const told: string[] = [];
  let nowMs = 0;
  const broker = new Broker({
    ...limits,
    now: () => nowMs,
    onRefuse: ({ reason, remoteAddress, transport }) => told.push(`refused ${reason} ${remoteAddress} ${transport}`),
    onCut: ({ clientId }, cause) => told.push(`cut ${cause} ${clientId}`),
    onDisconnect: ({ clientId }) => told.push(`gone ${clientId}`),
  });
  return { broker, told, at: (timeMs: number) => (nowMs = timeMs) };
}

test("the owner is told who is refused and why, before CONNECT and at it", async () => {
  const { broker, told } = watchedBroker({ limits: { maxConnections: 1 } });
  using _ = broker;
  const stranger = new RawClient(broker, { level: 5, address: "192.0.2.7" });
  new RawClient(broker, { level: 5, address: "192.0.2.8", transport: "websocket" });
  stranger.sendBytes(
    Uint8Array.from([0x10, 0x10, 0, 4, 0x4d, 0x51, 0x54, 0x54, 5, 2, 0, 60, 0, 0, 3, 0x78, 0x79, 0x7a]),
  );
  await stranger.received();
  expect(told).toEqual(["refused full 192.0.2.8 websocket", "refused bad-user-name-or-password 192.0.2.7 tcp"]);
});

test("the owner is told why an open connection was cut, and of one that left by itself only that it is gone", async () => {
  const { broker, told } = watchedBroker();
  using _ = broker;
  const wrong = await connected(broker, { level: 5, clientId: "wrong" });
  wrong.sendBytes(Uint8Array.from([0xf1, 0]));
  const leaving = await connected(broker, { level: 4, clientId: "leaving" });
  leaving.send({ type: "disconnect", reasonCode: 0 });
  await connected(broker, { level: 5, clientId: "twice" });
  await connected(broker, { level: 5, clientId: "twice" });
  expect(told[0]).toMatch(/^cut (malformed-packet|protocol-error) wrong$/);
  expect(told.slice(1)).toEqual(["gone wrong", "gone leaving", "cut session-taken-over twice", "gone twice"]);
  broker.close();
  expect(told.slice(5)).toEqual(["gone twice"]); // its own end is no cause
});

test("reasonName spells the reasons of MQTT 5, and numbers those that it has not", () => {
  expect([0x8d, 0x96, 0x9b, 0xfe].map(reasonName)).toEqual([
    "keep-alive-timeout",
    "message-rate-too-high",
    "qos-not-supported",
    "code-254",
  ]);
});
