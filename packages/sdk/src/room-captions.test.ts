import { expect, test, vi } from "vitest";
import { FakeBroker } from "./testing/fake-broker.ts";
import type { FakeRoom } from "./testing/fake-room.ts";
import { joinedRooms } from "./testing/joined-rooms.ts";

const { join } = joinedRooms();
const pass = (durationMs: number) => vi.advanceTimersByTimeAsync(durationMs);

const read = ({ signs }: FakeRoom) => signs.captions.captions.value.map(({ name, text }) => `${name}: ${text}`);

test("captions grow in their place, follow each other, and are gone six seconds later (M10)", async () => {
  const broker = new FakeBroker();
  const [ada, bob, cem] = [await join(broker, "Ada"), await join(broker, "Bob"), await join(broker, "Cem")];
  ada.signs.captions.say({ number: 1, text: "good" });
  bob.signs.captions.say({ number: 1, text: "hello" });
  ada.signs.captions.say({ number: 1, text: "good morning" });
  await pass(50);
  expect(read(cem)).toEqual(["Ada: good morning", "Bob: hello"]);
  expect(read(ada)).toEqual(["Bob: hello"]);
  ada.signs.captions.say({ number: 2, text: "all of you" });
  await pass(3_000);
  expect(read(cem)).toEqual(["Bob: hello", "Ada: all of you"]);
  await pass(3_200);
  expect(read(cem)).toEqual([]);
});

test("that somebody reads captions is known to all, also to who comes later, until it ends (S1)", async () => {
  const broker = new FakeBroker();
  const [ada, bob] = [await join(broker, "Ada"), await join(broker, "Bob")];
  const adaReads = (core: FakeRoom) => core.participants.value.find(({ name }) => name === "Ada")?.wantsCaptions;
  expect(adaReads(bob)).toBe(false);
  ada.signs.captions.setWanted(true);
  ada.signs.setHand(true);
  await pass(50);
  const eva = await join(broker, "Eva");
  expect([adaReads(bob), adaReads(eva)]).toEqual([true, true]);
  ada.signs.captions.setWanted(false);
  await pass(50);
  expect([adaReads(bob), adaReads(eva)]).toEqual([false, false]);
});

test("captions of strangers, late ones and more than four at once are not shown (M10)", async () => {
  const broker = new FakeBroker();
  const names = ["Ada", "Bob", "Cem", "Dan", "Eva", "Fay"];
  const rooms: FakeRoom[] = [];
  for (const name of names) rooms.push(await join(broker, name));
  const [ada, bob] = rooms as [FakeRoom, FakeRoom];
  const say = (from: string, number: number, text: string) =>
    broker.publish(
      `mm/1/room/all/${from}`,
      new TextEncoder().encode(JSON.stringify({ type: "caption", number, text })),
      false,
    );
  say("eve", 1, "I am nobody");
  say("bob", 2, "second");
  say("bob", 1, "first");
  await pass(50);
  expect(read(ada)).toEqual(["Bob: second"]);
  for (const from of ["cem", "dan", "eva", "fay"]) say(from, 1, "x".repeat(600));
  for (const from of ["cem", "dan", "eva", "fay"]) say(from, 1, "x\u202ey");
  await pass(50);
  expect(read(ada)).toEqual(["Cem: xy", "Dan: xy", "Eva: xy", "Fay: xy"]);
  bob.signs.captions.say({ number: 3, text: "y".repeat(700) });
  await pass(50);
  expect(read(ada).at(-1)).toHaveLength(505);
});
