import { expect, test } from "vitest";
import { splitLinks } from "./split-links.ts";

test.each([
  ["nothing here", ["nothing here"]],
  ["see https://example.org/a?b=1#c.", ["see ", "https://example.org/a?b=1#c", "."]],
  ["(http://example.org)", ["(", "http://example.org", ")"]],
  ["https://en.wikipedia.org/wiki/MQTT_(protocol), yes", ["https://en.wikipedia.org/wiki/MQTT_(protocol)", ", yes"]],
  ["看https://example.org/路径，然后", ["看", "https://example.org/路径", "，然后"]],
  ["javascript:alert(1) data:text/html,x", ["javascript:alert(1) data:text/html,x"]],
  ["http://", ["http://"]],
  ["https://a.example https://b.example", ["https://a.example", " ", "https://b.example"]],
])("splitLinks cuts %j", (text, parts) => {
  expect(splitLinks(text).map((part) => part.text)).toEqual(parts);
  expect(splitLinks(text).every((part) => part.href === undefined || /^https?:/.test(part.href))).toBe(true);
});

test("splitLinks makes links of web addresses only", () => {
  const hrefs = splitLinks("https://example.org/x and ftp://example.org").map((part) => part.href);
  expect(hrefs).toEqual(["https://example.org/x", undefined]);
});
