import { expect, test } from "vitest";
import { type KeyPress, keyCommand } from "./key-command.ts";

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

test.each(["ctrlKey", "altKey", "metaKey", "repeat", "isComposing", "typing"] as const)(
  "keyCommand leaves a key alone with %s",
  (part) => {
    expect(keyCommand(press("m", { [part]: true }))).toBeUndefined();
  },
);
