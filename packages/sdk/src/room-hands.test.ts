import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeBroker } from "./testing/fake-broker.ts";
import { type FakeRoom, openFakeRoom } from "./testing/fake-room.ts";

const rooms: FakeRoom[] = [];

beforeEach(() => {
  vi.useFakeTimers({ now: 1_763_800_000_000 });
});

afterEach(async () => {
  await Promise.all(rooms.splice(0).map((core) => core.leave()));
  vi.useRealTimers();
});

async function join(broker: FakeBroker, name: string): Promise<FakeRoom> {
  const core = openFakeRoom(broker, name);
  rooms.push(core);
  await core.joined();
  await vi.advanceTimersByTimeAsync(10);
  return core;
}

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
