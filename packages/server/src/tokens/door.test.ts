// The doors of token rooms, over real connections: of the embedded broker, and of a gateway in front of another.
import type { Connection } from "@mqtt-meet/mqtt";
import {
  type DoorOrder,
  encodeOrder,
  newPeer,
  type Peer,
  parseRoomRules,
  parseStanding,
  type RoomRights,
  type Standing,
  TopicScheme,
  topicLevel,
} from "@mqtt-meet/protocol";
import { expect, test, vi } from "vitest";
import type { MeetingServer } from "../create-meeting-server.ts";
import { SERVER_WAYS, tokenRig } from "../testing/token-rig.ts";

const R = topicLevel("standup");
const topics = new TopicScheme(R);
const never = () => new AbortController().signal;
const NOTHING = new Uint8Array(0);
const NAME = new Uint8Array(300).fill(7);
const PATIENCE = { timeout: 10_000 };
const mic = topicLevel("mic");
const rig = tokenRig(R);

const TURNED_AWAY = { code: "not-authorized", reasonCode: 0x87 };

/** Somebody with a connection of its own. */
interface Present {
  readonly who: Peer;
  readonly connection: Connection;
}

async function enter(server: MeetingServer, changes: Partial<RoomRights> = {}): Promise<Present> {
  const who = await newPeer();
  const connection = rig.connect(server, rig.asGuest(who, rig.invite(changes)));
  await connection.connected();
  return { who, connection };
}

const host = (server: MeetingServer) => enter(server, { admin: true });

/** What the room's rules are, whenever they change. */
async function watchRules(server: MeetingServer): Promise<() => ReturnType<typeof parseRoomRules>> {
  const { connection } = await enter(server, { admin: true, publish: ["c"] });
  let rules = parseRoomRules(NOTHING);
  await connection.subscribe(topics.rules, ({ payload }) => (rules = parseRoomRules(payload)), {
    ...{ qos: 1, signal: never() },
  });
  return () => rules;
}

const order = ({ who, connection }: Present, to: Peer | undefined, what: DoorOrder) =>
  connection.publish(topics.order(to?.peer, who.peer), encodeOrder(what), { qos: 1 });

/** Somebody at the door, who heard these standings. */
async function wait(server: MeetingServer, who: Peer, invitation: string) {
  const connection = rig.connect(server, rig.atDoor(who, invitation));
  const heard: Standing[] = [];
  await connection.subscribe(topics.standing(who.peer), ({ payload }) => heard.push(parseStanding(payload)), {
    ...{ qos: 1, signal: never() },
  });
  const knock = (payload = NAME) => connection.publish(topics.knock(who.peer), payload, { qos: 1 });
  await knock();
  return { connection, heard, knock };
}

const until = (check: () => void | Promise<void>) => vi.waitFor(check, PATIENCE);

test.each(SERVER_WAYS)("who is to wait waits at the door until a host lets it in (%s, D1 to D5)", async (way) => {
  const server = await rig.start(way);
  const chair = await host(server);
  const knocks: (readonly [string, number])[] = [];
  await chair.connection.subscribe(topics.allKnocks, ({ topic, payload }) => knocks.push([topic, payload.length]), {
    ...{ qos: 1, signal: never() },
  });
  const [ada, invitation] = [await newPeer(), rig.invite({ wait: true })];
  const refused = rig.connect(server, rig.asGuest(ada, invitation)).connected();
  await expect(refused).rejects.toMatchObject(TURNED_AWAY);
  const old = rig.connect(server, { ...rig.asGuest(ada, invitation), level: 4 }).connected();
  await expect(old).rejects.toMatchObject({ code: "not-authorized" });
  const { heard, connection } = await wait(server, ada, invitation);
  await until(() => expect([heard, knocks]).toEqual([["waiting"], [[topics.knock(ada.peer), NAME.length]]]));
  await order(chair, ada, { admitted: true });
  await until(() => expect(heard).toEqual(["waiting", "in"]));
  await connection.close();
  const inside = rig.connect(server, rig.asGuest(ada, invitation));
  await inside.publish(topics.all(ada.peer), new Uint8Array(2), { qos: 1 });
  await inside.close();
  await rig.connect(server, rig.asGuest(ada, invitation)).connected();
  const next = rig.connect(server, rig.asGuest(await newPeer(), invitation)).connected();
  await expect(next).rejects.toMatchObject(TURNED_AWAY);
});

