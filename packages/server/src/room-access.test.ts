import { Connection, type ConnectionOptions, type Message, type ProtocolLevel } from "@mqtt-meet/mqtt";
import { dialUrl } from "@mqtt-meet/mqtt/node";
import { deriveRoom, newPeer, type Peer, type RoomAccess, roomPassword, TopicScheme } from "@mqtt-meet/protocol";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { createMeetingServer, type MeetingServer } from "./create-meeting-server.ts";
import { type OpenBroker, openBroker } from "./testing/open-broker.ts";

let embedded: MeetingServer;
let gateway: MeetingServer;
let behind: OpenBroker;
let access: RoomAccess;
let otherAccess: RoomAccess;
const connections: Connection[] = [];
const lifetime = new AbortController();

beforeAll(async () => {
  behind = await openBroker();
  const options = {
    ...{ host: "127.0.0.1", port: 0, mqttPort: 0 },
    ...{ webRoot: "/nowhere", stateFolder: "/nowhere", version: "0" },
  };
  embedded = await createMeetingServer(options);
  gateway = await createMeetingServer({ ...options, broker: { mode: "gateway", urls: [behind.url] } });
});
afterAll(async () => {
  await Promise.all([embedded.close(), gateway.close()]);
  await behind.close();
});
beforeEach(async () => {
  const newRoom = () => deriveRoom(crypto.getRandomValues(new Uint8Array(32)));
  [access, otherAccess] = await Promise.all([newRoom(), newRoom()]);
});
afterEach(async () => {
  await Promise.all(connections.splice(0).map((connection) => connection.close()));
});

const utf8 = (text: string) => new TextEncoder().encode(text);
const urls = {
  "the embedded broker over WebSocket": () => `ws://localhost:${embedded.port}/mqtt`,
  "the embedded broker over TCP": () => `mqtt://127.0.0.1:${embedded.mqttPort}`,
  "a broker that permits everything, through the gateway": () => `ws://localhost:${gateway.port}/mqtt`,
};
const cases = (Object.keys(urls) as (keyof typeof urls)[]).flatMap((place) =>
  ([5, 4] as const).map((level) => ({ place, level })),
);

