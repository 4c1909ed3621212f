import { expect, test } from "vitest";
import { ByteWriter } from "./byte-writer.ts";

test("ByteWriter loses nothing where its memory grows, whatever is written there", () => {
  for (let before = 50; before < 70; before++) {
    const writer = new ByteWriter();
    writer.raw(new Uint8Array(before).fill(1));
    writer.u8(2);
    writer.text("x".repeat(62 - (before % 7)));
    writer.varint(16_384);
    writer.u16(0x0304);
    const expected = [...Array(before).fill(1), 2, 0, 62 - (before % 7), ...Array(62 - (before % 7)).fill(0x78)];
    expect([...writer.bytes]).toEqual([...expected, 0x80, 0x80, 1, 3, 4]);
  }
});
