import { expect, test } from "vitest";
import { mendAvcDescription } from "./avc-description.ts";

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));
const hex = (description: Uint8Array) => Buffer.from(description).toString("hex");

const SPS = "6764001facd9405005ba10000003001001e84800f1831960";
const PPS = "68ebecb22c";
const GOOD = `01 64001f ff e1 0018 ${SPS} 01 0005 ${PPS}`;

test("parameter sets whose first byte stands twice have it once, and reserved bits are ones", () => {
  // As Firefox 153 gives it.
  const doubled = bytes(`01 64001f 03 01 0019 67${SPS} 01 0006 68${PPS}`);
  expect(hex(mendAvcDescription(doubled))).toBe(hex(bytes(GOOD)));
});

test("what follows the parameter sets stays", () => {
  const doubled = bytes(`01 64001f 03 01 0019 67${SPS} 01 0006 68${PPS} fdf8f800`);
  expect(hex(mendAvcDescription(doubled))).toBe(hex(bytes(`${GOOD} fdf8f800`)));
});

test("a description that is in order is left alone, also where a picture parameter set begins with equal bytes", () => {
  for (const good of [GOOD, `01 64001f ff e1 0018 ${SPS} 01 0006 68${PPS}`]) {
    expect(hex(mendAvcDescription(bytes(good)))).toBe(hex(bytes(good)));
  }
});

test.each(["", "01 64001f 03", "01 64001f 03 01 0019 6767", "01 64001f 03 01 0000 01 0000"])(
  "what is no whole description is left alone: %s",
  (broken) => {
    expect(hex(mendAvcDescription(bytes(broken)))).toBe(hex(bytes(broken)));
  },
);
