import { expect, test } from "vitest";
import { fileSize } from "./file-size.ts";

test.each([
  [0, "0 byte"],
  [812, "812 byte"],
  [1_000, "1 kB"],
  [14_300, "14 kB"],
  [2_340_000, "2.3 MB"],
  [20_971_520, "21 MB"],
])("a file of %i bytes has %s", (sizeBytes, text) => {
  expect(fileSize(sizeBytes, "en")).toBe(text);
});
