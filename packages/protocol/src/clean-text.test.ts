import { expect, test } from "vitest";
import { cleanChatText, cleanName } from "./clean-text.ts";

test("cleanName leaves what a person can see (J5)", () => {
  expect(cleanName("  Ada \t\n Lovelace ")).toBe("Ada Lovelace");
  expect(cleanName("a\u202eb\u2066c\u200fd\u061ce\ufefff\u200bg")).toBe("abcdefg");
  expect(cleanName("\u001b[2Jx\u0007\u009b")).toBe("[2Jx");
  expect(cleanName("a\ud800b\ue000")).toBe("ab");
  expect(cleanName("\u0000\u202e ")).toBe("");
});

test("cleanName keeps scripts and emoji whole, and cuts between characters (J5)", () => {
  expect(cleanName("早 👩‍👩‍👧 می‌خواهم")).toBe("早 👩‍👩‍👧 می‌خواهم");
  expect([...cleanName("😀".repeat(100))]).toHaveLength(64);
  expect(cleanName(`${"x".repeat(63)} y`)).toBe("x".repeat(63));
});

test("cleanChatText keeps line breaks and tabs, and takes control away (J5)", () => {
  expect(cleanChatText("a\r\nb\tc")).toBe("a\nb\tc");
  expect(cleanChatText("\u001b]0;x\u0007y\u202ez\u2069")).toBe("]0;xyz");
});
