import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeBase64Url, encodeBase64Url } from "./base64url.ts";

test("encodeBase64Url writes what Node's Buffer writes, and decodeBase64Url reads it", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const text = encodeBase64Url(bytes);
      expect(text).toBe(Buffer.from(bytes).toString("base64url"));
      expect(decodeBase64Url(text)).toEqual(bytes);
    }),
  );
});

test("decodeBase64Url accepts one text only for some bytes", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."AQgwZ-_9=+/ é"), maxLength: 12 }), (text) => {
      const bytes = decodeBase64Url(text);
      if (bytes !== undefined) expect(encodeBase64Url(bytes)).toBe(text);
    }),
  );
  expect(["A", "AB", "AA=", "AA==", "A+", "A/", " AA", "AAAAA"].map(decodeBase64Url)).toEqual(Array(8).fill(undefined));
  expect(decodeBase64Url("")).toEqual(new Uint8Array(0));
});
