import { deriveRoom, newMeetingLink } from "@mqtt-meet/protocol";
import { afterEach, expect, test, vi } from "vitest";
import { roomEntry } from "./room-access.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

const answer = (text: string) => vi.stubGlobal("fetch", async () => new Response(text));

test("roomEntry proves the room where the site's broker asks for it (K4)", async () => {
  answer('{"broker":"mqtt"}');
  const link = newMeetingLink("https://meet.example", "blue-fox");
  const { room } = await deriveRoom(link.secret ?? new Uint8Array(0));
  const entry = await roomEntry(link);
  expect(entry).toMatchObject({ room, username: room, brokerUrl: "wss://meet.example/mqtt" });
  expect(entry.password).toMatch(/^[A-Za-z0-9_-]{43}\.[A-Za-z0-9_-]{43}$/);
  expect((await roomEntry(link)).peer).not.toBe(entry.peer);
});

test("roomEntry uses the account of a broker that has one for everybody (K6)", async () => {
  answer('{"broker":"wss://broker.example/ws","username":"meet","password":"word"}');
  const entry = await roomEntry(newMeetingLink("https://meet.example", "x"));
  expect(entry).toMatchObject({ username: "meet", password: "word", brokerUrl: "wss://broker.example/ws" });
});

test("roomEntry asks no site when the link names the broker (L1)", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new Error("not to be asked")));
  const link = { ...newMeetingLink("https://pages.example", "x"), broker: "wss://broker.example/mqtt" };
  expect((await roomEntry(link)).brokerUrl).toBe("wss://broker.example/mqtt");
});
