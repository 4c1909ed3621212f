// T-FUZZ of the codec. `npm run fuzz` does the same for longer. What it finds is kept among the examples.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyPacket } from "../testing/packet-arbitraries.ts";
import { encodePacket } from "./encode-packet.ts";
import { MalformedPacketError } from "./malformed-packet-error.ts";
import type { Packet, ProtocolLevel } from "./packet.ts";
import { PacketParser, type PacketParserOptions } from "./packet-parser.ts";

const LIMIT = 1 << 16;

/** Seconds for each property, beyond a short run. */
const FUZZ_S = Number(process.env["MQTT_MEET_FUZZ_S"] ?? 0);
const TIMEOUT_MS = FUZZ_S * 1000 + 60_000;

function runs(numRuns: number): fc.Parameters<unknown> {
  return FUZZ_S > 0 ? { numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: FUZZ_S * 1000 } : { numRuns };
}

/** How bytes on the way are changed: one is replaced, some are left out, put in, or said twice. */
const mutation = fc.record({
  at: fc.nat(400),
  how: fc.constantFrom("replace" as const, "flip" as const, "remove" as const, "insert" as const, "repeat" as const),
  value: fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), fc.nat(255)),
  size: fc.integer({ min: 1, max: 6 }),
});
type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

function mutated(bytes: Uint8Array, { at, how, value, size }: Mutation): Uint8Array {
  const place = at % (bytes.length + 1);
  const [before, after] = [bytes.subarray(0, place), bytes.subarray(place)];
  switch (how) {
    case "replace":
      return Uint8Array.from([...before, value, ...after.subarray(1)]);
    case "flip":
      return Uint8Array.from([...before, (after[0] ?? 0) ^ (1 << (value & 7)), ...after.subarray(1)]);
    case "remove":
      return Uint8Array.from([...before, ...after.subarray(size)]);
    case "insert":
      return Uint8Array.from([...before, ...new Array<number>(size).fill(value), ...after]);
    case "repeat":
      return Uint8Array.from([...before, ...after.subarray(0, size), ...after]);
  }
}

/** What came of a stream in these pieces: the packets, and the reason code when it could not go on. */
function outcome(bytes: Uint8Array, cuts: readonly number[], options: Partial<PacketParserOptions>) {
  const parser = new PacketParser({ maxPacketBytes: LIMIT, ...options });
  const packets: Packet[] = [];
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  try {
    let start = 0;
    for (const end of ends) {
      for (const packet of parser.push(bytes.slice(start, end))) packets.push(structuredClone(packet));
      start = end;
    }
    return { packets };
  } catch (error) {
    if (!(error instanceof MalformedPacketError)) throw error;
    return { packets, reasonCode: error.reasonCode };
  }
}

describe.each([4, 5] as const)("codec, level %d (T-FUZZ)", (level) => {
  const stream = fc
    .tuple(fc.array(anyPacket(level), { minLength: 1, maxLength: 3 }), fc.array(mutation, { maxLength: 4 }))
    .map(([packets, mutations]) =>
      mutations.reduce(
        mutated,
        Uint8Array.from(packets.flatMap((packet) => [...encodePacket(packet, level).subarray(0, 2000)])),
      ),
    );
  const receiver = fc.constantFrom(undefined, "client" as const, "server" as const);
  const cuts = fc.array(fc.nat(2000), { maxLength: 6 });

  test(
    "bytes that are nearly packets are packets or malformed, however they are cut",
    () => {
      fc.assert(
        fc.property(stream, cuts, receiver, fc.boolean(), (bytes, cutAt, who, refuseControlCharacters) => {
          const options = { level, receiver: who, refuseControlCharacters };
          expect(outcome(bytes, cutAt, options)).toEqual(outcome(bytes, [], options));
        }),
        runs(1500),
      );
    },
    TIMEOUT_MS,
  );

  test(
    "what was parsed can be written, and means the same then",
    () => {
      fc.assert(
        fc.property(stream, (bytes) => {
          for (const packet of outcome(bytes, [], { level }).packets) {
            const written = encodePacket(packet, levelOf(packet, level));
            const again = outcome(written, [], { level: levelOf(packet, level) });
            expect(again).toEqual({ packets: [packet] });
          }
        }),
        runs(700),
      );
    },
    TIMEOUT_MS,
  );

  test(
    "bytes without any meaning",
    () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 200 }), cuts, (bytes, cutAt) => {
          expect(outcome(bytes, cutAt, { level })).toEqual(outcome(bytes, [], { level }));
        }),
        runs(1500),
      );
    },
    TIMEOUT_MS,
  );
});

function levelOf(packet: Packet, level: ProtocolLevel): ProtocolLevel {
  if (packet.type !== "connect") return level;
  return packet.level === 3 ? 4 : packet.level;
}
