import type { ChatMessage } from "@mqtt-meet/sdk";
import { expect, test } from "vitest";
import { groupMessages } from "./chat-groups.ts";

const noon = new Date(2030, 4, 6, 12, 0, 5).getTime();
let count = 0;

function message(from: string, sentAtMs: number): ChatMessage {
  count += 1;
  return { id: `m${count}`, from, name: from, own: from === "me", sentAtMs, text: `text ${count}` };
}

test("groupMessages puts one sender's minute together", () => {
  const groups = groupMessages(
    [message("a", noon), message("a", noon + 20_000), message("b", noon + 21_000), message("a", noon + 22_000)],
    noon,
  );
  expect(groups.map((group) => [group.from, group.messages.length])).toEqual([
    ["a", 2],
    ["b", 1],
    ["a", 1],
  ]);
});

test("groupMessages begins anew with the next minute", () => {
  const groups = groupMessages([message("a", noon), message("a", noon + 60_000)], noon);
  expect(groups).toHaveLength(2);
});

test("groupMessages marks days only when it is not today", () => {
  expect(groupMessages([message("a", noon)], noon).map((group) => group.startsDay)).toEqual([false]);
  const night = groupMessages([message("a", noon - 86_400_000), message("a", noon)], noon);
  expect(night.map((group) => group.startsDay)).toEqual([true, true]);
});

test("groupMessages loses nothing", () => {
  const messages = Array.from({ length: 200 }, (_, index) =>
    message("abc"[(index * 7) % 3] ?? "a", noon + index * 9000),
  );
  expect(groupMessages(messages, noon).flatMap((group) => group.messages)).toEqual(messages);
});
