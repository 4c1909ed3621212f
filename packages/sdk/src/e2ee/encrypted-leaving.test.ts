// T-E2EE-4: who has which keys when somebody crashes, when the leader does in the middle of its work, and who comes later.
import { newPeer, parsePacket } from "@mqtt-meet/protocol";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SILENCE_MS, WILL_GRACE_MS } from "../roster.ts";
import { agreed, fakeTimers, joinEncrypted, pass, SECRET } from "../testing/encrypted-rooms.ts";
import { FakePicture } from "../testing/fake-backend.ts";
import { FakeBroker } from "../testing/fake-broker.ts";
import { type FakeRoom, openFakeRoom, fakeScheme as scheme } from "../testing/fake-room.ts";
import { newEncryptionKeys } from "./encryption-keys.ts";

const rooms: FakeRoom[] = [];
/** Presence is looked at four times a second. */
const CHECK_MS = 300;

beforeEach(fakeTimers);

afterEach(async () => {
  const leaving = Promise.all(rooms.splice(0).map((core) => core.leave()));
  await pass(1.2);
  await leaving;
  vi.useRealTimers();
  vi.restoreAllMocks();
});

async function join(broker: FakeBroker, name: string): Promise<FakeRoom> {
  const core = await joinEncrypted(broker, name);
  rooms.push(core);
  return core;
}

/** The KIDs of what `who` has said to everybody under an epoch. */
function epochsOf(broker: FakeBroker, who: FakeRoom): ReadonlySet<number> {
  const packets = broker.log
    .filter(({ topic, payload }) => topic === scheme.all(who.peer) && payload.length > 0)
    .map(({ payload }) => parsePacket(payload));
  return new Set(packets.filter(({ header }) => !header.rootKeyed).map(({ body }) => (body[0] ?? 0) >> 4));
}

test.each([
  { what: "a will comes", will: true, noticedMs: WILL_GRACE_MS },
  { what: "nothing comes, not even a will", will: false, noticedMs: SILENCE_MS },
])(
  "when a connection dies and $what, its keys open nothing 3 s after the others have noticed (T-E2EE-4, S4, E7)",
  async ({ will, noticedMs }) => {
    const broker = new FakeBroker();
    const ada = await join(broker, "Ada");
    const bob = await join(broker, "Bob");
    const cem = await join(broker, "Cem");
    expect(await pass(5, () => agreed(ada, bob, cem))).toBe(true);
    await ada.sendMessage("all of us");
    await pass(0.5);
    const known = new Set([...epochsOf(broker, ada), ...epochsOf(broker, bob)]);
    expect(known.size).toBeGreaterThan(0);
    const diedMs = Date.now();
    broker.cut(cem.peer, { will });
    const gone = () => [ada, bob].every(({ participants }) => participants.value.length === 1);
    expect(await pass(30, gone)).toBe(true);
    expect(Date.now() - diedMs).toBeLessThan(noticedMs + CHECK_MS);
    await pass(3);
    broker.log.length = 0;
    for (const room of [ada, bob]) await room.sendMessage("the two of us");
    await pass(0.5);
    const later = [...epochsOf(broker, ada), ...epochsOf(broker, bob)];
    expect(later.length).toBeGreaterThan(0);
    expect(later.filter((epoch) => known.has(epoch))).toEqual([]);
  },
);

test.each([
  { what: "who joins never gets it", lost: (topic: string, ada: string) => topic.endsWith(`/in/${ada}`) },
  { what: "only who joins gets it", lost: (topic: string, ada: string) => topic.endsWith(`/all/${ada}`) },
  { what: "nobody gets it", lost: (topic: string, ada: string) => topic.endsWith(`/${ada}`) },
])(
  "when the leader dies while an epoch of its goes out, and $what, the others agree within 5 s of its end (T-E2EE-4, E6)",
  async ({ lost }) => {
    const broker = new FakeBroker();
    const ada = await join(broker, "Ada");
    const bob = await join(broker, "Bob");
    const cem = await join(broker, "Cem");
    expect(await pass(5, () => agreed(ada, bob, cem))).toBe(true);
    broker.lose = ({ topic }) => lost(topic, ada.peer);
    const dan = await join(broker, "Dan");
    await pass(0.4); // before it sends again
    broker.cut(ada.peer);
    const others = [bob, cem, dan];
    const gone = () => others.every(({ participants }) => !participants.value.some(({ peer }) => peer === ada.peer));
    expect(await pass(25, gone)).toBe(true);
    expect(await pass(5, () => agreed(...others))).toBe(true);
  },
);

