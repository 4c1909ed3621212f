import type { PublishPacket } from "@mqtt-meet/mqtt";
import { describe, expect, test } from "vitest";
import { Broker } from "./broker.ts";
import { connected, connectPacket, RawClient, will } from "./testing/raw-client.ts";
import { startClock } from "./testing/rules.ts";

const { now, pass } = startClock();
const level = 5;

/** A client with a session that stays. */
function resuming(broker: Broker, options: { cleanStart?: boolean; receiveMaximum?: number; delayS?: number } = {}) {
  const { cleanStart = false, receiveMaximum, delayS } = options;
  const properties = { sessionExpiryS: 60, receiveMaximum };
  const lastWill = delayS === undefined ? undefined : will("gone", { willDelayS: delayS });
  return connected(broker, { level, clientId: "id", cleanStart, properties, will: lastWill });
}

async function witnessOf(broker: Broker): Promise<RawClient> {
  const witness = await connected(broker, { level });
  await witness.subscribe("gone");
  return witness;
}

describe("a will with delay, when another connection takes over", () => {
  test("is not published when the session goes on", async () => {
    using broker = new Broker({ now });
    const witness = await witnessOf(broker);
    await resuming(broker, { delayS: 10 });
    await resuming(broker);
    pass(20_000);
    expect(await witness.messages()).toEqual([]);
  });

  test("is published at once when a clean start ends the session", async () => {
    using broker = new Broker({ now });
    const witness = await witnessOf(broker);
    await resuming(broker, { delayS: 10 });
    await resuming(broker, { cleanStart: true });
    expect(await witness.messages()).toEqual(["gone lost"]);
  });
});

test("what is sent again after a reconnect keeps within the receive maximum of the new connection", async () => {
  using broker = new Broker({ now });
  const first = await resuming(broker, { receiveMaximum: 5 });
  await first.subscribe("#", { qos: 1 });
  const publisher = await connected(broker, { level });
  for (const text of ["1", "2", "3", "4", "5", "6"]) publisher.publish("a", text, { qos: 1 });
  const sent = (await first.received()) as PublishPacket[];
  expect(sent).toHaveLength(5);
  first.lose();
  const back = new RawClient(broker, { level });
  const properties = { sessionExpiryS: 60, receiveMaximum: 2 };
  back.send(connectPacket(level, { clientId: "id", cleanStart: false, properties }));
  const seen: PublishPacket[] = [];
  for (let round = 0; round < 6; round++) {
    seen.push(...(await back.received()).filter((packet) => packet.type === "publish"));
    expect(seen.length - round).toBe(Math.min(2, 6 - round));
    back.send({ type: "puback", packetId: seen[round]?.packetId ?? 0, reasonCode: 0 });
  }
  expect(seen.slice(0, 5).map(({ packetId, dup }) => [packetId, dup])).toEqual(
    sent.map(({ packetId }) => [packetId, true]),
  );
  expect(new TextDecoder().decode(seen[5]?.payload)).toBe("6");
  expect(seen[5]?.dup).toBe(false);
});
