import type { ByteReader } from "./byte-reader.ts";
import { MalformedPacketError, malformed, violation } from "./malformed-packet-error.ts";
import type { ProtocolLevel, PublishPacket, QoS } from "./packet.ts";
import { PacketType } from "./packet-type.ts";
import { readLevelProperties } from "./parse-fields.ts";
import type { PublishProperties } from "./properties.ts";
import { ReasonCode } from "./reason-code.ts";
import { isTopicName } from "./topic-syntax.ts";

/** Parses what comes after the fixed header of a PUBLISH. The payload is a view. */
export function parsePublish(reader: ByteReader, flags: number, level: ProtocolLevel): PublishPacket {
  const topic = reader.text();
  const qos = ((flags >> 1) & 3) as QoS;
  const packetId = qos > 0 ? reader.u16() : undefined;
  if (packetId === 0) throw violation("the packet id is 0");
  const properties: PublishProperties | undefined = readLevelProperties(reader, PacketType.publish, level);
  if (properties !== undefined) checkPublishProperties(properties);
  if (topic === "" ? properties?.topicAlias === undefined : !isTopicName(topic)) {
    throw malformed("the topic is empty or contains a wildcard");
  }
  return {
    type: "publish",
    topic,
    payload: reader.rest(),
    qos,
    retain: (flags & 1) === 1,
    dup: (flags & 8) === 8,
    packetId,
    properties,
  };
}

function checkPublishProperties({ topicAlias, responseTopic }: PublishProperties): void {
  if (topicAlias === 0) throw new MalformedPacketError(ReasonCode.topicAliasInvalid, "The topic alias is 0.");
  if (responseTopic !== undefined && !isTopicName(responseTopic)) {
    throw violation("the response topic is empty or contains a wildcard");
  }
}
