import { expect, test } from "vitest";
import { checkMayUnmute, mutableKindsOf, mutedKindOf, mutedKindsFrom, mutedKindsOf } from "./muted-kinds.ts";
import type { MutedKind } from "./room-door-state.ts";

test("everybody is muted for what all and what they alone are muted for, and hosts for nothing (D6)", () => {
  const mutedPeers = new Map<string, readonly MutedKind[]>([["ada", ["camera", "microphone"]]]);
  const rules = { muted: ["screen"] as const, mutedPeers };
  expect(mutedKindsOf(rules, { peer: "ada", isHost: false })).toEqual(["microphone", "camera", "screen"]);
  expect(mutedKindsOf(rules, { peer: "bob", isHost: false })).toEqual(["screen"]);
  expect(mutedKindsOf(rules, { peer: "ada", isHost: true })).toEqual([]);
});

test("a muted microphone stops all sound, and a screen is no camera (K7)", () => {
  expect(mutedKindOf({ kind: "audio", source: "screen" })).toBe("microphone");
  expect(mutedKindOf({ kind: "video", source: "screen" })).toBe("screen");
  expect(mutedKindOf({ kind: "video", source: "file" })).toBe("camera");
  const camera = { kind: "video", source: "camera" } as const;
  expect(() => checkMayUnmute(camera, ["microphone", "screen"])).not.toThrow();
  expect(() => checkMayUnmute(camera, ["camera"])).toThrow(expect.objectContaining({ code: "muted-by-host" }));
});

test("kinds are the same on the wire and in words (K7)", () => {
  expect(mutableKindsOf(["screen", "microphone"])).toEqual(["a", "s"]);
  expect(mutedKindsFrom(["s", "v", "a"])).toEqual(["microphone", "camera", "screen"]);
});
