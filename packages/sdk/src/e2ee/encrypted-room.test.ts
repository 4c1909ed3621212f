import { encodeRoomMessage, parsePacket, topicLevel, writePacket } from "@mqtt-meet/protocol";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { agreed, fakeTimers, joinEncrypted, pass } from "../testing/encrypted-rooms.ts";
import { FakePicture } from "../testing/fake-backend.ts";
import { FakeBroker } from "../testing/fake-broker.ts";
import { type FakeRoom, openFakeRoom, fakeScheme as scheme } from "../testing/fake-room.ts";

const rooms: FakeRoom[] = [];

beforeEach(fakeTimers);

afterEach(async () => {
  const leaving = Promise.all(rooms.splice(0).map((core) => core.leave()));
  await pass(1.2);
  await leaving;
  vi.useRealTimers();
  vi.restoreAllMocks();
});

async function join(
  broker: FakeBroker,
  name: string,
  options?: Parameters<typeof joinEncrypted>[2],
): Promise<FakeRoom> {
  const core = await joinEncrypted(broker, name, options);
  rooms.push(core);
  return core;
}

const texts = (core: FakeRoom) => core.messages.value.map(({ name, text }) => `${name}: ${text}`);
const size = { widthPx: 640, heightPx: 360, frameRate: 30 };
const bytesOf = (broker: FakeBroker) => broker.log.map(({ payload }) => Buffer.from(payload).toString("latin1")).join();

test("three participants see each other and one safety number; the broker sees no name and no word (T-E2EE-2)", async () => {
  const broker = new FakeBroker();
  const ada = await join(broker, "Ada Lovelace");
  expect(ada.encryption.value).toMatchObject({ encrypted: true, ready: false });
  const bob = await join(broker, "Bob Hope");
  const cem = await join(broker, "Cem Karaca");
  expect(await pass(5, () => agreed(ada, bob, cem))).toBe(true);
  expect(ada.participants.value.map(({ name }) => name)).toEqual(["Bob Hope", "Cem Karaca"]);
  expect(ada.encryption.value.safetyNumber?.digits).toMatch(/^(\d{5} ){5}\d{5}$/);
  expect(ada.encryption.value.safetyNumber?.emoji).toHaveLength(6);
  await ada.sendMessage("the secret plan");
  expect(await pass(3, () => texts(cem).length === 1 && texts(bob).length === 1)).toBe(true);
  expect(texts(cem)).toEqual(["Ada Lovelace: the secret plan"]);
  const bytes = bytesOf(broker);
  for (const word of ["Lovelace", "Hope", "Karaca", "secret plan", "status", "vp8"]) expect(bytes).not.toContain(word);
  expect(broker.log.every(({ payload }) => payload.length === 0 || payload[0] === 1 || payload[0] === 2)).toBe(true);
});

test("what was said alone is read by who comes later", async () => {
  const broker = new FakeBroker();
  const ada = await join(broker, "Ada");
  await ada.sendMessage("is anybody here?");
  const bob = await join(broker, "Bob");
  expect(await pass(10, () => texts(bob).length === 1)).toBe(true);
  expect(texts(bob)).toEqual(["Ada: is anybody here?"]);
});

