import { expect, test } from "vitest";
import { AllowedOrigins } from "./allowed-origins.ts";

test("AllowedOrigins takes origins as people and browsers write them", () => {
  const allowed = new AllowedOrigins(["https://Blog.example:443/", "http://localhost:3000"]);
  expect(allowed.list).toEqual(["https://blog.example", "http://localhost:3000"]);
  expect(allowed.includes("https://blog.example")).toBe(true);
  expect(["https://blog.example.evil", "http://blog.example", "null", ""].filter((o) => allowed.includes(o))).toEqual(
    [],
  );
});

test.each([
  "https://blog.example/page",
  "https://me@blog.example",
  "blog.example",
  "https://*.example",
  "null",
  "*",
  "file://",
  "https://a; script-src *",
])("AllowedOrigins refuses %s, which is no origin", (text) => {
  expect(() => new AllowedOrigins([text])).toThrow(RangeError);
});
