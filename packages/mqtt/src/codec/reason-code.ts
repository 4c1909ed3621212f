import { PacketType } from "./packet-type.ts";

/** The reason codes of MQTT 5. Below 0x80: done. */
export const ReasonCode = {
  success: 0x00,
  normalDisconnection: 0x00,
  grantedQos1: 0x01,
  grantedQos2: 0x02,
  disconnectWithWill: 0x04,
  noMatchingSubscribers: 0x10,
  noSubscriptionExisted: 0x11,
  continueAuthentication: 0x18,
  reAuthenticate: 0x19,
  unspecifiedError: 0x80,
  malformedPacket: 0x81,
  protocolError: 0x82,
  implementationSpecificError: 0x83,
  unsupportedProtocolVersion: 0x84,
  clientIdentifierNotValid: 0x85,
  badUserNameOrPassword: 0x86,
  notAuthorized: 0x87,
  serverUnavailable: 0x88,
  serverBusy: 0x89,
  banned: 0x8a,
  serverShuttingDown: 0x8b,
  badAuthenticationMethod: 0x8c,
  keepAliveTimeout: 0x8d,
  sessionTakenOver: 0x8e,
  topicFilterInvalid: 0x8f,
  topicNameInvalid: 0x90,
  packetIdentifierInUse: 0x91,
  packetIdentifierNotFound: 0x92,
  receiveMaximumExceeded: 0x93,
  topicAliasInvalid: 0x94,
  packetTooLarge: 0x95,
  messageRateTooHigh: 0x96,
  quotaExceeded: 0x97,
  administrativeAction: 0x98,
  payloadFormatInvalid: 0x99,
  retainNotSupported: 0x9a,
  qosNotSupported: 0x9b,
  useAnotherServer: 0x9c,
  serverMoved: 0x9d,
  sharedSubscriptionsNotSupported: 0x9e,
  connectionRateExceeded: 0x9f,
  maximumConnectTime: 0xa0,
  subscriptionIdentifiersNotSupported: 0xa1,
  wildcardSubscriptionsNotSupported: 0xa2,
} as const;

const PUBLISH_ANSWER = "00 10 80 83 87 90 91 97 99";
const RELEASE = "00 92";

const ALLOWED: ReadonlyMap<number, ReadonlySet<number>> = new Map(
  (
    [
      [PacketType.connack, "00 80 81 82 83 84 85 86 87 88 89 8a 8c 90 95 97 99 9a 9b 9c 9d 9f"],
      [PacketType.puback, PUBLISH_ANSWER],
      [PacketType.pubrec, PUBLISH_ANSWER],
      [PacketType.pubrel, RELEASE],
      [PacketType.pubcomp, RELEASE],
      [PacketType.suback, "00 01 02 80 83 87 8f 91 97 9e a1 a2"],
      [PacketType.unsuback, "00 11 80 83 87 8f 91"],
      [PacketType.disconnect, "00 04 80 81 82 83 87 89 8b 8d 8e 8f 90 93 94 95 96 97 98 99 9a 9b 9c 9d 9e 9f a0 a1 a2"],
      [PacketType.auth, "00 18 19"],
    ] as const
  ).map(([type, codes]) => [type, new Set(codes.split(" ").map((code) => Number.parseInt(code, 16)))]),
);

/** Whether an MQTT 5 packet of this type may carry this reason code. */
export function isReasonCode(packetType: number, reasonCode: number): boolean {
  return ALLOWED.get(packetType)?.has(reasonCode) ?? false;
}

/** The reason code in words, e.g. "not authorized". */
export function reasonCodeText(reasonCode: number): string {
  const name = Object.entries(ReasonCode).find(([, code]) => code === reasonCode)?.[0];
  return name?.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`) ?? `reason code ${reasonCode}`;
}
