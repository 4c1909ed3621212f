import { expect, test } from "vitest";
import { roomAddress } from "./room-address.ts";

test("roomAddress puts choices behind the fragment, where no server is told", () => {
  const choices = { name: "Ada L", theme: "dark", camera: "off", language: undefined, join: true };
  expect(roomAddress("https://meet.example/tools/r/%E6%97%A9?broker=wss%3A%2F%2Fb#1.S", choices)).toEqual({
    site: "https://meet.example/tools",
    room: "早",
    page: "https://meet.example/tools/r/%E6%97%A9?broker=wss%3A%2F%2Fb#1.S&name=Ada+L&theme=dark&camera=off&join",
    namesBroker: true,
  });
});

test("roomAddress leaves a link alone that nothing is chosen for, and gives an open room's a fragment", () => {
  expect(roomAddress(" https://a.example/r/x#p ")?.page).toBe("https://a.example/r/x#p");
  expect(roomAddress("https://a.example/r/x", { join: true })?.page).toBe("https://a.example/r/x#&join");
});

test.each(["", "r/x", "https://a.example/", "https://a.example/r/", "javascript:alert(1)//r/x", "mqtt://a/r/x"])(
  "roomAddress finds no meeting in %j",
  (link) => {
    expect(roomAddress(link)).toBeUndefined();
  },
);
