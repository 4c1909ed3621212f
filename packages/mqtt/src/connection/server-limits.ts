import type { ConnackPacket, ProtocolLevel, QoS } from "../codec/packet.ts";

/** The largest packet that MQTT can write. */
const MAX_PACKET_BYTES = 268_435_460;
const MAX_RECEIVE_MAXIMUM = 65_535;

/** What a connected server takes. */
export interface ServerLimits {
  readonly level: ProtocolLevel;
  readonly receiveMaximum: number;
  readonly maxPacketBytes: number;
  readonly maximumQos: QoS;
  readonly retainAvailable: boolean;
  readonly topicAliasMaximum: number;
}

/** What a CONNACK says about the server; what it does not say has the standard's defaults. */
export function serverLimits({ properties }: ConnackPacket, level: ProtocolLevel): ServerLimits {
  return {
    level,
    receiveMaximum: properties?.receiveMaximum ?? MAX_RECEIVE_MAXIMUM,
    maxPacketBytes: properties?.maximumPacketBytes ?? MAX_PACKET_BYTES,
    maximumQos: properties?.maximumQos ?? 2,
    retainAvailable: properties?.retainAvailable ?? true,
    topicAliasMaximum: properties?.topicAliasMaximum ?? 0,
  };
}
