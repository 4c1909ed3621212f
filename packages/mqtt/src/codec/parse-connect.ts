import type { ByteReader } from "./byte-reader.ts";
import { MalformedPacketError, malformed, violation } from "./malformed-packet-error.ts";
import type { ConnectPacket, QoS, Will } from "./packet.ts";
import { PacketType } from "./packet-type.ts";
import { WILL } from "./property-table.ts";
import { readProperties } from "./read-properties.ts";
import { ReasonCode } from "./reason-code.ts";
import { isTopicName } from "./topic-syntax.ts";

const WILL_FLAG = 0x04;
const USERNAME_FLAG = 0x80;
const PASSWORD_FLAG = 0x40;

/**
 * Parses what comes after the fixed header of a CONNECT. `onLevel` is told the level as soon as it is known, because
 * the form of a refusal depends on it.
 */
export function parseConnect(reader: ByteReader, onLevel: (level: ConnectPacket["level"]) => void): ConnectPacket {
  const level = readLevel(reader, onLevel);
  const flags = readFlags(reader, level);
  const keepAliveS = reader.u16();
  const properties = level === 5 ? readProperties(reader, PacketType.connect) : undefined;
  if (properties?.authenticationData && properties.authenticationMethod === undefined) {
    throw violation("authentication data without a method");
  }
  const clientId = reader.text(ReasonCode.clientIdentifierNotValid);
  const will = flags & WILL_FLAG ? readWill(reader, flags, level) : undefined;
  const username = flags & USERNAME_FLAG ? reader.text() : undefined;
  const password = flags & PASSWORD_FLAG ? reader.binary() : undefined;
  reader.finish();
  return {
    type: "connect",
    level,
    clientId,
    cleanStart: (flags & 2) === 2,
    keepAliveS,
    username,
    password,
    will,
    properties,
  };
}

function readLevel(reader: ByteReader, onLevel: (level: ConnectPacket["level"]) => void): ConnectPacket["level"] {
  const name = reader.text();
  const level = reader.u8();
  if (name !== "MQTT" && name !== "MQIsdp") throw malformed("this is not MQTT");
  if (name === "MQTT" ? level === 4 || level === 5 : level === 3) {
    onLevel(level as ConnectPacket["level"]);
    return level as ConnectPacket["level"];
  }
  // Whoever speaks a newer version than we do understands the form of the newest one more likely than an older.
  if (level > 5) onLevel(5);
  throw new MalformedPacketError(ReasonCode.unsupportedProtocolVersion, `MQTT level ${level} is not known.`);
}

function readFlags(reader: ByteReader, level: ConnectPacket["level"]): number {
  const flags = reader.u8();
  if (flags & 1 && level > 3) throw malformed("a reserved flag of CONNECT is set");
  if (flags & WILL_FLAG ? (flags & 0x18) === 0x18 : (flags & 0x38) !== 0) {
    throw malformed("the will flags of CONNECT contradict each other");
  }
  if (level < 5 && (flags & (USERNAME_FLAG | PASSWORD_FLAG)) === PASSWORD_FLAG) {
    throw malformed("a password without a user name");
  }
  return flags;
}

function readWill(reader: ByteReader, flags: number, level: ConnectPacket["level"]): Will {
  const properties = level === 5 ? readProperties(reader, WILL) : undefined;
  if (properties?.responseTopic !== undefined && !isTopicName(properties.responseTopic)) {
    throw violation("the response topic of the will is not valid");
  }
  const topic = reader.text();
  if (!isTopicName(topic)) throw malformed("the topic of the will is empty or contains a wildcard");
  const payload = reader.binary();
  return { topic, payload, qos: ((flags >> 3) & 3) as QoS, retain: (flags & 0x20) !== 0, properties };
}
