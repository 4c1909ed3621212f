import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { peerEncode, peerParse, toPeer } from "../testing/mqtt-packet-peer.ts";
import { anyPacket } from "../testing/packet-arbitraries.ts";
import { encodePacket } from "./encode-packet.ts";
import { MalformedPacketError } from "./malformed-packet-error.ts";
import type { Packet, ProtocolLevel } from "./packet.ts";
import { PacketParser } from "./packet-parser.ts";

const LIMIT = 1 << 20;

function parse(bytes: Uint8Array, level: ProtocolLevel): Packet[] {
  return [...new PacketParser({ maxPacketBytes: LIMIT, level }).push(bytes)];
}

/** Fields that are absent and fields that are undefined say the same. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return [...value];
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(entries.map(([name, field]) => [name, plain(field)]));
}

/** mqtt-packet keeps user properties by name and loses the order of different names. */
function grouped(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (key, field: unknown) =>
    key === "userProperties"
      ? (field as [string, string][]).toSorted(([a], [b]) => Number(a > b) - Number(a < b))
      : field,
  );
}

/**
 * mqtt-packet 9.0.2 refuses an AUTH without content (MQTT 5 §3.15.2.1 allows it) and forgets an empty user property
 * when another of its name follows.
 */
function peerReads(packet: Packet): boolean {
  if (packet.type === "auth" && packet.reasonCode === 0 && packet.properties === undefined) return false;
  const own = "properties" in packet ? packet.properties?.userProperties : undefined;
  const will = packet.type === "connect" ? packet.will?.properties?.userProperties : undefined;
  return ![...(own ?? []), ...(will ?? [])].some(([, value]) => value === "");
}

/** mqtt-packet wants a client id where the server may choose one. */
function peerWrites(packet: Packet): boolean {
  return packet.type !== "connect" || packet.cleanStart || packet.clientId !== "";
}

/** mqtt-packet gives every packet the fields of a PUBLISH. */
function plainPeer(packet: Record<string, unknown>): unknown {
  const { length: _length, messageId, qos, dup, retain, topic, payload, ...rest } = packet;
  const publish = packet["cmd"] === "publish" ? { qos, dup, retain, topic, payload } : {};
  return plain({ messageId: messageId ?? undefined, ...publish, ...rest });
}

describe.each([4, 5] as const)("codec, level %d", (level) => {
  test("parses what it wrote", () => {
    fc.assert(
      fc.property(anyPacket(level), (packet) => {
        expect(plain(parse(encodePacket(packet, level), level))).toEqual(plain([packet]));
      }),
      { numRuns: 300 },
    );
  });

  test("mqtt-packet reads what we write", () => {
    fc.assert(
      fc.property(anyPacket(level), (packet) => {
        fc.pre(peerReads(packet));
        const read = peerParse(encodePacket(packet, level), level);
        expect(read && plainPeer(read)).toEqual(plainPeer(toPeer(packet, level)));
      }),
    );
  });

  test("we read what mqtt-packet writes", () => {
    fc.assert(
      fc.property(anyPacket(level), (packet) => {
        fc.pre(peerWrites(packet));
        const read = parse(peerEncode(toPeer(packet, level), level), level);
        expect(grouped(plain(read))).toEqual(grouped(plain([packet])));
      }),
    );
  });

  test("any split of a stream gives the same packets", () => {
    fc.assert(
      fc.property(
        fc.array(anyPacket(level), { minLength: 1, maxLength: 5 }),
        fc.array(fc.nat(200)),
        (packets, cuts) => {
          const stream = new Uint8Array(packets.flatMap((packet) => [...encodePacket(packet, level)]));
          const parser = new PacketParser({ maxPacketBytes: LIMIT, level });
          const seen: Packet[] = [];
          let start = 0;
          for (const size of cuts) {
            seen.push(...parser.push(stream.slice(start, start + size)));
            start += size;
          }
          seen.push(...parser.push(stream.slice(start)));
          expect(plain(seen)).toEqual(plain(packets));
        },
      ),
    );
  });

  test("a truncated packet is no packet and no error", () => {
    fc.assert(
      fc.property(
        anyPacket(level).filter((packet) => packet.type !== "publish" || packet.payload.length < 300),
        (packet) => {
          const bytes = encodePacket(packet, level);
          for (let size = 0; size < bytes.length; size++) expect(parse(bytes.slice(0, size), level)).toEqual([]);
        },
      ),
    );
  });

  test("a packet with any byte changed is a packet or malformed", () => {
    fc.assert(
      fc.property(anyPacket(level), fc.nat(), fc.integer({ min: 1, max: 255 }), (packet, position, change) => {
        const bytes = encodePacket(packet, level);
        const index = position % Math.min(bytes.length, 64);
        bytes[index] = (bytes[index] as number) ^ change;
        expectPacketsOrMalformed(bytes, level);
      }),
      { numRuns: 1000 },
    );
  });

  test("random bytes are packets or malformed", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => expectPacketsOrMalformed(bytes, level)),
      { numRuns: 1000 },
    );
  });
});

/** What was parsed can be written, and is then parsed as the same. */
function expectPacketsOrMalformed(bytes: Uint8Array, level: ProtocolLevel): void {
  try {
    for (const packet of new PacketParser({ maxPacketBytes: LIMIT, level }).push(bytes)) {
      expect(plain(parse(encodePacket(packet, level), level))).toEqual(plain([packet]));
    }
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedPacketError);
  }
}
