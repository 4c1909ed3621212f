import { expect, test } from "vitest";
import { newRoomName } from "./room-name.ts";

test("newRoomName is three plain words at both ends of chance", () => {
  for (const chance of [0, 0.37, 0.999999]) expect(newRoomName(() => chance)).toMatch(/^[a-z]{3,8}(-[a-z]{3,8}){2}$/);
});

test("newRoomName hardly ever says the same twice", () => {
  expect(new Set(Array.from({ length: 200 }, () => newRoomName())).size).toBeGreaterThan(195);
});
