import { encodePacket, type Packet, PacketParser, type ProtocolLevel } from "@mqtt-meet/mqtt";
import mqttPacket from "mqtt-packet";
import { median } from "../support/statistics.ts";

/** How long one way of doing it took for one packet, in nanoseconds, in the middle of the rounds. */
export interface Comparison {
  readonly what: string;
  readonly oursNs: number;
  readonly peerNs: number;
}

const ROUNDS = 15;
const ROUND_MS = 40;
/** What one read of a TCP socket gives at most in Node. */
const READ_BYTES = 65_536;

interface Case {
  readonly name: string;
  readonly packet: Extract<Packet, { type: "publish" }>;
  readonly peer: mqttPacket.IPublishPacket;
}

function publishCase(name: string, payloadBytes: number, level: ProtocolLevel, aliased: boolean): Case {
  const topic = "mm/1/kJ8s0-Qx1fZr7uVbNnT2aw/3Q9eYp4mXcD1sLr8vBt6Gg/v/camera/0/0";
  const payload = new Uint8Array(payloadBytes).fill(7);
  const properties = aliased ? { topicAlias: 3 } : undefined;
  const packet = { type: "publish", topic, payload, qos: 0, retain: false, dup: false, properties } as const;
  const peer = { cmd: "publish", topic, payload: Buffer.from(payload), qos: 0, retain: false, dup: false } as const;
  const peerProperties = aliased && level === 5 ? { properties: { topicAlias: 3 } } : {};
  return { name, packet, peer: { ...peer, ...peerProperties } };
}

/** Runs both alternately, so that a busy machine is busy for both. */
function compare(what: string, packets: number, ours: () => void, peer: () => void): Comparison {
  const oursNs: number[] = [];
  const peerNs: number[] = [];
  for (let round = 0; round < ROUNDS + 2; round++) {
    const pair = [timePerPacket(ours, packets), timePerPacket(peer, packets)] as const;
    if (round < 2) continue; // the compiler warms up
    oursNs.push(pair[0]);
    peerNs.push(pair[1]);
  }
  return { what, oursNs: median(oursNs), peerNs: median(peerNs) };
}

/** In processor time, which other programs on the machine change least. */
function timePerPacket(run: () => void, packets: number): number {
  const start = process.cpuUsage();
  let count = 0;
  let used = 0;
  while (used < ROUND_MS * 1000) {
    for (let index = 0; index < 20; index++) run();
    count += 20;
    const { user, system } = process.cpuUsage(start);
    used = user + system;
  }
  return (used * 1000) / (count * packets);
}

/** Some packets, as a socket delivers them. */
function reads(bytes: Uint8Array): { stream: Uint8Array[]; packets: number } {
  const packets = Math.max(1, Math.floor((4 * READ_BYTES) / bytes.length));
  const all = new Uint8Array(packets * bytes.length);
  for (let index = 0; index < packets; index++) all.set(bytes, index * bytes.length);
  const stream: Uint8Array[] = [];
  for (let start = 0; start < all.length; start += READ_BYTES) stream.push(all.subarray(start, start + READ_BYTES));
  return { stream, packets };
}

/** Encoding and parsing of media packets, beside mqtt-packet. */
export function compareCodecs(): Comparison[] {
  return ([4, 5] as const).flatMap((level) => {
    const cases = [
      publishCase("30,000 B", 30_000, level, false),
      publishCase("200 B", 200, level, false),
      ...(level === 5 ? [publishCase("200 B, topic alias", 200, level, true)] : []),
    ];
    return cases.flatMap(({ name, packet, peer }) => {
      const bytes = encodePacket(packet, level);
      const { stream, packets } = reads(bytes);
      const protocolVersion = level;
      return [
        compare(
          `level ${level}: encode a PUBLISH of ${name}`,
          1,
          () => void encodePacket(packet, level),
          () => void mqttPacket.generate(peer, { protocolVersion }),
        ),
        compare(
          `level ${level}: parse a PUBLISH of ${name}`,
          packets,
          () => {
            const parser = new PacketParser({ maxPacketBytes: 1 << 20, level });
            for (const chunk of stream) for (const _ of parser.push(chunk));
          },
          () => {
            const parser = mqttPacket.parser({ protocolVersion });
            parser.on("packet", () => undefined);
            for (const chunk of stream) parser.parse(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
          },
        ),
      ];
    });
  });
}
