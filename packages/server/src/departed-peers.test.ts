import { expect, test } from "vitest";
import { DEPARTURE_MS, DepartedPeers } from "./departed-peers.ts";

const main = { identity: "R/P", clientId: "P" };
const topics = ["mm/1/R/P/catalog", "mm/1/R/P/state"];

test("what a participant retained is cleared a minute after it left, once (A3)", () => {
  const departed = new DepartedPeers();
  departed.connected(main);
  expect(departed.take(1e9)).toEqual([]);
  departed.disconnected(main, 1000);
  expect(departed.take(1000 + DEPARTURE_MS - 1)).toEqual([]);
  expect(departed.take(1000 + DEPARTURE_MS)).toEqual(topics);
  expect(departed.take(1e9)).toEqual([]);
});

test("who comes back in time keeps what it retained", () => {
  const departed = new DepartedPeers();
  departed.connected(main);
  departed.disconnected(main, 0);
  departed.connected(main);
  expect(departed.take(1e9)).toEqual([]);
});

test("a take-over is no departure, in whatever order the broker tells it", () => {
  const departed = new DepartedPeers();
  departed.connected(main);
  departed.connected(main);
  departed.disconnected(main, 0);
  expect(departed.take(1e9)).toEqual([]);
  departed.disconnected(main, 0);
  expect(departed.take(1e9)).toEqual(topics);
});

test("further connections and other clients do not count", () => {
  const departed = new DepartedPeers();
  for (const other of [
    { identity: "R/P", clientId: "P.B" },
    { identity: "local", clientId: "local" },
    { identity: "a b/P", clientId: "P" },
    { identity: "", clientId: "" },
  ]) {
    departed.connected(other);
    departed.disconnected(other, 0);
  }
  expect(departed.take(1e9)).toEqual([]);
});

test("so many departures that they would fill the memory are taken before their time", () => {
  const departed = new DepartedPeers();
  for (let i = 0; i < 10_005; i++) departed.disconnected({ identity: `R/P${i}`, clientId: `P${i}` }, 0);
  expect(departed.take(1)).toHaveLength(2 * 5);
});
