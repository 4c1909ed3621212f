import { TopicScheme, topicLevel } from "@mqtt-meet/protocol";
import { expect, test } from "vitest";
import { roomGrant } from "../room-grant.ts";
import { doorGrant } from "./door-grant.ts";

const [R, P] = [topicLevel("standup"), topicLevel("meeemeeemeeemeeemeee22")];
const topics = new TopicScheme(R);

test("who waits has a knock and a standing, slowly, and takes nobody's place (D2)", () => {
  let isCurrent = true;
  const grant = doorGrant({ room: R, peer: P }, () => isCurrent);
  const knock = { qos: 1, retain: false, will: false, payloadBytes: 1024 } as const;
  const may = () => [grant.mayPublish(topics.knock(P), knock), grant.maySubscribe(topics.standing(P))];
  expect(may()).toEqual([true, true]);
  for (const odd of [{ retain: true }, { will: true }, { qos: 0 as const }, { payloadBytes: 1025 }]) {
    expect(grant.mayPublish(topics.knock(P), { ...knock, ...odd })).toBe(false);
  }
  const member = roomGrant({ room: R, peer: P, clientId: P });
  expect(grant.group?.name).not.toBe(member.group?.name);
  expect(grant).toMatchObject({ identity: member.identity, sessionExpiryMaxS: 0, rates: { reliable: { perS: 1 } } });
  isCurrent = false;
  expect([...may(), grant.mayReceive?.(topics.standing(P))]).toEqual([false, false, false]);
});
