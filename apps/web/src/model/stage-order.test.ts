import { expect, test } from "vitest";
import { StageOrder } from "./stage-order.ts";

const PEERS = ["a", "b", "c", "d", "e"];
const at = (nowMs: number, speaking: readonly string[] = [], firstPage = 3) => ({
  speaking: new Set(speaking),
  firstPage,
  nowMs,
});

test("StageOrder keeps the order of joining whoever speaks on the first page", () => {
  const order = new StageOrder();
  const first = order.update(PEERS, at(0));
  expect(first).toEqual(PEERS);
  expect(order.update(PEERS, at(1000, ["c", "a"]))).toBe(first);
});

test("StageOrder brings a speaker to the first page in the place of whoever was silent longest, and moves nobody else", () => {
  const order = new StageOrder();
  order.update(PEERS, at(0, ["c"]));
  order.update(PEERS, at(5000, ["a"]));
  expect(order.update(PEERS, at(6000, ["e"]))).toEqual(["a", "e", "c", "d", "b"]);
  expect(order.update(PEERS, at(7000, ["e"]))).toEqual(["a", "e", "c", "d", "b"]);
});

test("StageOrder leaves a page alone on which everybody has just spoken", () => {
  const order = new StageOrder();
  order.update(PEERS, at(0, ["a", "b", "c"]));
  expect(order.update(PEERS, at(1000, ["d"]))).toEqual(PEERS);
  expect(order.update(PEERS, at(30_000, ["d"]))).toEqual(["a", "b", "d", "c", "e"]);
});

test("StageOrder closes the gap of who leaves and puts who comes at the end", () => {
  const order = new StageOrder();
  order.update(PEERS, at(0));
  expect(order.update(["a", "c", "d", "e"], at(1))).toEqual(["a", "c", "d", "e"]);
  expect(order.update(["b", "a", "c", "d", "e"], at(2))).toEqual(["a", "c", "d", "e", "b"]);
});
