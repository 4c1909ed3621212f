import mqttPacket from "mqtt-packet";
import type { Packet, ProtocolLevel, Will } from "../codec/packet.ts";
import type { Properties } from "../codec/properties.ts";

/** A packet as mqtt-packet has it; its declared types are narrower than what it takes and gives. */
export type PeerPacket = Record<string, unknown>;

const NAMES: { readonly [Name in keyof Properties]-?: string } = {
  payloadIsUtf8: "payloadFormatIndicator",
  messageExpiryS: "messageExpiryInterval",
  contentType: "contentType",
  responseTopic: "responseTopic",
  correlationData: "correlationData",
  subscriptionIdentifiers: "subscriptionIdentifier",
  subscriptionIdentifier: "subscriptionIdentifier",
  sessionExpiryS: "sessionExpiryInterval",
  assignedClientIdentifier: "assignedClientIdentifier",
  serverKeepAliveS: "serverKeepAlive",
  authenticationMethod: "authenticationMethod",
  authenticationData: "authenticationData",
  requestProblemInformation: "requestProblemInformation",
  willDelayS: "willDelayInterval",
  requestResponseInformation: "requestResponseInformation",
  responseInformation: "responseInformation",
  serverReference: "serverReference",
  reasonString: "reasonString",
  receiveMaximum: "receiveMaximum",
  topicAliasMaximum: "topicAliasMaximum",
  topicAlias: "topicAlias",
  maximumQos: "maximumQoS",
  retainAvailable: "retainAvailable",
  userProperties: "userProperties",
  maximumPacketBytes: "maximumPacketSize",
  wildcardSubscriptionAvailable: "wildcardSubscriptionAvailable",
  subscriptionIdentifierAvailable: "subscriptionIdentifiersAvailable",
  sharedSubscriptionAvailable: "sharedSubscriptionAvailable",
};

/** What mqtt-packet writes for this packet of its own. */
export function peerEncode(packet: PeerPacket, level: ProtocolLevel): Uint8Array {
  return new Uint8Array(mqttPacket.generate(packet as unknown as mqttPacket.Packet, { protocolVersion: level }));
}

/** What mqtt-packet reads; undefined when the bytes are not one packet. */
export function peerParse(bytes: Uint8Array, level: ProtocolLevel): PeerPacket | undefined {
  const parser = mqttPacket.parser({ protocolVersion: level });
  const packets: PeerPacket[] = [];
  parser.on("packet", (packet) => packets.push(packet as unknown as PeerPacket));
  parser.on("error", (error: Error) => {
    throw error;
  });
  const left = parser.parse(Buffer.from(bytes));
  return left === 0 && packets.length === 1 ? packets[0] : undefined;
}

/** Our packet as mqtt-packet would have it. */
export function toPeer(packet: Packet, level: ProtocolLevel): PeerPacket {
  const cmd = { cmd: packet.type };
  const properties = "properties" in packet && level === 5 ? { properties: peerProperties(packet.properties) } : {};
  switch (packet.type) {
    case "connect":
      return { ...cmd, ...connect(packet), ...properties };
    case "connack": {
      const code = level === 5 ? { reasonCode: packet.reasonCode } : { returnCode: packet.reasonCode };
      return { ...cmd, ...code, sessionPresent: packet.sessionPresent, ...properties };
    }
    case "publish": {
      const { topic, qos, retain, dup, packetId } = packet;
      return {
        ...cmd,
        topic,
        payload: Buffer.from(packet.payload),
        qos,
        retain,
        dup,
        messageId: packetId,
        ...properties,
      };
    }
    case "subscribe": {
      const subscriptions = packet.subscriptions.map(({ filter, qos, noLocal, retainAsPublished, retainHandling }) => ({
        topic: filter,
        qos,
        ...(level === 5 ? { nl: noLocal, rap: retainAsPublished, rh: retainHandling } : {}),
      }));
      return { ...cmd, messageId: packet.packetId, subscriptions, ...properties };
    }
    case "unsubscribe":
      return { ...cmd, messageId: packet.packetId, unsubscriptions: packet.filters, ...properties };
    case "suback":
      return { ...cmd, messageId: packet.packetId, granted: packet.reasonCodes, ...properties };
    case "unsuback":
      return {
        ...cmd,
        messageId: packet.packetId,
        ...(level === 5 ? { granted: packet.reasonCodes } : {}),
        ...properties,
      };
    case "pingreq":
    case "pingresp":
      return cmd;
    case "disconnect":
    case "auth":
      return { ...cmd, ...(level === 5 ? { reasonCode: packet.reasonCode } : {}), ...properties };
    default: {
      const reason = level === 5 ? { reasonCode: packet.reasonCode } : {};
      return { ...cmd, messageId: packet.packetId, ...reason, ...properties };
    }
  }
}

function connect(packet: Extract<Packet, { type: "connect" }>): PeerPacket {
  const { level, will, password } = packet;
  return {
    protocolId: "MQTT",
    protocolVersion: level,
    clientId: packet.clientId,
    clean: packet.cleanStart,
    keepalive: packet.keepAliveS,
    username: packet.username,
    password: password && Buffer.from(password),
    will: will && peerWill(will, level),
  };
}

function peerWill(will: Will, level: number): PeerPacket {
  const { topic, qos, retain } = will;
  const properties = level === 5 ? { properties: peerProperties(will.properties) } : {};
  return { topic, payload: Buffer.from(will.payload), qos, retain, ...properties };
}

function peerProperties(properties: Properties | undefined): PeerPacket | undefined {
  if (!properties) return undefined;
  const entries = Object.entries(properties).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [NAMES[name as keyof Properties], peerValue(name, value)]));
}

function peerValue(name: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (name === "subscriptionIdentifiers") return peerList(value as readonly unknown[]);
  if (name !== "userProperties") return value;
  const grouped = new Map<string, string[]>();
  for (const [key, text] of value as readonly (readonly [string, string])[]) {
    grouped.set(key, [...(grouped.get(key) ?? []), text]);
  }
  const object: Record<string, unknown> = Object.create(null);
  for (const [key, texts] of grouped) object[key] = peerList(texts);
  return object;
}

/** One value stands alone. */
function peerList(values: readonly unknown[]): unknown {
  return values.length === 1 ? values[0] : values;
}
