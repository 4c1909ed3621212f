import { MalformedPacketError, malformed } from "./malformed-packet-error.ts";
import type { Packet } from "./packet.ts";
import { ReasonCode } from "./reason-code.ts";

/**
 * Throws when a name in the packet (topic, filter, client id, user name) contains a control character. MQTT leaves it to the
 * receiver; a server refuses them because names end up in logs and terminals. Properties that are free text may have
 * them.
 */
export function checkNames(packet: Packet): void {
  if (packet.type === "connect" && hasControl(packet.clientId)) {
    throw new MalformedPacketError(ReasonCode.clientIdentifierNotValid, "The client id contains a control character.");
  }
  if (namesIn(packet).some(hasControl)) throw malformed("a name contains a control character");
}

function namesIn(packet: Packet): readonly string[] {
  switch (packet.type) {
    case "publish":
      return [packet.topic];
    case "subscribe":
      return packet.subscriptions.map(({ filter }) => filter);
    case "unsubscribe":
      return packet.filters;
    case "connect":
      return [packet.username ?? "", packet.will?.topic ?? ""];
    default:
      return [];
  }
}

function hasControl(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x20 || (unit >= 0x7f && unit < 0xa0)) return true;
  }
  return false;
}