test.each(SERVER_WAYS)("a lock keeps out who was not inside, and nobody else (%s, D1, D5, D7)", async (way) => {
  const server = await rig.start(way);
  const [chair, rules] = [await host(server), await watchRules(server)];
  const [ada, invitation] = [await newPeer(), rig.invite()];
  await rig.connect(server, rig.asGuest(ada, invitation)).connected();
  await order(chair, undefined, { locked: true });
  await until(() => expect(rules()).toMatchObject({ locked: true, waiting: false, muted: [] }));
  const [again, stranger, strangers] = [await newPeer(), await newPeer(), rig.invite()];
  for (const [who, shown] of [[again, invitation] as const, [stranger, strangers] as const]) {
    await expect(rig.connect(server, rig.asGuest(who, shown)).connected()).rejects.toMatchObject(TURNED_AWAY);
  }
  await rig.connect(server, rig.asGuest(ada, invitation)).connected(); // the connection broke
  await rig.connect(server, { ...rig.asGuest(ada, invitation), clientId: `${ada.peer}.B` }).connected();
  await host(server);
  const doors = [await wait(server, again, invitation), await wait(server, stranger, strangers)];
  await until(() => expect(doors.map(({ heard }) => heard)).toEqual([["waiting"], ["locked"]]));
  await order(chair, undefined, { waiting: true });
  await until(() => expect(rules()).toMatchObject({ locked: true, waiting: true }));
  await order(chair, undefined, { locked: false });
  await until(() => expect(doors.map(({ heard }) => heard)).toEqual([["waiting"], ["locked", "waiting"]]));
  await order(chair, undefined, { waiting: false });
  await until(() => expect(doors.map(({ heard }) => heard.at(-1))).toEqual(["in", "in"]));
  await rig.connect(server, rig.asGuest(stranger, strangers)).connected();
});

