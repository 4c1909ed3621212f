import { expect, test } from "vitest";
import { withSection } from "./document-section.ts";

const DOCUMENT = "# Before\n<!-- table: begin -->\nold\n<!-- table: end -->\nafter\n";

test("what stood in the part is replaced, and nothing else", () => {
  const once = withSection(DOCUMENT, { name: "table", text: "| new |" });
  expect(once).toBe("# Before\n<!-- table: begin -->\n| new |\n<!-- table: end -->\nafter\n");
  expect(withSection(once, { name: "table", text: "old" })).toBe(DOCUMENT);
});

test("a document without the part is not written to", () => {
  expect(() => withSection(DOCUMENT, { name: "other", text: "" })).toThrow(/no part between "<!-- other: begin -->"/);
});
