import { expect, test } from "vitest";
import { isTalkKey, type KeyPress, keyCommand, pinPlace } from "./key-command.ts";

const press = (key: string, part: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  repeat: false,
  isComposing: false,
  typing: false,
  ...part,
});

test("keyCommand knows letters of either case, and the question mark", () => {
  expect(keyCommand(press("m"))).toBe("microphone");
  expect(keyCommand(press("M"))).toBe("microphone");
  expect(keyCommand(press("?"))).toBe("keys");
  expect(keyCommand(press("q"))).toBeUndefined();
});

test("pinPlace is for the digits from 1", () => {
  expect(pinPlace(press("1"))).toBe(1);
  expect(pinPlace(press("9"))).toBe(9);
  for (const other of ["0", "a", "12", "F1"]) expect(pinPlace(press(other))).toBeUndefined();
  expect(pinPlace(press("1", { typing: true }))).toBeUndefined();
});

test("isTalkKey is the space bar, also while it is held, but not where somebody types", () => {
  expect(isTalkKey(press(" ", { repeat: true }))).toBe(true);
  expect(isTalkKey(press(" ", { typing: true }))).toBe(false);
  expect(isTalkKey(press(" ", { ctrlKey: true }))).toBe(false);
  expect(isTalkKey(press("m"))).toBe(false);
});

test.each(["ctrlKey", "altKey", "metaKey", "repeat", "isComposing", "typing"] as const)(
  "keyCommand leaves a key alone with %s",
  (part) => {
    expect(keyCommand(press("m", { [part]: true }))).toBeUndefined();
  },
);
