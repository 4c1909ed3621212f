import { deriveRoom, encodeBase64Url, encodeText, newMeetingLink, newPassphraseLink } from "@mqtt-meet/protocol";
import { afterEach, expect, test, vi } from "vitest";
import { roomAccess, roomEntry } from "./room-access.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

const answer = (text: string) => vi.stubGlobal("fetch", async () => new Response(text));

test("roomEntry proves the room where the site's broker asks for it (K4)", async () => {
  answer('{"broker":"mqtt"}');
  const link = newMeetingLink("https://meet.example", "blue-fox");
  const { room } = await deriveRoom(link.secret ?? new Uint8Array(0));
  const entry = await roomEntry(link);
  expect(entry).toMatchObject({ room, username: room, brokerUrls: ["wss://meet.example/mqtt"] });
  expect(entry.password).toMatch(/^[A-Za-z0-9_-]{43}\.[A-Za-z0-9_-]{43}$/);
  expect((await roomEntry(link)).peer).not.toBe(entry.peer);
});

test("roomEntry uses the account of a broker that has one for everybody (K6)", async () => {
  answer('{"broker":"wss://broker.example/ws","username":"meet","password":"word"}');
  const entry = await roomEntry(newMeetingLink("https://meet.example", "x"));
  expect(entry).toMatchObject({ username: "meet", password: "word", brokerUrls: ["wss://broker.example/ws"] });
});

test("roomEntry asks no site when the link names the broker (L1)", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new Error("not to be asked")));
  const link = { ...newMeetingLink("https://pages.example", "x"), brokers: ["wss://broker.example/mqtt"] as const };
  expect((await roomEntry(link)).brokerUrls).toEqual(["wss://broker.example/mqtt"]);
});

test("roomEntry begins with any node of a cluster, and keeps their order (L7)", async () => {
  answer('{"broker":["wss://a.example/mqtt","wss://b.example/mqtt","wss://c.example/mqtt"]}');
  const link = newMeetingLink("https://meet.example", "x");
  const urls = async (random: number) => (await roomEntry(link, { random: () => random })).brokerUrls;
  const [a, b, c] = ["a", "b", "c"].map((node) => `wss://${node}.example/mqtt`);
  expect([await urls(0), await urls(0.5), await urls(0.99)]).toEqual([
    [a, b, c],
    [b, c, a],
    [c, a, b],
  ]);
});

test("roomAccess opens a room with a passphrase, however its words are typed (K8)", async () => {
  const link = newPassphraseLink("https://meet.example", "blue-fox");
  const first = await roomAccess(link, { passphrase: "correct horse battery staple" });
  const second = await roomAccess(link, { passphrase: "  Correct  horse\tbattery staple " });
  const other = await roomAccess(link, { passphrase: "correct horse battery stable" });
  expect(second.room).toBe(first.room);
  expect(second.encryption?.rootKey).toEqual(first.encryption?.rootKey);
  expect(other.room).not.toBe(first.room);
});

test("roomAccess never takes a room with a secret for an open one: without words, or with weak ones, it refuses (K9, L5)", async () => {
  const link = newPassphraseLink("https://meet.example", "blue-fox");
  await expect(roomAccess(link)).rejects.toMatchObject({ code: "passphrase-missing" });
  for (const weak of ["", "secret", "one two", "aaa aaa aaa aaa", "a b c d e f"]) {
    const refusal = await roomAccess(link, { passphrase: weak }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: "passphrase-weak", message: expect.stringMatching(/4 different words/) });
  }
});

test("roomEntry enters an open room only where the site has some, and there with a proof of the peer alone (L5, K10)", async () => {
  answer('{"broker":"mqtt"}');
  await expect(roomEntry({ site: "https://meet.example", name: "lobby" })).rejects.toMatchObject({
    code: "not-authorized",
    message: expect.stringMatching(/no rooms without encryption/),
  });
  answer('{"broker":"mqtt","openRooms":"yes"}');
  await expect(roomEntry({ site: "https://meet.example", name: "lobby" })).rejects.toMatchObject({
    code: "not-authorized",
  });
  answer('{"broker":"mqtt","openRooms":true}');
  const entry = await roomEntry({ site: "https://meet.example", name: "lobby" });
  expect(entry).toMatchObject({ room: "lobby", username: "lobby", encryption: undefined });
  // Whoever holds a secret stays encrypted, whatever the site says.
  const withSecret = await roomEntry(newMeetingLink("https://meet.example", "lobby"));
  expect(withSecret.encryption).toBeDefined();
  expect(withSecret.room).not.toBe("lobby");
});

test("roomAccess stands before a door in a token room only, and knocks first where the invitation says so (D2)", async () => {
  const invite = (mqm: object) => {
    const payload = { exp: 2e9, jti: "one", mqm: { v: 1, room: "R", pub: ["a", "c"], sub: true, ...mqm } };
    const part = (value: object) => encodeBase64Url(encodeText(JSON.stringify(value)));
    const link = newMeetingLink("https://meet.example", "R");
    return roomAccess({ ...link, invitation: `${part({ alg: "EdDSA" })}.${part(payload)}.c2ln` });
  };
  expect(await invite({})).toMatchObject({ door: { knocksFirst: false } });
  expect(await invite({ wait: true })).toMatchObject({ door: { knocksFirst: true } });
  expect(await invite({ wait: true, admin: true })).toMatchObject({ door: { knocksFirst: false } });
  expect((await roomAccess(newMeetingLink("https://meet.example", "R"))).door).toBeUndefined();
});
