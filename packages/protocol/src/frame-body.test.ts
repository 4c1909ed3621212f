import fc from "fast-check";
import { expect, test } from "vitest";
import { type FrameBody, parseFrameBody, type Rotation, writeFrameBody } from "./frame-body.ts";
import { ProtocolError } from "./protocol-error.ts";
import vectors from "./vectors/frames.json" with { type: "json" };

const bytesOf = (hex: string) => new Uint8Array(Buffer.from(hex, "hex"));
const frameOf = (vector: { extensions: object; dataHex: string }): FrameBody => ({
  ...vector.extensions,
  data: bytesOf(vector.dataHex),
});

test.each(vectors.valid)("a frame is written and read like the vector: $name (F2, F3, F4, F8, F9)", (vector) => {
  expect(Buffer.from(writeFrameBody(frameOf(vector))).toString("hex")).toBe(vector.frameHex);
  expect(parseFrameBody(bytesOf(vector.frameHex))).toEqual(frameOf(vector));
});

test.each(vectors.readOnly)("parseFrameBody reads the vector: $name (F5)", (vector) => {
  expect(parseFrameBody(bytesOf(vector.frameHex))).toEqual(frameOf(vector));
});

test.each(vectors.malformed)("parseFrameBody refuses the vector: $name (F1)", ({ frameHex }) => {
  expect(() => parseFrameBody(bytesOf(frameHex))).toThrow(ProtocolError);
});

test("parseFrameBody reads what writeFrameBody wrote, and leaves the data where it is", () => {
  const frame = fc.record(
    {
      codec: fc.string({ unit: fc.constantFrom(..."avc1.42E01Fop~!"), minLength: 1, maxLength: 64 }),
      rotation: fc.constantFrom<Rotation>(0, 90, 180, 270),
      audioLevel: fc.nat(127),
      needs: fc.integer({ min: 1, max: 255 }),
      pauseMs: fc.integer({ min: 1, max: 255 }).map((steps) => steps * 10),
      data: fc.uint8Array({ maxLength: 50 }),
    },
    { requiredKeys: ["data"], noNullPrototype: true },
  );
  fc.assert(
    fc.property(frame, (fields) => {
      const bytes = writeFrameBody(fields as FrameBody);
      const parsed = parseFrameBody(bytes);
      expect(parsed).toEqual(fields);
      expect(parsed.data.buffer).toBe(bytes.buffer);
    }),
  );
});

test("parseFrameBody parses or refuses any bytes and every truncation (F1)", () => {
  const check = (bytes: Uint8Array) => {
    try {
      parseFrameBody(bytes);
    } catch (error) {
      expect(error).toBeInstanceOf(ProtocolError);
    }
  };
  const small = fc.uint8Array({ maxLength: 30, max: 8 });
  fc.assert(fc.property(fc.oneof(small, fc.uint8Array({ maxLength: 300 })), check));
  const whole = writeFrameBody({ codec: "opus", audioLevel: 1, data: new Uint8Array(0) });
  for (let length = 0; length < whole.length; length++) {
    expect(() => parseFrameBody(whole.subarray(0, length))).toThrow(ProtocolError);
  }
});

test("writeFrameBody refuses extensions that are out of range", () => {
  const data = new Uint8Array(1);
  for (const wrong of [{ codec: "" }, { codec: "a b" }, { codec: "é" }, { audioLevel: 128 }, { audioLevel: 0.5 }]) {
    expect(() => writeFrameBody({ ...wrong, data })).toThrow(RangeError);
  }
  for (const pauseMs of [0, 5, 2_560]) expect(() => writeFrameBody({ pauseMs, data })).toThrow(RangeError);
  expect(() => writeFrameBody({ rotation: 45 as Rotation, data })).toThrow(RangeError);
});
