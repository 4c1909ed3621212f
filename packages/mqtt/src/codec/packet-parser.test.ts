import { describe, expect, test } from "vitest";
import { bytes, LIMIT, reasonOf } from "../testing/hex.ts";
import { encodePacket } from "./encode-packet.ts";
import { MalformedPacketError } from "./malformed-packet-error.ts";
import type { Packet } from "./packet.ts";
import { PacketParser } from "./packet-parser.ts";

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

function publish(payload: Uint8Array): Packet {
  return { type: "publish", topic: "a", payload, qos: 0, retain: false, dup: false };
}

const CONNECT = encodePacket({ type: "connect", level: 5, clientId: "a", cleanStart: true, keepAliveS: 10 }, 5);

describe("PacketParser", () => {
  test("raises the size limit between two packets of one chunk", () => {
    const parser = new PacketParser({ maxPacketBytes: 100, receiver: "server" });
    const types: string[] = [];
    for (const packet of parser.push(join(CONNECT, encodePacket(publish(new Uint8Array(500)), 5)))) {
      types.push(packet.type);
      parser.maxPacketBytes = 1000;
    }
    expect(types).toEqual(["connect", "publish"]);
    expect(parser.level).toBe(5);
  });

  test("goes on where its reader stopped, also after another chunk", () => {
    const parser = new PacketParser({ maxPacketBytes: LIMIT, level: 5 });
    const ping = encodePacket({ type: "pingreq" }, 5);
    for (const packet of parser.push(join(ping, encodePacket(publish(bytes("01")), 5), ping))) {
      expect(packet.type).toBe("pingreq");
      break;
    }
    expect(parser.next()).toMatchObject({ type: "publish", payload: bytes("01") });
    parser.push(encodePacket(publish(bytes("02")), 5));
    expect([...parser.packets()].map(({ type }) => type)).toEqual(["pingreq", "publish"]);
    expect(parser.next()).toBeUndefined();
  });

  test("gives the packets before a malformed one, then throws, and never goes on", () => {
    const parser = new PacketParser({ maxPacketBytes: LIMIT, level: 4 });
    const seen: Packet[] = [];
    const read = (data: Uint8Array) => {
      for (const packet of parser.push(data)) seen.push(packet);
    };
    expect(() => read(bytes("c000 ffff c000"))).toThrow(MalformedPacketError);
    expect(() => read(bytes("c000"))).toThrow(MalformedPacketError);
    expect(seen).toEqual([{ type: "pingreq" }]);
  });

  test("does not copy the payload of a packet that came in one chunk", () => {
    const chunk = join(bytes("c000"), encodePacket(publish(new Uint8Array(1000).fill(7)), 5));
    const [, packet] = new PacketParser({ maxPacketBytes: LIMIT, level: 5 }).push(chunk);
    const { payload } = packet as Extract<Packet, { type: "publish" }>;
    expect(payload.buffer).toBe(chunk.buffer);
    expect(payload).toEqual(new Uint8Array(1000).fill(7));
  });

  test("gives each packet in pieces a buffer of its own", () => {
    const parser = new PacketParser({ maxPacketBytes: LIMIT, level: 5 });
    const payloads = [1, 2].map((value) => {
      const whole = encodePacket(publish(new Uint8Array(200_000).fill(value)), 5);
      expect([...parser.push(whole.slice(0, 100_000))]).toEqual([]);
      const [packet] = parser.push(whole.slice(100_000));
      return (packet as Extract<Packet, { type: "publish" }>).payload;
    });
    expect(payloads.map((payload) => [payload.length, payload[0], payload.at(-1)])).toEqual([
      [200_000, 1, 1],
      [200_000, 2, 2],
    ]);
  });

  test.each([
    ["nothing yet", ""],
    ["16 bytes", "00".repeat(16)],
  ])("refuses a packet that is too large on its fixed header, with %s of it", (_name, rest) => {
    expect(reasonOf(bytes(`10ffffff7f${rest}`), { maxPacketBytes: 16_384 })).toBe(0x95);
    expect(reasonOf(bytes(`30ffff7f${rest}`), { maxPacketBytes: 16_384, level: 4 })).toBe(0x95);
  });

  test("holds no more memory than what arrived, whatever was announced", () => {
    const before = process.memoryUsage().arrayBuffers;
    const parsers = Array.from({ length: 200 }, () => {
      const parser = new PacketParser({ maxPacketBytes: LIMIT, level: 4 });
      expect(parser.push(bytes("30ffff3e00")).next().done).toBe(true);
      return parser;
    });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(200 * 128 * 1024);
    expect(parsers).toHaveLength(200);
  });

  test("holds nothing after a malformed packet, however much is pushed", () => {
    const parser = new PacketParser({ maxPacketBytes: 1000, level: 4 });
    const chunk = new Uint8Array(1 << 20).fill(0xff);
    const before = process.memoryUsage().arrayBuffers;
    for (let index = 0; index < 20; index++) expect(() => parser.push(chunk).next()).toThrow(MalformedPacketError);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1 << 20);
  });

  test("accepts MQTT 3.1, and says which level a CONNECT had when the rest is malformed", () => {
    const old = encodePacket({ type: "connect", level: 3, clientId: "a", cleanStart: true, keepAliveS: 10 }, 4);
    const parser = new PacketParser({ maxPacketBytes: LIMIT });
    expect([...parser.push(old)]).toMatchObject([{ level: 3, clientId: "a" }]);
    expect(parser.level).toBe(4);

    const broken = new PacketParser({ maxPacketBytes: LIMIT });
    expect(() => [...broken.push(bytes("100e 00044d515454 05 03 000a 00 000161"))]).toThrow(MalformedPacketError);
    expect(broken.level).toBe(5);
  });

  test("reads a refusal in the form of 3.1.1 while it expects MQTT 5", () => {
    const [packet] = new PacketParser({ maxPacketBytes: LIMIT, level: 5 }).push(bytes("20020001"));
    expect(packet).toMatchObject({ type: "connack", reasonCode: 1 });
  });

  test("refuses what the other side cannot send", () => {
    const fromServer: Packet[] = [
      { type: "connack", sessionPresent: false, reasonCode: 0 },
      { type: "suback", packetId: 1, reasonCodes: [0] },
      { type: "unsuback", packetId: 1, reasonCodes: [0] },
      { type: "pingresp" },
    ];
    const fromClient: Packet[] = [
      {
        type: "subscribe",
        packetId: 1,
        subscriptions: [{ filter: "a", qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0 }],
      },
      { type: "unsubscribe", packetId: 1, filters: ["a"] },
      { type: "pingreq" },
    ];
    for (const packet of fromServer) {
      const data = encodePacket(packet, 5);
      expect(reasonOf(data, { level: 5, receiver: "server" })).toBe(0x82);
      expect(reasonOf(data, { level: 5, receiver: "client" })).toBeUndefined();
    }
    for (const packet of [...fromClient]) {
      const data = encodePacket(packet, 5);
      expect(reasonOf(data, { level: 5, receiver: "client" })).toBe(0x82);
      expect(reasonOf(data, { level: 5, receiver: "server" })).toBeUndefined();
    }
    expect(reasonOf(CONNECT, { receiver: "client", level: 5 })).toBe(0x82);
    const marked: Packet = {
      ...(publish(bytes("01")) as Extract<Packet, { type: "publish" }>),
      properties: { subscriptionIdentifiers: [1] },
    };
    expect(reasonOf(encodePacket(marked, 5), { level: 5, receiver: "server" })).toBe(0x82);
  });

  test("refuses control characters in names when asked to", () => {
    const data = encodePacket(
      { type: "publish", topic: "a\nb", payload: bytes("01"), qos: 0, retain: false, dup: false },
      5,
    );
    expect(reasonOf(data, { level: 5 })).toBeUndefined();
    expect(reasonOf(data, { level: 5, refuseControlCharacters: true })).toBe(0x81);
    const connect = encodePacket(
      { type: "connect", level: 5, clientId: "a\u009f", cleanStart: true, keepAliveS: 10 },
      5,
    );
    expect(reasonOf(connect, { refuseControlCharacters: true })).toBe(0x85);
  });
});

