import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { AbortWaiters } from "./abort-waiters.ts";

test("everybody who waits hears of it, through one listener", () => {
  const [waiters, ending, heard] = [new AbortWaiters(), new AbortController(), [] as number[]];
  for (let index = 0; index < 20; index++) waiters.add(ending.signal, () => heard.push(index));
  expect(getEventListeners(ending.signal, "abort")).toHaveLength(1);
  ending.abort();
  expect(heard).toEqual(Array.from({ length: 20 }, (_, index) => index));
});

test("who goes hears nothing, and the last one takes the listener away", () => {
  const [waiters, ending, heard] = [new AbortWaiters(), new AbortController(), [] as string[]];
  const leave = waiters.add(ending.signal, () => heard.push("gone"));
  const leaveToo = waiters.add(ending.signal, () => heard.push("gone too"));
  leave();
  leave();
  expect(getEventListeners(ending.signal, "abort")).toHaveLength(1);
  leaveToo();
  expect(getEventListeners(ending.signal, "abort")).toHaveLength(0);
  waiters.add(ending.signal, () => heard.push("there"));
  ending.abort();
  expect(heard).toEqual(["there"]);
});

test("who goes while the others are told is not told, signals are told apart", () => {
  const [waiters, one, other, heard] = [
    new AbortWaiters(),
    new AbortController(),
    new AbortController(),
    [] as string[],
  ];
  waiters.add(other.signal, () => heard.push("other"));
  const leaves = [waiters.add(one.signal, () => leaves[1]?.()), waiters.add(one.signal, () => heard.push("second"))];
  one.abort();
  expect(heard).toEqual([]);
});
