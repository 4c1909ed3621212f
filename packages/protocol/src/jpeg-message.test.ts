import { expect, test } from "vitest";
import { jpegOf } from "./jpeg-message.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

/** So many bytes that begin like a JPEG picture, with every value among them. */
function picture(size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, i) => [0xff, 0xd8, 0xff][i] ?? (i * 7) % 256);
}

test.each([16, 17, 18, 1_000])("jpegOf finds a picture of %d bytes, raw or as text of any kind (V1)", (size) => {
  const jpeg = picture(size);
  const text = Buffer.from(jpeg).toString("base64");
  expect(jpegOf(jpeg)).toBe(jpeg);
  const lines = text.replace(/.{60}/g, "$&\r\n");
  const urlSafe = Buffer.from(jpeg).toString("base64url");
  for (const form of [text, lines, text.replaceAll("=", ""), urlSafe, `data:image/jpg;base64,${text}`]) {
    expect(jpegOf(bytes(form))).toEqual(jpeg);
  }
});

test.each([
  "",
  "/",
  "/9j",
  "hello",
  "data:image/png;base64,iVBORw0KGgo=",
  "data:image/jpeg",
  "data:image/jpeg;base64,",
  "/9j/ab*c",
])("jpegOf finds no picture in %j (V4)", (text) => {
  expect(jpegOf(bytes(text))).toBeUndefined();
});

test("jpegOf takes two bytes of a picture's beginning for none (V1)", () => {
  expect(jpegOf(Uint8Array.of(0xff, 0xd8, 0x00, 0x11))).toBeUndefined();
});
