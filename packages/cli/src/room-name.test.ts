import { newMeetingLink, roomNameToLevel } from "@mqtt-meet/protocol";
import { expect, test } from "vitest";
import { newRoomName } from "./room-name.ts";

test("newRoomName makes three words that need no escaping in a link", () => {
  const names = Array.from({ length: 500 }, () => newRoomName());
  for (const name of names) {
    expect(name).toMatch(/^[a-z]+-[a-z]+-[a-z]+$/);
    expect(newMeetingLink("http://localhost", name).name).toBe(name);
    expect(roomNameToLevel(name)).toBe(name);
  }
  expect(new Set(names).size).toBeGreaterThan(480);
});

test("newRoomName never takes a word twice", () => {
  expect(newRoomName(() => 0)).toBe("amber-badger-bay");
  expect(newRoomName((bound) => bound - 1)).toBe("zesty-wren-wolf");
});