test("who joins decrypts nothing of the first epoch, and sees what comes after it (T-E2EE-4, E7)", async () => {
  const broker = new FakeBroker();
  const ada = await join(broker, "Ada");
  const bob = await join(broker, "Bob");
  await pass(5, () => agreed(ada, bob));
  const camera = ada.publishVideo({ source: "camera", widthPx: 640, heightPx: 360, frameRate: 30 });
  const film = (done: boolean) => {
    camera.push(new FakePicture(Date.now() * 1000));
    return done;
  };
  const seen = { bob: 0, cem: 0 };
  const watch = (room: FakeRoom, name: keyof typeof seen) =>
    room.watchVideo(`${ada.peer}/camera`, (picture) => {
      seen[name]++;
      picture.close();
    });
  watch(bob, "bob");
  expect(await pass(5, () => film(seen.bob > 5))).toBe(true);
  const topic = scheme.video(ada.peer, camera.id, 0, 0);
  const before = broker.log.filter((entry) => entry.topic === topic);
  expect(before.every(({ payload }) => (parsePacket(payload).body[0] ?? 0) >> 4 === 1)).toBe(true);
  const cem = await join(broker, "Cem");
  expect(await pass(5, () => agreed(ada, bob, cem))).toBe(true);
  watch(cem, "cem");
  await pass(0.5);
  for (const { payload } of before) broker.publish(topic, payload, false);
  await pass(3);
  expect(seen.cem).toBe(0);
  expect(cem.statistics.value.tracks.get(`${ada.peer}/camera`)?.counters["framesUndecryptable"]).toBe(before.length);
  expect(await pass(5, () => film(seen.cem > 5))).toBe(true);
});

test("pictures go on over a join and a departure: no gap of more than 300 ms (T-E2EE-4, E7, E8)", async () => {
  const broker = new FakeBroker();
  const ada = await join(broker, "Ada");
  const bob = await join(broker, "Bob");
  await pass(5, () => agreed(ada, bob));
  const camera = ada.publishVideo({ source: "camera", widthPx: 640, heightPx: 360, frameRate: 30 });
  const shownMs: number[] = [];
  bob.watchVideo(`${ada.peer}/camera`, (picture) => {
    shownMs.push(Date.now());
    picture.close();
  });
  const film = (done = false) => {
    camera.push(new FakePicture(Date.now() * 1000));
    return done;
  };
  expect(await pass(5, () => film(shownMs.length > 5))).toBe(true);
  const cem = await join(broker, "Cem"); // a tenth of a second in which nobody films
  expect(await pass(5, () => film(agreed(ada, bob, cem)))).toBe(true);
  await pass(2, film);
  const leaving = cem.leave();
  expect(await pass(5, () => film(agreed(ada, bob)))).toBe(true);
  await leaving;
  await pass(3, film);
  const topic = scheme.video(ada.peer, camera.id, 0, 0);
  const kids = broker.log
    .filter((entry) => entry.topic === topic)
    .map(({ payload }) => (parsePacket(payload).body[0] ?? 0) >> 4);
  expect(new Set(kids).size).toBe(3);
  const gaps = shownMs.map((atMs, i) => atMs - (shownMs[i - 1] ?? atMs));
  expect(Math.max(...gaps)).toBeLessThanOrEqual(300);
});

test("the first epoch is random: the same link, peers and keys give another one (T-E2EE-4, E7)", async () => {
  const parties = await Promise.all(
    ["Ada", "Bob"].map(async (name) => ({
      name,
      encrypted: { peer: (await newPeer()).peer, keys: await newEncryptionKeys(SECRET) },
    })),
  );
  const numbers: unknown[] = [];
  for (let meeting = 0; meeting < 2; meeting++) {
    vi.setSystemTime(1_763_800_000_000);
    const broker = new FakeBroker();
    const both = parties.map(({ name, encrypted }) => openFakeRoom(broker, name, { encrypted }));
    rooms.push(...both);
    expect(await pass(5, () => agreed(...both))).toBe(true);
    numbers.push(both[0]?.encryption.value.safetyNumber?.digits);
  }
  expect(numbers[0]).not.toBe(numbers[1]);
});