test.each(SERVER_WAYS)("what a host forbids is dropped, and the connection stays (%s, D5, D6)", async (way) => {
  const server = await rig.start(way);
  const [chair, rules] = [await host(server), await watchRules(server)];
  const invitation = rig.invite();
  const ada = await newPeer();
  const speaker = rig.connect(server, rig.asGuest(ada, invitation));
  const heard: string[] = [];
  const hear = (topic: string) => heard.push(topic);
  for (const filter of [topics.allMessages, `${topics.prefix}+/a/+`, `${topics.prefix}+/v/+/+/+`]) {
    await chair.connection.subscribe(filter, ({ topic }) => hear(topic), { qos: 1, signal: never() });
  }
  const all = (peer: Peer["peer"]) => [
    topics.audio(peer, mic),
    topics.video(peer, topicLevel("camera"), 0, 0),
    topics.video(peer, topicLevel("screen"), 0, 0),
  ];
  /** What of `sent` comes through; what is said after it comes after it. */
  const pass = async (connection: Connection, peer: Peer["peer"]) => {
    heard.length = 0;
    for (const topic of all(peer)) connection.send(topic, new Uint8Array(40));
    await connection.publish(topics.all(peer), new Uint8Array(2), { qos: 1 });
    await until(() => expect(heard).toContain(topics.all(peer)));
    return heard.filter((topic) => topic !== topics.all(peer));
  };
  await speaker.connected();
  const [sound, camera, screen] = all(ada.peer);
  expect(await pass(speaker, ada.peer)).toEqual([sound, camera, screen]);
  await order(chair, ada, { muted: ["a", "s"] });
  await until(() => expect([...rules().mutedPeers]).toEqual([[ada.peer, ["a", "s"]]]));
  expect(await pass(speaker, ada.peer)).toEqual([camera]);
  await order(chair, undefined, { muted: ["v"] });
  await until(() => expect(rules().muted).toEqual(["v"]));
  expect(await pass(speaker, ada.peer)).toEqual([]);
  expect(await pass(chair.connection, chair.who.peer)).toEqual(all(chair.who.peer));
  await order(chair, undefined, { muted: [] });
  await until(() => expect(rules().muted).toEqual([]));
  // Another peer with the same invitation is the same person.
  const again = await newPeer();
  const reloaded = rig.connect(server, rig.asGuest(again, invitation));
  await reloaded.connected();
  await until(() => expect(rules().mutedPeers.get(again.peer)).toEqual(["a", "s"]));
  expect(await pass(reloaded, again.peer)).toEqual([all(again.peer)[1]]);
  await order(chair, again, { muted: [] });
  await until(() => expect(rules().mutedPeers.size).toBe(0));
  expect(await pass(reloaded, again.peer)).toEqual(all(again.peer));
  // What its rights never covered still ends the connection.
  const viewer = await enter(server, { publish: ["c"] });
  await order(chair, undefined, { muted: ["a"] });
  await until(() => expect(rules().muted).toEqual(["a"]));
  viewer.connection.send(topics.audio(viewer.who.peer, mic), new Uint8Array(40));
  await until(() => expect(viewer.connection.state.status).toBe("closed"));
  speaker.send(topics.audio(viewer.who.peer, mic), new Uint8Array(40));
  await until(() => expect(speaker.state.status).toBe("closed"));
});

