import { returnCodeOf } from "@mqtt-meet/broker/parts";
import type { ConnackPacket, ProtocolLevel } from "@mqtt-meet/mqtt";

/** The CONNACK that turns a client away, in the words of its version; undefined where that version just closes. */
export function refusalPacket(reasonCode: number, level: ProtocolLevel | undefined): ConnackPacket | undefined {
  const code = level === 5 ? reasonCode : returnCodeOf(reasonCode);
  return code === undefined ? undefined : { type: "connack", sessionPresent: false, reasonCode: code };
}