test("pictures are seen, and begin with a key frame in each epoch (E8)", async () => {
  const broker = new FakeBroker();
  const ada = await join(broker, "Ada");
  const bob = await join(broker, "Bob");
  await pass(5, () => agreed(ada, bob));
  const camera = ada.publishVideo({ source: "camera", ...size });
  const seen: number[] = [];
  bob.watchVideo(`${ada.peer}/camera`, (picture) => {
    seen.push(picture.timestamp);
    picture.close();
  });
  const film = (condition: boolean) => {
    camera.push(new FakePicture(Date.now() * 1000));
    return condition;
  };
  expect(await pass(5, () => camera.watched)).toBe(true);
  expect(await pass(5, () => film(seen.length > 5))).toBe(true);
  const cem = await join(broker, "Cem");
  expect(await pass(5, () => film(agreed(ada, bob, cem)))).toBe(true);
  await pass(1, () => film(false));
  const frames = broker.log
    .filter(({ topic }) => topic === scheme.video(ada.peer, camera.id, 0, 0))
    .map(({ payload }) => parsePacket(payload));
  expect(frames.every(({ header }) => header.encrypted)).toBe(true);
  const kids = frames.map(({ body }) => (body[0] ?? 0) >> 4);
  const first = kids.map((kid, i) => (i === 0 || kid !== kids[i - 1] ? frames[i]?.header.keyFrame : undefined));
  expect(new Set(kids).size).toBe(2);
  expect(first.filter((keyFrame) => keyFrame !== undefined)).toEqual([true, true]);
  expect(bob.encryption.value.troubles).toEqual(new Map());
});

test("who has another secret sees nobody and is seen by nobody (T-E2EE-3)", async () => {
  const broker = new FakeBroker();
  const ada = await join(broker, "Ada");
  const eve = await join(broker, "Eve", { secret: new Uint8Array(32).fill(8) });
  await pass(2);
  expect(ada.participants.value).toEqual([]);
  expect(eve.participants.value).toEqual([]);
  expect(ada.statistics.value.malformedMessages).toBeGreaterThan(0);
});

test("nothing in the clear is believed in an encrypted room: no state, no word, no frame (T-E2EE-3, T-FORGE)", async () => {
  const broker = new FakeBroker();
  const ada = await join(broker, "Ada");
  const bob = await join(broker, "Bob");
  await pass(5, () => agreed(ada, bob));
  const old = openFakeRoom(broker, "Old");
  rooms.push(old);
  await old.joined();
  const word = encodeRoomMessage({ type: "chat", number: 1, id: ada.peer, sentAtMs: 1, text: "I am Bob" });
  broker.publish(scheme.all(bob.peer), word, false);
  await pass(2);
  expect(ada.participants.value.map(({ name }) => name)).toEqual(["Bob"]);
  expect(old.participants.value).toEqual([]);
  expect(texts(ada)).toEqual([]);
});

test("a track that is made up is counted, named and not shown, and the others go on (T-E2EE-3)", async () => {
  const broker = new FakeBroker();
  const ada = await join(broker, "Ada");
  const bob = await join(broker, "Bob");
  await pass(5, () => agreed(ada, bob));
  const [camera, screen] = (["camera", "screen"] as const).map((source) => ada.publishVideo({ source, ...size }));
  const seen = { camera: 0, screen: 0 };
  for (const source of ["camera", "screen"] as const) {
    bob.watchVideo(`${ada.peer}/${source}`, (picture) => {
      seen[source]++;
      picture.close();
    });
  }
  expect(await pass(5, () => camera?.watched === true && screen?.watched === true)).toBe(true);
  const topic = scheme.video(ada.peer, topicLevel("camera"), 0, 0);
  const header = { keyFrame: true, lastFragment: true, discardable: false, rootKeyed: false, will: false, fragment: 0 };
  const timestampUs = Date.now() * 1000;
  const body = new Uint8Array(64).fill(0x11); // reads as SFrame of the first epoch
  broker.publish(topic, writePacket({ ...header, encrypted: false, frame: 1, timestampUs }, body), false);
  broker.publish(topic, writePacket({ ...header, encrypted: true, frame: 2, timestampUs }, body), false);
  const film = (condition: boolean) => {
    screen?.push(new FakePicture(Date.now() * 1000));
    return condition;
  };
  expect(await pass(5, () => film(seen.screen > 5 && bob.encryption.value.troubles.size > 0))).toBe(true);
  await pass(2.5, () => film(false));
  const counters = bob.statistics.value.tracks.get(`${ada.peer}/camera`)?.counters;
  expect(counters).toMatchObject({ packetsUnencrypted: 1, framesUndecryptable: 1, framesDecoded: 0 });
  expect(seen.camera).toBe(0);
});

