// The doors of token rooms, over real connections: of the embedded broker, and of a gateway in front of another.
import type { Connection } from "@mqtt-meet/mqtt";
import { newPeer, type Peer, TopicScheme, topicLevel } from "@mqtt-meet/protocol";
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

test.each(SERVER_WAYS)("who is to wait waits at the door until a host lets it in (%s, D1 to D5)", async (way) => {
  const server = await rig.start(way);
  const chair = await guests.host(server);
  const knocks: (readonly [string, number])[] = [];
  await chair.connection.subscribe(topics.allKnocks, ({ topic, payload }) => knocks.push([topic, payload.length]), {
    ...{ qos: 1, signal: never() },
  });
  const [ada, invitation] = [await newPeer(), rig.invite({ wait: true })];
  const refused = rig.connect(server, rig.asGuest(ada, invitation)).connected();
  await expect(refused).rejects.toMatchObject(TURNED_AWAY);
  const old = rig.connect(server, { ...rig.asGuest(ada, invitation), level: 4 }).connected();
  await expect(old).rejects.toMatchObject({ code: "not-authorized" });
  const { heard, connection } = await guests.wait(server, ada, invitation);
  await until(() => expect([heard, knocks]).toEqual([["waiting"], [[topics.knock(ada.peer), SEALED_NAME.length]]]));
  await guests.order(chair, ada, { admitted: true });
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
  const [chair, rules] = [await guests.host(server), await guests.watchRules(server)];
  const [ada, invitation] = [await newPeer(), rig.invite()];
  await rig.connect(server, rig.asGuest(ada, invitation)).connected();
  await guests.order(chair, undefined, { locked: true });
  await until(() => expect(rules()).toMatchObject({ locked: true, waiting: false, muted: [] }));
  const [again, stranger, strangers] = [await newPeer(), await newPeer(), rig.invite()];
  for (const [who, shown] of [[again, invitation] as const, [stranger, strangers] as const]) {
    await expect(rig.connect(server, rig.asGuest(who, shown)).connected()).rejects.toMatchObject(TURNED_AWAY);
  }
  await rig.connect(server, rig.asGuest(ada, invitation)).connected(); // the connection broke
  await rig.connect(server, { ...rig.asGuest(ada, invitation), clientId: `${ada.peer}.B` }).connected();
  await guests.host(server);
  const doors = [await guests.wait(server, again, invitation), await guests.wait(server, stranger, strangers)];
  await until(() => expect(doors.map(({ heard }) => heard)).toEqual([["waiting"], ["locked"]]));
  await guests.order(chair, undefined, { waiting: true });
  await until(() => expect(rules()).toMatchObject({ locked: true, waiting: true }));
  await guests.order(chair, undefined, { locked: false });
  await until(() => expect(doors.map(({ heard }) => heard)).toEqual([["waiting"], ["locked", "waiting"]]));
  await guests.order(chair, undefined, { waiting: false });
  await until(() => expect(doors.map(({ heard }) => heard.at(-1))).toEqual(["in", "in"]));
  await rig.connect(server, rig.asGuest(stranger, strangers)).connected();
});

test.each(SERVER_WAYS)("what a host forbids is dropped, and the connection stays (%s, D5, D6)", async (way) => {
  const server = await rig.start(way);
  const [chair, rules] = [await guests.host(server), await guests.watchRules(server)];
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
    topics.video(peer, topicLevel("screen-2"), 0, 0),
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
  await guests.order(chair, ada, { muted: ["a", "s"] });
  await until(() => expect([...rules().mutedPeers]).toEqual([[ada.peer, ["a", "s"]]]));
  expect(await pass(speaker, ada.peer)).toEqual([camera]);
  await guests.order(chair, undefined, { muted: ["v"] });
  await until(() => expect(rules().muted).toEqual(["v"]));
  expect(await pass(speaker, ada.peer)).toEqual([]);
  expect(await pass(chair.connection, chair.who.peer)).toEqual(all(chair.who.peer));
  await guests.order(chair, undefined, { muted: [] });
  await until(() => expect(rules().muted).toEqual([]));
  // Another peer with the same invitation is the same person.
  const again = await newPeer();
  const reloaded = rig.connect(server, rig.asGuest(again, invitation));
  await reloaded.connected();
  await until(() => expect(rules().mutedPeers.get(again.peer)).toEqual(["a", "s"]));
  expect(await pass(reloaded, again.peer)).toEqual([all(again.peer)[1]]);
  await guests.order(chair, again, { muted: [] });
  await until(() => expect(rules().mutedPeers.size).toBe(0));
  expect(await pass(reloaded, again.peer)).toEqual(all(again.peer));
  // What its rights never covered still ends the connection.
  const viewer = await guests.enter(server, { publish: ["c"] });
  await guests.order(chair, undefined, { muted: ["a"] });
  await until(() => expect(rules().muted).toEqual(["a"]));
  viewer.connection.send(topics.audio(viewer.who.peer, mic), new Uint8Array(40));
  await until(() => expect(viewer.connection.state.status).toBe("closed"));
  speaker.send(topics.audio(viewer.who.peer, mic), new Uint8Array(40));
  await until(() => expect(speaker.state.status).toBe("closed"));
});

test.each(SERVER_WAYS)("who is turned away at the door is out for good (%s, D8, A16)", async (way) => {
  const server = await rig.start(way);
  const chair = await guests.host(server);
  const [ada, invitation] = [await newPeer(), rig.invite({ wait: true })];
  const { connection } = await guests.wait(server, ada, invitation);
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
  const [chair, rules] = [await guests.host(first), await guests.watchRules(second)];
  const ada = await newPeer();
  const invitation = rig.invite();
  const inside = rig.connect(first, rig.asGuest(ada, invitation));
  await inside.publish(topics.state(ada.peer), SEALED_NAME, { qos: 1, retain: true });
  await guests.order(chair, undefined, { locked: true });
  await guests.order(chair, ada, { muted: ["a"] });
  await until(() => expect(rules()).toMatchObject({ number: 2, locked: true }));
  const stranger = await newPeer();
  const { heard } = await guests.wait(second, stranger, rig.invite());
  await until(() => expect(heard).toEqual(["locked"]));
  await guests.order(chair, stranger, { admitted: true });
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
  moved.send(topics.audio(ada.peer, mic), SEALED_NAME);
  await guests.order(chair, ada, { muted: [] });
  await until(() => expect(rules().mutedPeers.size).toBe(0));
  await until(() => {
    moved.send(topics.audio(ada.peer, topicLevel("mic2")), SEALED_NAME);
    expect(sounds).not.toEqual([]);
  });
  expect(sounds).not.toContain(topics.audio(ada.peer, mic));
});
