import { expect, test } from "vitest";
import { FakeBroker } from "./testing/fake-broker.ts";
import type { FakeRoom } from "./testing/fake-room.ts";
import { joinedRooms } from "./testing/joined-rooms.ts";

const { join, seconds } = joinedRooms();

/** What a participant sees: "Tea or coffee? tea 1 coffee 0". */
function seen({ polls }: FakeRoom): string[] {
  return polls.polls.value.map(({ question, options, closed }) => {
    const counts = options.map(({ text, votes }) => `${text} ${votes}`).join(" ");
    return `${question} ${counts}${closed ? " closed" : ""}`;
  });
}

const idOf = ({ polls }: FakeRoom) => polls.polls.value[0]?.id ?? "";

test("a poll counts one vote of each, the last one, for everybody and for who comes later (M8)", async () => {
  const broker = new FakeBroker();
  const [ada, bob] = [await join(broker, "Ada"), await join(broker, "Bob")];
  await ada.polls.ask("Tea or coffee?", ["tea", "coffee"]);
  await seconds(1);
  await bob.polls.vote(idOf(bob), 0);
  await ada.polls.vote(idOf(ada), 0);
  await bob.polls.vote(idOf(bob), 1);
  await seconds(1);
  const cem = await join(broker, "Cem");
  await seconds(2);
  const expected = ["Tea or coffee? tea 1 coffee 1"];
  expect([ada, bob, cem].map(seen)).toEqual([expected, expected, expected]);
  expect([ada, bob, cem].map(({ polls }) => polls.polls.value[0]?.ownChoice)).toEqual([0, 1, undefined]);
  expect(bob.polls.polls.value[0]).toMatchObject({ name: "Ada", own: false });
  expect([ada, bob, cem].map(({ messages }) => messages.value)).toEqual([[], [], []]);
});

test("who asked closes a poll, and what comes afterwards does not count (M8)", async () => {
  const broker = new FakeBroker();
  const [ada, bob] = [await join(broker, "Ada"), await join(broker, "Bob")];
  await ada.polls.ask("When?", ["now", "later"]);
  await seconds(1);
  await expect(bob.polls.close(idOf(bob))).rejects.toMatchObject({ code: "not-authorized" });
  await bob.polls.vote(idOf(bob), 1);
  await seconds(1);
  await ada.polls.close(idOf(ada));
  const late = {
    number: 2,
    id: "late",
    sentAtMs: 1,
    text: "now",
    vote: { by: "ada", id: idOf(ada).slice(4), choice: 0 },
  };
  broker.publish("mm/1/room/all/bob", new TextEncoder().encode(JSON.stringify({ type: "chat", ...late })), false);
  await seconds(1);
  expect([seen(ada), seen(bob)]).toEqual([["When? now 0 later 1 closed"], ["When? now 0 later 1 closed"]]);
  await expect(bob.polls.vote(idOf(bob), 0)).rejects.toMatchObject({ code: "poll-closed" });
});

test("a vote for what is not there counts nothing, and somebody else's end ends nothing (M8)", async () => {
  const broker = new FakeBroker();
  const ada = await join(broker, "Ada");
  await join(broker, "Bob");
  await ada.polls.ask("When?", ["now", "later"]);
  const id = idOf(ada).slice(4);
  const say = (number: number, more: object) => {
    const message = { type: "chat", number, id: `m${number}`, sentAtMs: 1, text: "x", ...more };
    broker.publish("mm/1/room/all/bob", new TextEncoder().encode(JSON.stringify(message)), false);
  };
  say(1, { vote: { by: "ada", id, choice: 2 } });
  say(2, { vote: { by: "ada", id: "other", choice: 0 } });
  say(3, { end: { id, votes: [9, 9] } });
  await seconds(1);
  expect(seen(ada)).toEqual(["When? now 0 later 0"]);
});

test("a poll has a question and two to ten different answers (M8)", async () => {
  const ada = await join(new FakeBroker(), "Ada");
  for (const answers of [["one"], ["one", " one "], ["one", ""], Array.from({ length: 11 }, (_, i) => `${i}`)]) {
    await expect(ada.polls.ask("What?", answers)).rejects.toThrow(TypeError);
  }
  await expect(ada.polls.ask(" ", ["a", "b"])).rejects.toThrow(TypeError);
});
