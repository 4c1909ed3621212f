import { expect, test } from "vitest";
import { encodeKnock, parseKnock } from "./knock.ts";
import { ProtocolError } from "./protocol-error.ts";

const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

test("a knock says a name that can be shown anywhere (D3, J5)", () => {
  expect(parseKnock(encodeKnock("Ada"))).toBe("Ada");
  expect(parseKnock(json({ name: " Ada\u202e\n Lovelace ", more: 1 }))).toBe("Ada Lovelace");
  const longest = "😀".repeat(64);
  expect(parseKnock(encodeKnock(longest))).toBe(longest);
  expect(() => encodeKnock("\u200b")).toThrow(TypeError);
  for (const none of [{}, { name: "" }, { name: "\u2066" }, { name: 1 }, ["Ada"], { name: "x".repeat(600) }]) {
    expect(() => parseKnock(json(none))).toThrow(ProtocolError);
  }
});
