import { ConnectionError } from "@mqtt-meet/mqtt";
import { encodeState, topicLevel } from "@mqtt-meet/protocol";
import { expect, test, vi } from "vitest";
import { FakeBroker } from "./testing/fake-broker.ts";
import { type FakeRoom, openFakeRoom, fakeScheme as scheme } from "./testing/fake-room.ts";
import { joinedRooms } from "./testing/joined-rooms.ts";

const { join, seconds } = joinedRooms();

const names = (core: FakeRoom) => core.participants.value.map(({ name }) => name);
const statuses = (core: FakeRoom) => core.participants.value.map(({ status }) => status);
const texts = (core: FakeRoom) => core.messages.value.map(({ name, text }) => `${name}: ${text}`);

test("two participants see each other, and a departure at once", async () => {
  const broker = new FakeBroker();
  const ada = await join(broker, "Ada");
  const bob = await join(broker, "Bob");
  expect(names(ada)).toEqual(["Bob"]);
  expect(names(bob)).toEqual(["Ada"]);
  expect(ada.connection.value).toEqual({ status: "connected" });

  await bob.leave();
  expect(names(ada)).toEqual([]);
  expect(bob.connection.value).toEqual({ status: "closed" });
  expect([...broker.retained.keys()]).toEqual([scheme.state(topicLevel("ada"))]);
});

test("a newcomer is seen by those present on a broker that retains nothing", async () => {
  const broker = new FakeBroker();
  vi.spyOn(broker.retained, "set").mockReturnThis();
  await join(broker, "Ada");
  const bob = await join(broker, "Bob");
  expect(names(bob)).toEqual(["Ada"]);
});

test("heartbeats keep a participant live without a change to be seen", async () => {
  const broker = new FakeBroker();
  const ada = await join(broker, "Ada");
  await join(broker, "Bob");
  const changes = vi.fn();
  const stop = ada.participants.subscribe(changes);
  await seconds(60);
  expect(changes).toHaveBeenCalledTimes(1);
  expect(statuses(ada)).toEqual(["live"]);
  stop();
});

test("whoever waits for a lost connection can try at once", async () => {
  const broker = new FakeBroker();
  const ada = await join(broker, "Ada");
  const bob = await join(broker, "Bob");
  await seconds(1);
  broker.cut("bob");
  await seconds(1);
  expect(bob.connection.value).toMatchObject({ status: "waiting" });
  bob.reconnectNow();
  await seconds(1);
  expect(bob.connection.value).toEqual({ status: "connected" });
  expect(statuses(ada)).toEqual(["live"]);
});

test("a lost connection is reconnecting, and live again when it is back, without anybody leaving", async () => {
  const broker = new FakeBroker();
  const ada = await join(broker, "Ada");
  const bob = await join(broker, "Bob");
  await seconds(1);
  const link = broker.cut("bob");
  expect(statuses(ada)).toEqual(["reconnecting"]);
  expect(bob.connection.value).toMatchObject({ status: "waiting" });
  await seconds(3);
  link.connect();
  await seconds(1);
  expect(statuses(ada)).toEqual(["live"]);
  await seconds(30);
  expect(statuses(ada)).toEqual(["live"]);
});

test("a will that arrives after its peer is back removes nobody, and the state is said again (S7)", async () => {
  const broker = new FakeBroker();
  const ada = await join(broker, "Ada");
  await join(broker, "Bob");
  const link = broker.cut("bob", { will: false });
  const oldWill = link.lastWill;
  await seconds(1);
  link.connect();
  await seconds(1);
  broker.publish(oldWill?.topic ?? "", oldWill?.payload ?? new Uint8Array(0), true);
  await seconds(1);
  expect(statuses(ada)).toEqual(["live"]);
  expect(new TextDecoder().decode(broker.retained.get(scheme.state(topicLevel("bob"))))).toContain('"here"');
});

test("who does not come back is gone after 8 s with a will, after 20 s without", async () => {
  const broker = new FakeBroker();
  const ada = await join(broker, "Ada");
  await join(broker, "Bob");
  await join(broker, "Cem");
  broker.cut("bob");
  broker.cut("cem", { will: false });
  await seconds(8.3);
  expect(names(ada)).toEqual(["Cem"]);
  await seconds(12.3);
  expect(names(ada)).toEqual([]);
});

test("our own time without a connection makes nobody gone", async () => {
  const broker = new FakeBroker();
  const ada = await join(broker, "Ada");
  await join(broker, "Bob");
  const link = broker.cut("ada");
  await seconds(60);
  expect(names(ada)).toEqual(["Bob"]);
  link.connect();
  await seconds(6);
  expect(statuses(ada)).toEqual(["live"]);
});

