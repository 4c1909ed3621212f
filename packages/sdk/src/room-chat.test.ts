import { topicLevel } from "@mqtt-meet/protocol";
import { expect, test } from "vitest";
import { RoomChat } from "./room-chat.ts";

const [ada, bob] = [topicLevel("ada"), topicLevel("bob")];

function openChat(post: () => Promise<void> = async () => undefined) {
  const clock = { nowMs: 1_763_800_000_000 };
  const options = { own: ada, ownName: () => "Ada", nameOf: () => "Bob", request: async () => undefined };
  return { clock, chat: new RoomChat({ ...options, post, nowMs: () => clock.nowMs }) };
}

test("RoomChat says which messages of ours the broker does not have yet", async () => {
  let arrive: () => void = () => undefined;
  const { chat } = openChat(() => new Promise((resolve) => (arrive = resolve)));
  const sent = chat.send("hello");
  expect(chat.messages.value).toMatchObject([{ text: "hello", pending: true }]);
  arrive();
  await sent;
  expect(chat.messages.value[0]).not.toHaveProperty("pending");
});

test("RoomChat says how many messages of a sender are lost for good, and not that somebody came late (M4)", () => {
  const { chat, clock } = openChat();
  const say = (number: number) =>
    chat.receive(bob, { number, id: topicLevel(`m${number}`), sentAtMs: clock.nowMs, text: `${number}` });
  chat.receiveAgain(bob, { type: "chat-again", oldest: 7, messages: [] });
  for (const number of [7, 8, 11, 12]) say(number);
  expect(chat.messages.value.map(({ text }) => text)).toEqual(["7", "8"]);
  for (let i = 0; i < 200; i++) {
    clock.nowMs += 250;
    chat.check(() => true);
  }
  expect(chat.messages.value.map(({ text, missingBefore }) => [text, missingBefore])).toEqual([
    ["7", undefined],
    ["8", undefined],
    ["11", 2],
    ["12", undefined],
  ]);
});