test.each(SERVER_WAYS)("at the door there is nothing but the knock and its answer (%s, D2, D3)", async (way) => {
  const server = await rig.start(way);
  const witness = await host(server);
  const heard: string[] = [];
  await witness.connection.subscribe(topics.allKnocks, ({ topic }) => heard.push(topic), { qos: 1, signal: never() });
  const [invitation, other] = [rig.invite({ wait: true, admin: false }), await newPeer()];
  const publishes = (own: Peer["peer"]): [string, Uint8Array, object][] => [
    [topics.knock(own), new Uint8Array(1025), {}],
    [topics.knock(own), NAME, { retain: true }],
    [topics.knock(own), NAME, { qos: 0 }],
    [topics.knock(other.peer), NAME, {}],
    [topics.standing(own), NAME, {}],
    [topics.state(own), NAME, { retain: true }],
    [topics.catalog(own), NAME, { retain: true }],
    [topics.all(own), NAME, {}],
    [topics.inbox(witness.who.peer, own), NAME, {}],
    [topics.audio(own, mic), NAME, { qos: 0 }],
    [topics.order(own, own), encodeOrder({ admitted: true }), {}],
    [topics.order(undefined, own), encodeOrder({ waiting: false }), {}],
    [topics.removal(witness.who.peer, own), NOTHING, {}],
    [topics.rules, NAME, { retain: true }],
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
  const will = () => ({ topic: topics.knock(who.peer), payload: NAME, qos: 1, retain: false }) as const;
  const willful = rig.connect(server, { ...rig.atDoor(await newPeer(), invitation), will }).connected();
  await expect(willful).rejects.toMatchObject(TURNED_AWAY);
  expect(heard).toEqual([]);
});

test.each(SERVER_WAYS)("only hosts order, in their own room, and only servers answer (%s, D3 to D7)", async (way) => {
  const server = await rig.start(way);
  const rules = await watchRules(server);
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
    { as: asMember, topic: topics.rules, payload: NAME, options: { retain: true } },
    { as: asMember, topic: topics.standing(member.peer), payload: NAME },
    { as: asMember, topic: topics.standing(topicLevel("somebody")), payload: NAME },
    { as: asMember, topic: topics.knock(member.peer), payload: NAME },
    { as: foreign, topic: topics.order(undefined, member.peer), payload: lock },
    { as: asHost, topic: topics.order(undefined, topicLevel("somebody")), payload: lock },
    { as: asHost, topic: topics.order(undefined, member.peer), payload: lock, options: { retain: true } },
    { as: asHost, topic: topics.order(undefined, member.peer), payload: new Uint8Array(513) },
    { as: asHost, topic: topics.order(member.peer, member.peer), payload: encodeOrder({ muted: [] }) },
    { as: asHost, topic: topics.rules, payload: NAME, options: { retain: true } },
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
  const chair = await host(server);
  const topic = topics.order(undefined, chair.who.peer);
  for (const payload of [NOTHING, NAME, new TextEncoder().encode('{"locked":"yes"}')]) {
    await chair.connection.publish(topic, payload, { qos: 1 });
  }
  expect(rules().number).toBe(0);
  await order(chair, undefined, { waiting: true });
  await until(() => expect(rules()).toMatchObject({ number: 1, locked: false, waiting: true }));
});

test.each(SERVER_WAYS)("who is turned away at the door is out for good (%s, D8, A16)", async (way) => {
  const server = await rig.start(way);
  const chair = await host(server);
  const [ada, invitation] = [await newPeer(), rig.invite({ wait: true })];
  const { connection } = await wait(server, ada, invitation);
  await chair.connection.publish(topics.removal(ada.peer, chair.who.peer), NOTHING, { qos: 1 });
  await until(() => expect(connection.state).toMatchObject({ status: "closed", error: { reasonCode: 0x98 } }));
  for (const who of [ada, await newPeer()]) {
    for (const options of [rig.asGuest(who, invitation), rig.atDoor(who, invitation)]) {
      await expect(rig.connect(server, options).connected()).rejects.toMatchObject({ code: "bad-credentials" });
    }
  }
});

test("several gateways of one broker have one opinion, and a new one takes it over (D7)", async () => {
  const behind = await rig.openBroker();
  const [first, second] = [await rig.start("gateway", behind), await rig.start("gateway", behind)];
  const [chair, rules] = [await host(first), await watchRules(second)];
  const ada = await newPeer();
  const invitation = rig.invite();
  const inside = rig.connect(first, rig.asGuest(ada, invitation));
  await inside.publish(topics.state(ada.peer), NAME, { qos: 1, retain: true });
  await order(chair, undefined, { locked: true });
  await order(chair, ada, { muted: ["a"] });
  await until(() => expect(rules()).toMatchObject({ number: 2, locked: true }));
  const stranger = await newPeer();
  const { heard } = await wait(second, stranger, rig.invite());
  await until(() => expect(heard).toEqual(["locked"]));
  await order(chair, stranger, { admitted: true });
  await until(() => expect(heard).toEqual(["locked", "in"]));
  const third = await rig.start("gateway", behind);
  // It has heard the rules when it turns somebody away.
  await until(async () => {
    const late = rig.connect(third, rig.asGuest(await newPeer(), rig.invite())).connected();
    await expect(late).rejects.toMatchObject(TURNED_AWAY);
  });
  const moved = rig.connect(third, rig.asGuest(ada, invitation));
  await moved.connected(); // it was inside, as its state says
  const sounds: string[] = [];
  await chair.connection.subscribe(`${topics.prefix}+/a/+`, ({ topic }) => sounds.push(topic), {
    ...{ qos: 0, signal: never() },
  });
  moved.send(topics.audio(ada.peer, mic), NAME);
  await order(chair, ada, { muted: [] });
  await until(() => expect(rules().mutedPeers.size).toBe(0));
  await until(() => {
    moved.send(topics.audio(ada.peer, topicLevel("mic2")), NAME);
    expect(sounds).not.toEqual([]);
  });
  expect(sounds).not.toContain(topics.audio(ada.peer, mic));
});