test("chat arrives in order, with names, and a newcomer gets what was said before", async () => {
  const broker = new FakeBroker();
  const ada = await join(broker, "Ada");
  const bob = await join(broker, "Bob");
  await ada.sendMessage("hello");
  await seconds(1);
  await bob.sendMessage("hi Ada");
  await seconds(1);
  await ada.sendMessage("  how are you? ");
  const expected = ["Ada: hello", "Bob: hi Ada", "Ada: how are you?"];
  expect(texts(ada)).toEqual(expected);
  expect(texts(bob)).toEqual(expected);
  expect(ada.messages.value.map(({ own }) => own)).toEqual([true, false, true]);
  const cem = await join(broker, "Cem");
  await seconds(1);
  expect(texts(cem)).toEqual(expected);
});

test("chat that was lost on the way is asked for, the last message too", async () => {
  const broker = new FakeBroker();
  const ada = await join(broker, "Ada");
  const bob = await join(broker, "Bob");
  let losing = true;
  broker.lose = ({ topic, to }) => losing && to === "bob" && topic === scheme.all(topicLevel("ada"));
  await ada.sendMessage("one");
  await ada.sendMessage("two");
  losing = false;
  expect(texts(bob)).toEqual([]);
  await seconds(6);
  expect(texts(bob)).toEqual(["Ada: one", "Ada: two"]);
});

test("chat that is written without a connection arrives after it is back, once", async () => {
  const broker = new FakeBroker();
  const ada = await join(broker, "Ada");
  const bob = await join(broker, "Bob");
  const link = broker.cut("ada");
  const sent = ada.sendMessage("are you there?");
  expect(texts(ada)).toEqual(["Ada: are you there?"]);
  await seconds(2);
  expect(texts(bob)).toEqual([]);
  link.connect();
  await sent;
  await seconds(10);
  expect(texts(bob)).toEqual(["Ada: are you there?"]);
});

test("chat refuses what nobody could read", async () => {
  const ada = await join(new FakeBroker(), "Ada");
  await expect(ada.sendMessage(" \n ")).rejects.toThrow(TypeError);
  await expect(ada.sendMessage("x".repeat(4001))).rejects.toMatchObject({ code: "message-too-long" });
  expect(texts(ada)).toEqual([]);
});

test("a new name is seen by the others; one that cannot be seen is refused", async () => {
  const broker = new FakeBroker();
  const ada = await join(broker, "Ada");
  const bob = await join(broker, "Bob");
  bob.signs.setName("Robert");
  expect(names(ada)).toEqual(["Robert"]);
  expect(() => bob.signs.setName("\u200b")).toThrow(TypeError);
});

test("nonsense and lies from the network are dropped, and counted where they cannot be read", async () => {
  const broker = new FakeBroker();
  const ada = await join(broker, "Ada");
  const bytes = (text: string) => new TextEncoder().encode(text);
  const eve = topicLevel("eve");
  for (const topic of [scheme.state(eve), scheme.catalog(eve), scheme.all(eve), scheme.inbox(ada.peer, eve)]) {
    for (const text of ["{", "nonsense", "[]", '{"type":"chat","number":-1}', "\u0000"]) {
      broker.publish(topic, bytes(text), false);
    }
  }
  // Somebody says to be us, by a topic that the access rules leave to us alone: no participant appears.
  const state = { v: 1, name: "Ada", kind: "person", joinedAtMs: 1, incarnation: 1, heartbeat: 1 } as const;
  broker.publish(
    scheme.state(ada.peer),
    encodeState({ ...state, status: "here", decodes: { video: [], audio: [] } }),
    false,
  );
  await seconds(1);
  expect(names(ada)).toEqual([]);
  expect(ada.statistics.value.malformedMessages).toBe(20);
});

test("after leaving, nothing is sent, no timer runs, and nothing can be done", async () => {
  const broker = new FakeBroker();
  const ada = await join(broker, "Ada");
  ada.publishVideo({ source: "camera", widthPx: 640, heightPx: 360, frameRate: 30 });
  await ada.leave();
  await ada.leave();
  const sent = broker.log.length;
  await seconds(60);
  expect(broker.log.length).toBe(sent);
  expect(vi.getTimerCount()).toBe(0);
  expect(broker.links.size).toBe(0);
  await expect(ada.sendMessage("late")).rejects.toMatchObject({ code: "room-closed" });
  expect(() => ada.publishAudio({ source: "microphone", channels: 1 })).toThrow(/was left/);
});

test("a room that is lost for good is closed with the reason", async () => {
  const broker = new FakeBroker();
  const ada = await join(broker, "Ada");
  broker.links.get("ada")?.fail(new ConnectionError("taken-over", "Another client took over."));
  await seconds(0);
  expect(ada.connection.value).toMatchObject({ status: "closed", error: { code: "taken-over" } });
  expect(vi.getTimerCount()).toBe(0);
});

test("joining ends with the reason when the broker does not let us in, and when it is called off", async () => {
  const broker = new FakeBroker();
  const refused = join(broker, "Ada");
  broker.links.get("ada")?.fail(new ConnectionError("not-authorized", "No."));
  await expect(refused).rejects.toMatchObject({ code: "not-authorized" });

  const core = openFakeRoom(broker, "Bob");
  const reason = new Error("called off");
  await expect(core.joined({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  expect(vi.getTimerCount()).toBe(0);
});
