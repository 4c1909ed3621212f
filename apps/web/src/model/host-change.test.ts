import type { RoomHostState } from "@mqtt-meet/sdk/browser";
import { expect, test } from "vitest";
import { hostChange } from "./host-change.ts";

const NOBODY: RoomHostState = { named: false, own: false, hosts: [], heir: undefined, acts: [] };
const state = (part: Partial<RoomHostState>): RoomHostState => ({ ...NOBODY, named: true, ...part });

test("who was host when we came is no news", () => {
  expect(hostChange(NOBODY, state({ own: true, hosts: ["me"] }))).toBeUndefined();
  expect(hostChange(state({}), state({ hosts: ["ada"] }))).toBeUndefined();
  expect(hostChange(state({ hosts: ["ada"] }), state({ hosts: [] }))).toBeUndefined();
});

test("who gives, gets and loses the role hears of it", () => {
  const ours = state({ own: true, hosts: ["me"] });
  const given = state({ hosts: ["bo"], heir: "bo" });
  expect(hostChange(ours, given)).toEqual({ kind: "theirs", peer: "bo", given: true });
  expect(hostChange(ours, state({ own: true, hosts: ["me", "bo"], heir: "bo" }))).toMatchObject({ given: true });
  expect(hostChange(given, ours)).toEqual({ kind: "ours" });
  expect(hostChange(state({ hosts: ["ada"] }), ours)).toEqual({ kind: "ours" });
  expect(hostChange(ours, state({ hosts: ["ada"] }))).toEqual({ kind: "lost" });
});

test("so does everybody else, once", () => {
  const after = state({ hosts: ["bo"] });
  expect(hostChange(state({ hosts: ["ada"] }), after)).toEqual({ kind: "theirs", peer: "bo", given: false });
  expect(hostChange(after, after)).toBeUndefined();
});
