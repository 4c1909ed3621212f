import { afterEach, beforeEach, vi } from "vitest";
import type { FakeBroker } from "./fake-broker.ts";
import { type FakeRoom, openFakeRoom } from "./fake-room.ts";

/** What {@link joinedRooms} gives the tests of a file. */
export interface JoinedRooms {
  /** Resolves when `name` is in the room and the others have heard of it. */
  join(broker: FakeBroker, name: string, options?: Parameters<typeof openFakeRoom>[2]): Promise<FakeRoom>;
  /** Lets time pass. */
  seconds(count: number): Promise<unknown>;
}

/** Rooms for the tests of a file, whose clock moves only when it is told to; what a test joined is left after it. */
export function joinedRooms(): JoinedRooms {
  const rooms: FakeRoom[] = [];
  const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1000);
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_763_800_000_000 });
  });
  afterEach(async () => {
    await Promise.all(rooms.splice(0).map((room) => room.leave()));
    vi.useRealTimers();
  });
  const join: JoinedRooms["join"] = async (broker, name, options) => {
    const room = openFakeRoom(broker, name, options);
    rooms.push(room);
    await room.joined();
    await seconds(0.01);
    return room;
  };
  return { join, seconds };
}