describe("encodePacket", () => {
  const base = { type: "publish", topic: "a", payload: bytes("01"), qos: 0, retain: false, dup: false } as const;

  test("throws for what MQTT cannot carry", () => {
    const wrong: Packet[] = [
      { ...base, topic: "a\0" },
      { ...base, topic: "\ud800" },
      { ...base, topic: "\udc00\ud800" },
      { ...base, topic: "a".repeat(65_536) },
      { ...base, qos: 1 },
      { ...base, qos: 1, packetId: 0 },
      { ...base, qos: 1, packetId: 65_536 },
      { ...base, properties: { messageExpiryS: -1 } },
      { ...base, properties: { messageExpiryS: 1.5 } },
      { ...base, properties: { subscriptionIdentifiers: [268_435_456] } },
      { ...base, properties: { subscriptionIdentifiers: [0] } },
      { type: "puback", packetId: 0, reasonCode: 0 },
      { type: "subscribe", packetId: 1, subscriptions: [] },
      { type: "unsubscribe", packetId: 1, filters: [] },
    ];
    for (const packet of wrong) expect(() => encodePacket(packet, 5)).toThrow(RangeError);
    expect(() => encodePacket({ ...base, properties: { sessionExpiryS: 1 } as object }, 5)).toThrow(TypeError);
    expect(() => encodePacket({ type: "auth", reasonCode: 0 }, 4)).toThrow(TypeError);
    const password = bytes("61");
    const connect = { type: "connect", clientId: "a", cleanStart: true, keepAliveS: 1, password } as const;
    expect(() => encodePacket({ ...connect, level: 4 }, 4)).toThrow(TypeError);
  });

  test("writes each packet into one buffer of its size", () => {
    const packet = encodePacket(publish(new Uint8Array(20_000)), 5);
    expect(packet.buffer.byteLength).toBe(packet.length);
  });
});
