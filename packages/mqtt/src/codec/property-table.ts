import { PacketType } from "./packet-type.ts";
import type { Properties } from "./properties.ts";

/** How a property is written. `flag` and `bit` are one byte that is 0 or 1, as a boolean and as a number. */
export type PropertyKind = "flag" | "bit" | "u16" | "u32" | "varint" | "text" | "binary" | "pair";

/** What has properties: a packet, by its number on the wire, or {@link WILL}. */
export type PropertyOwner = number;

/** The will inside a CONNECT, which has properties of its own. */
export const WILL: PropertyOwner = 0;

/** One line of the standard's table of properties. */
export interface PropertySpec {
  readonly id: number;
  readonly name: keyof Properties;
  readonly kind: PropertyKind;
  /** Bit n: allowed for owner n. */
  readonly owners: number;
  /** May stand there more than once; its value is then a list. */
  readonly repeatable: boolean;
  /** 0 is not a value. */
  readonly positive: boolean;
}

const { connect, connack, publish, subscribe, disconnect, auth } = PacketType;
const EVERYWHERE = [WILL, connect, connack, publish, 4, 5, 6, 7, subscribe, 9, 10, 11, disconnect, auth];
const WITH_REASON = [connack, 4, 5, 6, 7, 9, 11, disconnect, auth];

const REPEATABLE: ReadonlySet<string> = new Set<keyof Properties>(["subscriptionIdentifiers", "userProperties"]);
/** Subscription identifier, receive maximum and maximum packet size. */
const POSITIVE: ReadonlySet<number> = new Set([11, 33, 39]);

function property(id: number, name: keyof Properties, kind: PropertyKind, owners: readonly number[]): PropertySpec {
  const mask = owners.reduce((bits, owner) => bits | (1 << owner), 0);
  return { id, name, kind, owners: mask, repeatable: REPEATABLE.has(name), positive: POSITIVE.has(id) };
}

const SPECS: readonly PropertySpec[] = [
  property(1, "payloadIsUtf8", "flag", [publish, WILL]),
  property(2, "messageExpiryS", "u32", [publish, WILL]),
  property(3, "contentType", "text", [publish, WILL]),
  property(8, "responseTopic", "text", [publish, WILL]),
  property(9, "correlationData", "binary", [publish, WILL]),
  property(11, "subscriptionIdentifiers", "varint", [publish]),
  property(11, "subscriptionIdentifier", "varint", [subscribe]),
  property(17, "sessionExpiryS", "u32", [connect, connack, disconnect]),
  property(18, "assignedClientIdentifier", "text", [connack]),
  property(19, "serverKeepAliveS", "u16", [connack]),
  property(21, "authenticationMethod", "text", [connect, connack, auth]),
  property(22, "authenticationData", "binary", [connect, connack, auth]),
  property(23, "requestProblemInformation", "flag", [connect]),
  property(24, "willDelayS", "u32", [WILL]),
  property(25, "requestResponseInformation", "flag", [connect]),
  property(26, "responseInformation", "text", [connack]),
  property(28, "serverReference", "text", [connack, disconnect]),
  property(31, "reasonString", "text", WITH_REASON),
  property(33, "receiveMaximum", "u16", [connect, connack]),
  property(34, "topicAliasMaximum", "u16", [connect, connack]),
  property(35, "topicAlias", "u16", [publish]),
  property(36, "maximumQos", "bit", [connack]),
  property(37, "retainAvailable", "flag", [connack]),
  property(38, "userProperties", "pair", EVERYWHERE),
  property(39, "maximumPacketBytes", "u32", [connect, connack]),
  property(40, "wildcardSubscriptionAvailable", "flag", [connack]),
  property(41, "subscriptionIdentifierAvailable", "flag", [connack]),
  property(42, "sharedSubscriptionAvailable", "flag", [connack]),
];

const BY_NAME: ReadonlyMap<string, PropertySpec> = new Map(SPECS.map((spec) => [spec.name, spec]));
const BY_ID: readonly (readonly PropertySpec[])[] = Array.from({ length: 43 }, (_, id) =>
  SPECS.filter((spec) => spec.id === id),
);

/** The property called `name`, if there is one. */
export function propertyByName(name: string): PropertySpec | undefined {
  return BY_NAME.get(name);
}

/** The property with this number: as `owner` has it, or as others have it, or undefined when no packet has one. */
export function propertyById(id: number, owner: PropertyOwner): PropertySpec | undefined {
  const specs = BY_ID[id];
  return specs?.find((spec) => allows(spec, owner)) ?? specs?.[0];
}

/** Whether `owner` may have this property. */
export function allows(spec: PropertySpec, owner: PropertyOwner): boolean {
  return ((spec.owners >> owner) & 1) === 1;
}
