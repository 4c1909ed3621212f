import fc from "fast-check";
import type { Packet, ProtocolLevel, QoS, Will } from "../codec/packet.ts";
import { PacketType } from "../codec/packet-type.ts";
import type { Properties } from "../codec/properties.ts";
import { allows, type PropertyOwner, propertyByName, WILL } from "../codec/property-table.ts";
import { isReasonCode } from "../codec/reason-code.ts";

/** A string as MQTT allows it: any characters but U+0000. */
const string = fc.string({ unit: "binary", maxLength: 12 }).map((text) => text.replaceAll("\0", ""));
const nonEmpty = string.filter((text) => text.length > 0);
const binary = fc.uint8Array({ maxLength: 20 });
/** Most payloads are short; some need two bytes of length, few three. */
const payload = fc.oneof(
  { weight: 6, arbitrary: fc.uint8Array({ maxLength: 40 }) },
  { weight: 2, arbitrary: fc.uint8Array({ minLength: 100, maxLength: 300 }) },
  { weight: 1, arbitrary: fc.nat(20_000).map((size) => new Uint8Array(size).fill(size)) },
);
const topic = nonEmpty.map((text) => text.replaceAll(/[+#]/g, "/"));
const filter = fc
  .array(fc.oneof(topic, fc.constant("+")), { minLength: 1, maxLength: 4 })
  .chain((levels) => fc.boolean().map((all) => [...levels, ...(all ? ["#"] : [])].join("/")))
  .filter((text) => !text.startsWith("$share/"));
const qos = fc.constantFrom<QoS>(0, 1, 2);
const packetId = fc.integer({ min: 1, max: 0xffff });
const u16 = fc.nat(0xffff);
const u32 = fc.nat(0xffff_ffff);

const PROPERTIES: { readonly [Name in keyof Properties]-?: fc.Arbitrary<NonNullable<Properties[Name]>> } = {
  payloadIsUtf8: fc.boolean(),
  messageExpiryS: u32,
  contentType: string,
  responseTopic: topic,
  correlationData: binary,
  subscriptionIdentifiers: fc.array(fc.integer({ min: 1, max: 268_435_455 }), { minLength: 1, maxLength: 3 }),
  subscriptionIdentifier: fc.integer({ min: 1, max: 268_435_455 }),
  sessionExpiryS: u32,
  assignedClientIdentifier: string,
  serverKeepAliveS: u16,
  authenticationMethod: string,
  authenticationData: binary,
  requestProblemInformation: fc.boolean(),
  willDelayS: u32,
  requestResponseInformation: fc.boolean(),
  responseInformation: string,
  serverReference: string,
  reasonString: string,
  receiveMaximum: fc.integer({ min: 1, max: 0xffff }),
  topicAliasMaximum: u16,
  topicAlias: fc.integer({ min: 1, max: 0xffff }),
  maximumQos: fc.constantFrom(0 as const, 1 as const),
  retainAvailable: fc.boolean(),
  userProperties: fc.array(fc.tuple(string, string), { minLength: 1, maxLength: 3 }),
  maximumPacketBytes: fc.integer({ min: 1, max: 0xffff_ffff }),
  wildcardSubscriptionAvailable: fc.boolean(),
  subscriptionIdentifierAvailable: fc.boolean(),
  sharedSubscriptionAvailable: fc.boolean(),
};

/** Some of the properties that `owner` may have; undefined rather than none, and always in MQTT 3.1.1. */
function propertiesOf(owner: PropertyOwner, level: ProtocolLevel): fc.Arbitrary<Properties | undefined> {
  if (level === 4) return fc.constant(undefined);
  const allowed = Object.entries(PROPERTIES).filter(([name]) => {
    const spec = propertyByName(name);
    return spec !== undefined && allows(spec, owner);
  });
  return fc
    .record(Object.fromEntries(allowed) as Record<string, fc.Arbitrary<unknown>>, { requiredKeys: [] })
    .map((found) => {
      if ("authenticationData" in found && !("authenticationMethod" in found)) delete found["authenticationData"];
      return Object.keys(found).length === 0 ? undefined : (found as Properties);
    });
}

function reasonOf(type: number, level: ProtocolLevel): fc.Arbitrary<number> {
  if (level === 4) return fc.constant(0);
  return fc.constantFrom(...Array.from({ length: 256 }, (_, code) => code).filter((code) => isReasonCode(type, code)));
}

function connect(level: ProtocolLevel): fc.Arbitrary<Packet> {
  const will: fc.Arbitrary<Will> = fc.record({
    topic,
    payload: binary,
    qos,
    retain: fc.boolean(),
    properties: propertiesOf(WILL, level),
  });
  return fc
    .record({
      type: fc.constant("connect" as const),
      level: fc.constant(level),
      clientId: string,
      cleanStart: fc.boolean(),
      keepAliveS: u16,
      username: fc.option(string, { nil: undefined }),
      password: fc.option(binary, { nil: undefined }),
      will: fc.option(will, { nil: undefined }),
      properties: propertiesOf(PacketType.connect, level),
    })
    .map((packet) => (packet.username === undefined ? { ...packet, password: undefined } : packet));
}

function publish(level: ProtocolLevel): fc.Arbitrary<Packet> {
  return fc
    .record({
      type: fc.constant("publish" as const),
      topic,
      payload,
      qos,
      retain: fc.boolean(),
      dup: fc.boolean(),
      packetId,
      properties: propertiesOf(PacketType.publish, level),
    })
    .map((packet) => (packet.qos === 0 ? { ...packet, packetId: undefined, dup: false } : packet));
}

function subscribe(level: ProtocolLevel): fc.Arbitrary<Packet> {
  const flag = level === 5 ? fc.boolean() : fc.constant(false);
  const subscription = fc.record({
    filter,
    qos,
    noLocal: flag,
    retainAsPublished: flag,
    retainHandling: level === 5 ? fc.constantFrom(0 as const, 1 as const, 2 as const) : fc.constant(0 as const),
  });
  return fc.record({
    type: fc.constant("subscribe" as const),
    packetId,
    subscriptions: fc.array(subscription, { minLength: 1, maxLength: 4 }),
    properties: propertiesOf(PacketType.subscribe, level),
  });
}

function answer(type: "suback" | "unsuback", level: ProtocolLevel): fc.Arbitrary<Packet> {
  const code = level === 4 ? fc.constantFrom(0, 1, 2, 0x80) : reasonOf(PacketType[type], level);
  const none = level === 4 && type === "unsuback";
  return fc.record({
    type: fc.constant(type),
    packetId,
    reasonCodes: none ? fc.constant([]) : fc.array(code, { minLength: 1, maxLength: 4 }),
    properties: propertiesOf(PacketType[type], level),
  });
}

function withReason(type: "disconnect" | "auth", level: ProtocolLevel): fc.Arbitrary<Packet> {
  return fc.record({
    type: fc.constant(type),
    reasonCode: reasonOf(PacketType[type], level),
    properties: propertiesOf(PacketType[type], level),
  });
}

function acknowledgement(type: "puback" | "pubrec" | "pubrel" | "pubcomp", level: ProtocolLevel): fc.Arbitrary<Packet> {
  return fc.record({
    type: fc.constant(type),
    packetId,
    reasonCode: reasonOf(PacketType[type], level),
    properties: propertiesOf(PacketType[type], level),
  });
}

/** Any packet of this level, in the form in which the parser gives it. */
export function anyPacket(level: ProtocolLevel): fc.Arbitrary<Packet> {
  const connack = fc.record({
    type: fc.constant("connack" as const),
    sessionPresent: fc.boolean(),
    reasonCode: level === 4 ? fc.nat(5) : reasonOf(PacketType.connack, level),
    properties: propertiesOf(PacketType.connack, level),
  });
  const unsubscribe = fc.record({
    type: fc.constant("unsubscribe" as const),
    packetId,
    filters: fc.array(filter, { minLength: 1, maxLength: 4 }),
    properties: propertiesOf(PacketType.unsubscribe, level),
  });
  return fc.oneof(
    connect(level),
    connack,
    { weight: 3, arbitrary: publish(level) },
    ...(["puback", "pubrec", "pubrel", "pubcomp"] as const).map((type) => acknowledgement(type, level)),
    subscribe(level),
    answer("suback", level),
    unsubscribe,
    answer("unsuback", level),
    fc.constantFrom<Packet>({ type: "pingreq" }, { type: "pingresp" }),
    withReason("disconnect", level),
    ...(level === 5 ? [withReason("auth", level)] : []),
  );
}
