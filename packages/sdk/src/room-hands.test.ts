import { expect, test, vi } from "vitest";
import { FakeBroker } from "./testing/fake-broker.ts";
import type { FakeRoom } from "./testing/fake-room.ts";
import { joinedRooms } from "./testing/joined-rooms.ts";

const { join } = joinedRooms();

test("that somebody records is known to all, also to who comes later, until it stops, whatever else changes (S1)", async () => {
  const broker = new FakeBroker();
  const [ada, bob] = [await join(broker, "Ada"), await join(broker, "Bob")];
  const adaRecords = (core: FakeRoom) => core.participants.value.find(({ name }) => name === "Ada")?.recording;
  expect(adaRecords(bob)).toBe(false);
  ada.signs.setRecording(true);
  ada.signs.setHand(true);
  await vi.advanceTimersByTimeAsync(10);
  const eva = await join(broker, "Eva");
  expect([adaRecords(bob), adaRecords(eva)]).toEqual([true, true]);
  ada.signs.setHand(false);
  ada.signs.setRecording(false);
  await vi.advanceTimersByTimeAsync(10);
  expect([adaRecords(bob), adaRecords(eva)]).toEqual([false, false]);
});

test("a raised hand is seen with its time, also by who comes later, until it is taken down (S1)", async () => {
  const broker = new FakeBroker();
  const ada = await join(broker, "Ada");
  const bob = await join(broker, "Bob");
  const handOfAda = (core: FakeRoom) => core.participants.value.find(({ name }) => name === "Ada")?.handAtMs;
  expect(handOfAda(bob)).toBeUndefined();
  const atMs = Date.now();
  ada.signs.setHand(true);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(handOfAda(bob)).toBe(atMs);
  const eva = await join(broker, "Eva");
  expect(handOfAda(eva)).toBe(atMs);
  ada.signs.setHand(false);
  await vi.advanceTimersByTimeAsync(10);
  expect([handOfAda(bob), handOfAda(eva)]).toEqual([undefined, undefined]);
});
