// What nobody gets at the door of a token room, or by forging what hosts and servers say there.
import { encodeOrder, newPeer, type Peer, TopicScheme, topicLevel } from "@mqtt-meet/protocol";
import { expect, test, vi } from "vitest";
import { DoorGuests, SEALED_NAME } from "../testing/door-guests.ts";
import { SERVER_WAYS, tokenRig } from "../testing/token-rig.ts";

const R = topicLevel("standup");
const topics = new TopicScheme(R);
const never = () => new AbortController().signal;
const NOTHING = new Uint8Array(0);
const mic = topicLevel("mic");
const rig = tokenRig(R);
const guests = new DoorGuests(rig, R);

const TURNED_AWAY = { code: "not-authorized", reasonCode: 0x87 };
const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 10_000 });

test.each(SERVER_WAYS)("at the door there is nothing but the knock and its answer (%s, D2, D3)", async (way) => {
  const server = await rig.start(way);
  const witness = await guests.host(server);
  const heard: string[] = [];
  await witness.connection.subscribe(topics.allKnocks, ({ topic }) => heard.push(topic), { qos: 1, signal: never() });
  const [invitation, other] = [rig.invite({ wait: true, admin: false }), await newPeer()];
  const publishes = (own: Peer["peer"]): [string, Uint8Array, object][] => [
    [topics.knock(own), new Uint8Array(1025), {}],
    [topics.knock(own), SEALED_NAME, { retain: true }],
    [topics.knock(own), SEALED_NAME, { qos: 0 }],
    [topics.knock(other.peer), SEALED_NAME, {}],
    [topics.standing(own), SEALED_NAME, {}],
    [topics.state(own), SEALED_NAME, { retain: true }],
    [topics.catalog(own), SEALED_NAME, { retain: true }],
    [topics.all(own), SEALED_NAME, {}],
    [topics.inbox(witness.who.peer, own), SEALED_NAME, {}],
    [topics.audio(own, mic), SEALED_NAME, { qos: 0 }],
    [topics.order(own, own), encodeOrder({ admitted: true }), {}],
    [topics.order(undefined, own), encodeOrder({ waiting: false }), {}],
    [topics.removal(witness.who.peer, own), NOTHING, {}],
    [topics.rules, SEALED_NAME, { retain: true }],
  ];
  for (const index of publishes(other.peer).keys()) {
    const who = await newPeer();
    const [topic, payload, options] = publishes(who.peer)[index] ?? ["", NOTHING, {}];
    const connection = rig.connect(server, rig.atDoor(who, invitation));
    await connection.connected();
    await connection.publish(topic, payload, { qos: 1, ...options }).catch(() => undefined);
    await until(() => expect(connection.state, topic).toMatchObject({ status: "closed", error: { reasonCode: 0x87 } }));
  }
  const who = await newPeer();
  const door = rig.connect(server, rig.atDoor(who, invitation));
  const filters = [topics.allStates, topics.allKnocks, topics.knock(who.peer), topics.rules, `${topics.prefix}#`];
  for (const filter of [...filters, `${topics.prefix}${who.peer}/#`, topics.standing(other.peer), "#"]) {
    const asked = door.subscribe(filter, () => undefined, { qos: 1, signal: never() });
    await expect(asked, filter).rejects.toMatchObject({ reasonCode: 0x87 });
  }
  const will = () => ({ topic: topics.knock(who.peer), payload: SEALED_NAME, qos: 1, retain: false }) as const;
  const willful = rig.connect(server, { ...rig.atDoor(await newPeer(), invitation), will }).connected();
  await expect(willful).rejects.toMatchObject(TURNED_AWAY);
  expect(heard).toEqual([]);
});

test.each(SERVER_WAYS)("only hosts order, in their own room, and only servers answer (%s, D3 to D7)", async (way) => {
  const server = await rig.start(way);
  const rules = await guests.watchRules(server);
  const [member, other] = [await newPeer(), topicLevel("elsewhere")];
  const foreign = { ...rig.asGuest(member, rig.invite({ admin: true, room: other })), username: other };
  const asMember = rig.asGuest(member, rig.invite());
  const asHost = rig.asGuest(member, rig.invite({ admin: true }));
  const lock = encodeOrder({ locked: true });
  const wrong = [
    { as: asMember, topic: topics.order(undefined, member.peer), payload: lock },
    {
      as: asMember,
      topic: topics.order(topicLevel("somebody"), member.peer),
      payload: encodeOrder({ admitted: true }),
    },
    { as: asMember, topic: topics.rules, payload: SEALED_NAME, options: { retain: true } },
    { as: asMember, topic: topics.standing(member.peer), payload: SEALED_NAME },
    { as: asMember, topic: topics.standing(topicLevel("somebody")), payload: SEALED_NAME },
    { as: asMember, topic: topics.knock(member.peer), payload: SEALED_NAME },
    { as: foreign, topic: topics.order(undefined, member.peer), payload: lock },
    { as: asHost, topic: topics.order(undefined, topicLevel("somebody")), payload: lock },
    { as: asHost, topic: topics.order(undefined, member.peer), payload: lock, options: { retain: true } },
    { as: asHost, topic: topics.order(undefined, member.peer), payload: new Uint8Array(513) },
    { as: asHost, topic: topics.order(member.peer, member.peer), payload: encodeOrder({ muted: [] }) },
    { as: asHost, topic: topics.rules, payload: SEALED_NAME, options: { retain: true } },
    { as: asHost, topic: topics.rules, payload: NOTHING, options: { retain: true } },
  ];
  for (const { as, topic, payload, options = {} } of wrong) {
    const connection = rig.connect(server, as);
    await connection.connected();
    await connection.publish(topic, payload, { qos: 1, ...options }).catch(() => undefined);
    await until(() => expect(connection.state, topic).toMatchObject({ status: "closed", error: { reasonCode: 0x87 } }));
  }
  const guest = rig.connect(server, asMember);
  const knocks = [topics.allKnocks, topics.knock(topicLevel("somebody")), topics.knock(member.peer)];
  for (const filter of [...knocks, `${topics.prefix}+/+`, `${topics.prefix}+/#`, `${topics.prefix}#`]) {
    const asked = guest.subscribe(filter, () => undefined, { qos: 1, signal: never() });
    await expect(asked, filter).rejects.toMatchObject({ reasonCode: 0x87 });
  }
  // What is no order has no effect, and a good one after it has.
  const chair = await guests.host(server);
  const topic = topics.order(undefined, chair.who.peer);
  for (const payload of [NOTHING, SEALED_NAME, new TextEncoder().encode('{"locked":"yes"}')]) {
    await chair.connection.publish(topic, payload, { qos: 1 });
  }
  expect(rules().number).toBe(0);
  await guests.order(chair, undefined, { waiting: true });
  await until(() => expect(rules()).toMatchObject({ number: 1, locked: false, waiting: true }));
});
