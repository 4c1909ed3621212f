import { expect, test, vi } from "vitest";
import { FakeBroker } from "./testing/fake-broker.ts";
import type { FakeRoom } from "./testing/fake-room.ts";
import { joinedRooms } from "./testing/joined-rooms.ts";

const { join } = joinedRooms();

const kinds = (core: FakeRoom) => core.signs.reactions.value.map(({ name, own, kind }) => [name, own, kind]);

test("a reaction is seen by everybody, with its sender, for four seconds (M7)", async () => {
  const broker = new FakeBroker();
  const [ada, bob] = [await join(broker, "Ada"), await join(broker, "Bob")];
  ada.signs.react("applause");
  await vi.advanceTimersByTimeAsync(10);
  expect(kinds(bob)).toEqual([["Ada", false, "applause"]]);
  expect(kinds(ada)).toEqual([["Ada", true, "applause"]]);
  await vi.advanceTimersByTimeAsync(3_800);
  expect(kinds(bob)).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(400);
  expect([kinds(ada), kinds(bob)]).toEqual([[], []]);
});

test("of one sender six reactions are shown at a time, of the others theirs as well (M7)", async () => {
  const broker = new FakeBroker();
  const [ada, bob] = [await join(broker, "Ada"), await join(broker, "Bob")];
  for (let i = 0; i < 20; i++) ada.signs.react("love");
  bob.signs.react("laugh");
  await vi.advanceTimersByTimeAsync(10);
  expect(kinds(bob).filter(([name]) => name === "Ada")).toHaveLength(6);
  expect(kinds(ada)).toHaveLength(7);
  await vi.advanceTimersByTimeAsync(5_000);
  ada.signs.react("love");
  await vi.advanceTimersByTimeAsync(10);
  expect(kinds(bob)).toHaveLength(1);
});

test("who floods is shown six times, and what is unknown, or a stranger's, not at all (M7)", async () => {
  const broker = new FakeBroker();
  const ada = await join(broker, "Ada");
  await join(broker, "Bob");
  const say = (from: string, kind: string) =>
    broker.publish(
      `mm/1/room/all/${from}`,
      new TextEncoder().encode(JSON.stringify({ type: "reaction", kind })),
      false,
    );
  for (let i = 0; i < 50; i++) say("bob", "like");
  say("bob", "newer");
  say("nobody", "like");
  await vi.advanceTimersByTimeAsync(10);
  expect(kinds(ada)).toEqual(Array(6).fill(["Bob", false, "like"]));
});