test("what was sent before is accepted by nobody again, there or elsewhere (T-REPLAY)", async () => {
  const broker = new FakeBroker();
  const ada = await join(broker, "Ada");
  const bob = await join(broker, "Bob");
  await pass(5, () => agreed(ada, bob));
  await bob.sendMessage("once");
  await pass(3, () => texts(ada).length === 1);
  const recorded = broker.log.filter(({ payload }) => payload.length > 0);
  const before = ada.participants.value;
  for (const { topic, payload } of recorded) broker.publish(topic, payload, false);
  for (const { topic, payload } of recorded) {
    if (topic === scheme.all(bob.peer)) broker.publish(scheme.all(ada.peer), payload, false);
    if (topic === scheme.state(bob.peer)) broker.publish(scheme.catalog(bob.peer), payload, false);
    if (topic === scheme.inbox(ada.peer, bob.peer)) broker.publish(scheme.all(bob.peer), payload, false);
  }
  await pass(2);
  expect(texts(ada)).toEqual(["Bob: once"]);
  expect(texts(bob)).toEqual(["Bob: once"]);
  expect(ada.participants.value).toEqual(before);
  expect(agreed(ada, bob)).toBe(true);
});

test("who leaves shares no key with those who stay after 3 s, and who joins none from before (T-E2EE-4)", async () => {
  const broker = new FakeBroker();
  const ada = await join(broker, "Ada");
  const bob = await join(broker, "Bob");
  await pass(5, () => agreed(ada, bob));
  const first = ada.encryption.value.safetyNumber?.digits;
  const cem = await join(broker, "Cem");
  expect(await pass(5, () => agreed(ada, bob, cem))).toBe(true);
  const leaving = cem.leave();
  await pass(0.2);
  await leaving;
  const epochs = () => new Set(words(broker, scheme.all(bob.peer)).concat(words(broker, scheme.all(ada.peer))));
  const during = epochs();
  await pass(2.8);
  expect(agreed(ada, bob)).toBe(true);
  broker.log.length = 0;
  await ada.sendMessage("he is gone");
  await pass(1, () => texts(bob).length === 1);
  expect([...epochs()].some((kid) => during.has(kid))).toBe(false);
  expect(ada.encryption.value.safetyNumber?.digits).not.toBe(first);
});

test("before a key has been used as often as it may be, another epoch comes, and nothing is lost (E3, E7, T-E2EE-5)", async () => {
  const broker = new FakeBroker();
  const ada = await join(broker, "Ada");
  const bob = await join(broker, "Bob", { maxCtr: 20 });
  await pass(5, () => agreed(ada, bob));
  const said = Array.from({ length: 40 }, (_, i) => `line ${i}`);
  for (const line of said) {
    await bob.sendMessage(line);
    await pass(0.3);
  }
  expect(await pass(5, () => texts(ada).length === said.length)).toBe(true);
  expect(ada.messages.value.map(({ text }) => text)).toEqual(said);
  expect(new Set(words(broker, scheme.all(bob.peer))).size).toBeGreaterThan(2);
  expect(agreed(ada, bob)).toBe(true);
});

test("when the one who makes the epochs vanishes, the others agree within 5 s of its end (T-E2EE-4)", async () => {
  const broker = new FakeBroker();
  const ada = await join(broker, "Ada");
  const bob = await join(broker, "Bob");
  const cem = await join(broker, "Cem");
  await pass(5, () => agreed(ada, bob, cem));
  broker.cut(ada.peer);
  await pass(9, () => bob.participants.value.length === 1 && cem.participants.value.length === 1);
  expect(await pass(5, () => agreed(bob, cem))).toBe(true);
});

/** The KIDs of what was said under an epoch. */
function words(broker: FakeBroker, topic: string): number[] {
  return broker.log
    .filter((entry) => entry.topic === topic && entry.payload.length > 0)
    .map(({ payload }) => parsePacket(payload))
    .filter(({ header }) => !header.rootKeyed)
    .map(({ body }) => (body[0] ?? 0) >> 4);
}