describe.each(cases)("MQTT $level at $place", ({ place, level }) => {
  const connect = (options: Omit<ConnectionOptions, "dial">) => {
    const dial = dialUrl(urls[place]());
    const connection = new Connection({ dial, level: level as ProtocolLevel, reconnect: false, ...options });
    connections.push(connection);
    return connection;
  };
  const credentials = ({ peer, peerSecret }: Peer, suffix = "", { room, authToken } = access) => ({
    clientId: peer + suffix,
    username: room,
    password: roomPassword(authToken, peerSecret),
  });
  const join = async (peer: Peer, suffix?: string, room?: RoomAccess) => {
    const connection = connect(credentials(peer, suffix, room));
    await connection.connected();
    return connection;
  };
  const listen = async (connection: Connection, filter: string) => {
    const messages: Message[] = [];
    await connection.subscribe(filter, (message) => messages.push(message), { qos: 1, signal: lifetime.signal });
    return messages;
  };

  test("members of a room hear each other, members of another do not (A1, A2)", async () => {
    const [ada, bob, eve] = await Promise.all([newPeer(), newPeer(), newPeer()]);
    const [one, two, three] = await Promise.all([join(ada), join(bob), join(eve, "", otherAccess)]);
    const topics = new TopicScheme(access.room);
    const heard = await listen(two, topics.allMessages);
    const asked = await listen(two, topics.inboxFilter(bob.peer));
    const elsewhere = await listen(three, new TopicScheme(otherAccess.room).allMessages);
    await one.publish(topics.all(ada.peer), utf8("hello"), { qos: 1 });
    await one.publish(topics.inbox(bob.peer, ada.peer), utf8("key-frame"), { qos: 1 });
    await vi.waitFor(() => expect([heard.length, asked.length]).toEqual([1, 1]));
    expect(heard[0]?.topic).toBe(topics.all(ada.peer));
    expect(elsewhere).toEqual([]);
  });

  test("further connections of a participant are the same peer (K4)", async () => {
    const ada = await newPeer();
    const [main, video, watcher] = await Promise.all([join(ada), join(ada, ".B"), join(ada, ".C")]);
    const topic = `mm/1/${access.room}/${ada.peer}/v/camera/0/0`;
    const packets = await listen(watcher, `mm/1/${access.room}/${ada.peer}/v/camera/0/+`);
    expect(video.send(topic, new Uint8Array(20))).toBe(true);
    await vi.waitFor(() => expect(packets).toHaveLength(1));
    expect(main.state.status).toBe("connected");
  });

  test("who proves nothing is refused (K5, A7)", async () => {
    const [ada, eve] = await Promise.all([newPeer(), newPeer()]);
    const good = credentials(ada);
    const wrong = [
      { ...good, password: roomPassword(otherAccess.authToken, ada.peerSecret) },
      { ...good, password: roomPassword(access.authToken, eve.peerSecret) },
      { ...good, username: otherAccess.room },
      { ...good, clientId: eve.peer },
      { ...good, clientId: `${ada.peer}.Z` },
      { ...good, password: undefined },
      { ...good, username: "mqtt-meet-server", password: "guess" },
      { clientId: "device", username: "somebody", password: "something" },
    ];
    for (const options of wrong) {
      const error = await connect(options)
        .connected()
        .catch((reason: unknown) => reason);
      expect(["not-authorized", "bad-credentials"]).toContain((error as { code: string }).code);
    }
  });

  test("filters beyond a member's rights are refused, others go on (A2)", async () => {
    const [ada, bob] = await Promise.all([newPeer(), newPeer()]);
    const connection = await join(ada);
    const { room } = access;
    const refused = ["#", "mm/#", `mm/1/${room}/#`, `mm/1/${room}/+/#`, `mm/1/${room}/+/+/${ada.peer}`, "$SYS/#"];
    refused.push(`mm/1/${room}/${bob.peer}/in/+`, `mm/1/${otherAccess.room}/+/state`, `$share/g/mm/1/${room}/+/state`);
    for (const filter of refused) {
      await expect(listen(connection, filter), filter).rejects.toMatchObject({ name: "ConnectionError" });
    }
    const states = await listen(connection, `mm/1/${room}/+/state`);
    await connection.publish(`mm/1/${room}/${ada.peer}/state`, utf8("state"), { qos: 1 });
    await vi.waitFor(() => expect(states).toHaveLength(1));
  });

  test("publishing beyond a member's rights reaches nobody and ends the connection (A1, A3)", async () => {
    const [ada, bob] = await Promise.all([newPeer(), newPeer()]);
    const { room } = access;
    const victim = await join(bob);
    const heard = [
      ...(await Promise.all(
        [`mm/1/${room}/+/state`, `mm/1/${room}/all/+`, `mm/1/${room}/${bob.peer}/#`].map((f) => listen(victim, f)),
      )),
    ];
    const attempts: [string, { retain?: boolean }][] = [
      [`mm/1/${room}/${bob.peer}/state`, { retain: true }],
      [`mm/1/${room}/all/${bob.peer}`, {}],
      [`mm/1/${room}/${bob.peer}/in/${bob.peer}`, {}],
      [`mm/1/${room}/${bob.peer}/v/camera/0/0`, {}],
      [`mm/1/${room}/all/${ada.peer}`, { retain: true }],
      ["some/camera", {}],
    ];
    for (const [topic, options] of attempts) {
      const attacker = await join(ada);
      const outcome = await attacker.publish(topic, utf8("forged"), { qos: 1, ...options }).catch(() => "refused");
      expect(outcome, topic).toBe("refused");
      await vi.waitFor(() => expect(attacker.state.status).toBe("closed"));
    }
    expect(heard.flat()).toEqual([]);
  });

  test("a lost connection publishes its will, and a will elsewhere is refused at CONNECT (A4)", async () => {
    const [ada, bob] = await Promise.all([newPeer(), newPeer()]);
    const topics = new TopicScheme(access.room);
    const will = (topic: string, payload = utf8("gone")) => ({
      will: () => ({ topic, payload, qos: 1, retain: true }) as const,
    });
    const watcher = await join(bob);
    const states = await listen(watcher, topics.allStates);
    const streams: { destroy(): void }[] = [];
    const lost = new Connection({
      ...credentials(ada),
      ...will(topics.state(ada.peer)),
      level,
      reconnect: false,
      dial: async (options) => {
        const stream = await dialUrl(urls[place]())(options);
        streams.push(stream);
        return stream;
      },
    });
    connections.push(lost);
    await lost.connected();
    streams[0]?.destroy();
    await vi.waitFor(() => expect(states.map(({ topic }) => topic)).toContain(topics.state(ada.peer)));
    for (const options of [
      { ...credentials(ada), ...will(topics.state(bob.peer)) },
      { ...credentials(ada), ...will(topics.all(ada.peer)) },
      { ...credentials(ada), ...will(topics.state(ada.peer), new Uint8Array(1025)) },
      { ...credentials(ada, ".B"), ...will(topics.state(ada.peer)) },
    ]) {
      await expect(connect(options).connected()).rejects.toMatchObject({ name: "ConnectionError" });
    }
  });

  test("only who proves the same peer in the same room takes its place (A6)", async () => {
    const ada = await newPeer();
    const first = await join(ada);
    await expect(join(ada, "", otherAccess)).rejects.toMatchObject({ name: "ConnectionError" });
    expect(first.state.status).toBe("connected");
    const second = await join(ada);
    await vi.waitFor(() => expect(first.state.status).toBe("closed"));
    expect(second.state.status).toBe("connected");
  });

  test("programs on this machine use plain topics, and see nothing of rooms (A7)", async () => {
    const [device, viewer, worker] = ["device", "viewer", "worker"].map((clientId) => connect({ clientId })) as [
      Connection,
      Connection,
      Connection,
    ];
    const everything = await listen(viewer, "#");
    const shared = await listen(worker, "$share/group/some/+");
    for (const filter of ["mm/#", `mm/1/${access.room}/+/state`, "$SYS/#"]) {
      await expect(listen(viewer, filter)).rejects.toMatchObject({ name: "ConnectionError" });
    }
    const ada = await newPeer();
    const member = await join(ada);
    await member.publish(`mm/1/${access.room}/${ada.peer}/state`, utf8("secret"), { qos: 1, retain: true });
    await device.publish("some/camera", utf8("picture"), { qos: 2 });
    await vi.waitFor(() => expect(everything.map(({ topic }) => topic)).toEqual(["some/camera"]));
    expect(shared).toHaveLength(1);
    await device.publish(`mm/1/${access.room}/all/device`, utf8("forged"), { qos: 1 }).catch(() => "refused");
    await member.publish(`mm/1/${access.room}/${ada.peer}/state`, new Uint8Array(0), { qos: 1, retain: true });
  });
});
