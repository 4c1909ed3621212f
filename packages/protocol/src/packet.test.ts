import fc from "fast-check";
import { expect, test } from "vitest";
import { HEADER_BYTES, MAX_FRAGMENT_BYTES, parsePacket, writePacket } from "./packet.ts";
import { ProtocolError } from "./protocol-error.ts";
import vectors from "./vectors/packets.json" with { type: "json" };

const bytesOf = (hex: string) => new Uint8Array(Buffer.from(hex, "hex"));
const header = fc.record({
  keyFrame: fc.boolean(),
  lastFragment: fc.boolean(),
  encrypted: fc.boolean(),
  discardable: fc.boolean(),
  rootKeyed: fc.boolean(),
  will: fc.boolean(),
  fragment: fc.nat(0xffff),
  frame: fc.nat(0xffff_ffff),
  timestampUs: fc.maxSafeNat(),
});

test.each(vectors.valid)("writePacket and parsePacket follow the vector: $name (P2, P3, P4, P5)", (vector) => {
  expect(Buffer.from(writePacket(vector.header, bytesOf(vector.bodyHex))).toString("hex")).toBe(vector.packetHex);
  expect(parsePacket(bytesOf(vector.packetHex))).toEqual({ header: vector.header, body: bytesOf(vector.bodyHex) });
});

test.each(vectors.malformed)("parsePacket refuses the vector: $name (P1)", ({ packetHex }) => {
  expect(() => parsePacket(bytesOf(packetHex))).toThrow(ProtocolError);
});

test("parsePacket ignores unknown flag bits (P6)", () => {
  const same = vectors.valid.find(({ name }) => name === vectors.ignoredFlags.sameAs);
  expect(parsePacket(bytesOf(vectors.ignoredFlags.packetHex)).header).toEqual(same?.header);
});

test("parsePacket reads what writePacket wrote, as a view, wherever it lies in its buffer", () => {
  fc.assert(
    fc.property(header, fc.uint8Array({ minLength: 1, maxLength: 64 }), fc.nat(9), (fields, body, offset) => {
      const packet = writePacket(fields, body);
      const buffer = new Uint8Array(packet.length + offset + 3).fill(0xff);
      buffer.set(packet, offset);
      const parsed = parsePacket(buffer.subarray(offset, offset + packet.length));
      expect(parsed).toEqual({ header: fields, body });
      expect(parsed.body.buffer).toBe(buffer.buffer);
    }),
  );
});

test("parsePacket parses or refuses any bytes, and every truncation of a packet (P1)", () => {
  const outcome = (bytes: Uint8Array) => {
    try {
      return parsePacket(bytes).body.length;
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      return error.code;
    }
  };
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      expect([bytes.length - HEADER_BYTES, "packet-malformed"]).toContain(outcome(bytes));
    }),
  );
  const packet = bytesOf(vectors.valid[2]?.packetHex ?? "");
  for (let length = 0; length < packet.length; length++) {
    expect(outcome(packet.subarray(0, length))).toBe(length > 16 ? length - 16 : "packet-malformed");
  }
});

test("a packet has at most 32 KiB (P1)", () => {
  const fields = vectors.valid[0]?.header;
  if (!fields) throw new Error("no vector");
  const largest = writePacket(fields, new Uint8Array(MAX_FRAGMENT_BYTES - HEADER_BYTES));
  expect(parsePacket(largest).body.length).toBe(32_752);
  expect(() => writePacket(fields, new Uint8Array(MAX_FRAGMENT_BYTES - HEADER_BYTES + 1))).toThrow(RangeError);
  const tooLarge = new Uint8Array(MAX_FRAGMENT_BYTES + 1);
  tooLarge.set(largest);
  expect(() => parsePacket(tooLarge)).toThrow("too long");
});

test("writePacket refuses fields that do not fit", () => {
  const fields = vectors.valid[0]?.header;
  if (!fields) throw new Error("no vector");
  const body = new Uint8Array(1);
  for (const wrong of [
    { fragment: 65_536 },
    { frame: 2 ** 32 },
    { frame: -1 },
    { timestampUs: 0.5 },
    { fragment: NaN },
  ]) {
    expect(() => writePacket({ ...fields, ...wrong }, body)).toThrow(RangeError);
  }
  expect(() => writePacket(fields, new Uint8Array(0))).toThrow(RangeError);
});
