import { type HostKey, newHostKey, parsePacket } from "@mqtt-meet/protocol";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { HostSeat } from "../host.ts";
import { agreed, fakeTimers, joinEncrypted, pass } from "../testing/encrypted-rooms.ts";
import { FakeBroker } from "../testing/fake-broker.ts";
import { type FakeRoom, fakeScheme as scheme } from "../testing/fake-room.ts";

const rooms: FakeRoom[] = [];
let broker: FakeBroker;
let key: HostKey;

beforeEach(async () => {
  fakeTimers();
  broker = new FakeBroker();
  key = await newHostKey();
});

afterEach(async () => {
  const leaving = Promise.all(rooms.splice(0).map((core) => core.leave()));
  await pass(1.2);
  await leaving;
  vi.useRealTimers();
  vi.restoreAllMocks();
});

async function join(name: string, host: HostSeat = { fingerprint: key.fingerprint, key: undefined }) {
  const core = await joinEncrypted(broker, name, { host });
  rooms.push(core);
  return core;
}

const hosting = (): HostSeat => ({ fingerprint: key.fingerprint, key });
const acts = (core: FakeRoom) => core.host.state.value.acts.map(({ command, targetName }) => [command, targetName]);
const names = (core: FakeRoom) => core.participants.value.map(({ name }) => name);

test("the host mutes a microphone and stops a camera, which their owner can switch on again; a screen stays (H4, R1)", async () => {
  const ada = await join("Ada", hosting());
  const bob = await join("Bob");
  const microphone = bob.publishAudio({ source: "microphone", channels: 1 });
  const size = { widthPx: 640, heightPx: 360, frameRate: 30 };
  const camera = bob.publishVideo({ source: "camera", ...size });
  const screen = bob.publishVideo({ source: "screen", ...size });
  const muted = () => [microphone, camera, screen].map((track) => track.muted.value);
  expect(await pass(5, () => agreed(ada, bob))).toBe(true);
  await ada.host.command({ command: "mute", peer: bob.peer });
  expect(await pass(3, () => microphone.muted.value)).toBe(true);
  expect(muted()).toEqual([true, false, false]);
  await ada.host.command({ command: "stop-camera", peer: bob.peer });
  expect(await pass(3, () => camera.muted.value)).toBe(true);
  expect(muted()).toEqual([true, true, false]);
  microphone.setMuted(false);
  await pass(1);
  expect(muted()).toEqual([false, true, false]);
  expect(acts(bob)).toEqual([
    ["mute", "Bob"],
    ["stop-camera", "Bob"],
  ]);
});

test("who is removed is told, and shares no epoch with the others any more (H4, H5, E7)", async () => {
  const ada = await join("Ada", hosting());
  const bob = await join("Bob");
  const cem = await join("Cem");
  expect(await pass(5, () => agreed(ada, bob, cem))).toBe(true);
  const before = bob.encryption.value.safetyNumber?.digits;
  await ada.host.command({ command: "remove", peer: cem.peer });
  expect(await pass(5, () => cem.connection.value.status === "closed")).toBe(true);
  expect(cem.connection.value).toMatchObject({ status: "closed", error: { code: "removed" } });
  expect(await pass(5, () => agreed(ada, bob) && bob.encryption.value.safetyNumber?.digits !== before)).toBe(true);
  expect(acts(bob)).toEqual([["remove", "Cem"]]);
  const again = await join("Cem");
  expect(await pass(5, () => agreed(ada, bob, again))).toBe(true);
});

test("who does not obey is left alone all the same: no epoch, and nothing that it says is believed (H5)", async () => {
  const ada = await join("Ada", hosting());
  const bob = await join("Bob");
  const mallory = await join("Mallory", { fingerprint: "another-fingerprint-0", key: undefined });
  expect(await pass(5, () => agreed(ada, bob, mallory))).toBe(true);
  const kids = (who: FakeRoom) =>
    broker.log
      .filter(({ topic, payload }) => topic === scheme.all(who.peer) && payload.length > 0)
      .map(({ payload }) => (parsePacket(payload).body[0] ?? 0) >> 4);
  await Promise.all([ada, bob, mallory].map((core) => core.sendMessage("all of us")));
  expect(await pass(3, () => [ada, bob, mallory].every(({ messages }) => messages.value.length === 3))).toBe(true);
  const known = new Set([...kids(ada), ...kids(bob), ...kids(mallory)]);
  await ada.host.command({ command: "remove", peer: mallory.peer });
  await pass(3);
  expect(agreed(ada, bob)).toBe(true);
  broker.log.length = 0;
  await Promise.all([ada.sendMessage("the two of us"), mallory.sendMessage("and me")]);
  await pass(8); // with a sign of life of hers, and more than words wait for a key
  expect(kids(ada).length).toBeGreaterThan(0);
  expect(kids(ada).filter((kid) => known.has(kid))).toEqual([]);
  expect(mallory.messages.value.map(({ text }) => text)).not.toContain("the two of us");
  expect(bob.messages.value.map(({ text }) => text).slice(3)).toEqual(["the two of us"]);
  expect([names(ada), names(bob)]).toEqual([["Bob"], ["Ada"]]);
  expect(mallory.connection.value.status).toBe("connected");
});

test("the host ends the meeting for everybody but itself (H4)", async () => {
  const ada = await join("Ada", hosting());
  const bob = await join("Bob");
  const cem = await join("Cem");
  expect(await pass(5, () => agreed(ada, bob, cem))).toBe(true);
  await ada.host.command({ command: "end" });
  const ended = ({ connection }: FakeRoom) => connection.value.status === "closed";
  expect(await pass(5, () => ended(bob) && ended(cem))).toBe(true);
  expect(bob.connection.value).toMatchObject({ error: { code: "ended" } });
  expect(ada.connection.value.status).toBe("connected");
});

test("what a member without the key says as the host, and what was held back, is obeyed by nobody (H3, E11, T-FORGE, T-REPLAY)", async () => {
  const ada = await join("Ada", hosting());
  const bob = await join("Bob");
  const forger = await newHostKey();
  const eve = await join("Eve", { fingerprint: key.fingerprint, key: forger });
  const microphone = bob.publishAudio({ source: "microphone", channels: 1 });
  expect(await pass(5, () => agreed(ada, bob, eve))).toBe(true);
  await eve.host.command({ command: "mute", peer: bob.peer });
  await pass(2);
  expect([microphone.muted.value, acts(bob)]).toEqual([false, []]);
  // The broker keeps what the host says from Bob, and gives it to him when it may no longer be meant.
  broker.lose = ({ topic, to }) => topic === scheme.all(ada.peer) && to === bob.peer;
  await ada.host.command({ command: "mute", peer: bob.peer });
  await pass(0.5);
  const held = broker.log.findLast(({ topic }) => topic === scheme.all(ada.peer));
  broker.lose = () => false;
  await pass(11);
  broker.links.get(bob.peer)?.deliver(scheme.all(ada.peer), held?.payload ?? new Uint8Array(0), false);
  await pass(2);
  expect([microphone.muted.value, acts(bob)]).toEqual([false, []]);
  await ada.host.command({ command: "mute", peer: bob.peer });
  expect(await pass(3, () => microphone.muted.value)).toBe(true);
});
