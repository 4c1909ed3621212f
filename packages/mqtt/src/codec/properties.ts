/** All properties of MQTT 5 under names with their units. Flags that the wire writes as 0 or 1 are booleans. */
export interface Properties {
  /** Payload Format Indicator: the payload is UTF-8 text. */
  readonly payloadIsUtf8?: boolean | undefined;
  readonly messageExpiryS?: number | undefined;
  readonly contentType?: string | undefined;
  readonly responseTopic?: string | undefined;
  readonly correlationData?: Uint8Array | undefined;
  /** In PUBLISH from the server: one for every matching subscription that has one. */
  readonly subscriptionIdentifiers?: readonly number[] | undefined;
  /** In SUBSCRIBE. */
  readonly subscriptionIdentifier?: number | undefined;
  readonly sessionExpiryS?: number | undefined;
  readonly assignedClientIdentifier?: string | undefined;
  readonly serverKeepAliveS?: number | undefined;
  readonly authenticationMethod?: string | undefined;
  readonly authenticationData?: Uint8Array | undefined;
  readonly requestProblemInformation?: boolean | undefined;
  readonly willDelayS?: number | undefined;
  readonly requestResponseInformation?: boolean | undefined;
  readonly responseInformation?: string | undefined;
  readonly serverReference?: string | undefined;
  readonly reasonString?: string | undefined;
  readonly receiveMaximum?: number | undefined;
  readonly topicAliasMaximum?: number | undefined;
  readonly topicAlias?: number | undefined;
  readonly maximumQos?: 0 | 1 | undefined;
  readonly retainAvailable?: boolean | undefined;
  readonly userProperties?: readonly (readonly [name: string, value: string])[] | undefined;
  readonly maximumPacketBytes?: number | undefined;
  readonly wildcardSubscriptionAvailable?: boolean | undefined;
  readonly subscriptionIdentifierAvailable?: boolean | undefined;
  readonly sharedSubscriptionAvailable?: boolean | undefined;
}

/** The properties of CONNECT itself; the will has its own. */
export type ConnectProperties = Pick<
  Properties,
  | "sessionExpiryS"
  | "receiveMaximum"
  | "maximumPacketBytes"
  | "topicAliasMaximum"
  | "requestResponseInformation"
  | "requestProblemInformation"
  | "userProperties"
  | "authenticationMethod"
  | "authenticationData"
>;

/** The properties of a will. */
export type WillProperties = Pick<
  Properties,
  | "willDelayS"
  | "payloadIsUtf8"
  | "messageExpiryS"
  | "contentType"
  | "responseTopic"
  | "correlationData"
  | "userProperties"
>;

/** The properties of CONNACK: mostly what the server can and cannot do. */
export type ConnackProperties = Pick<
  Properties,
  | "sessionExpiryS"
  | "receiveMaximum"
  | "maximumQos"
  | "retainAvailable"
  | "maximumPacketBytes"
  | "assignedClientIdentifier"
  | "topicAliasMaximum"
  | "reasonString"
  | "userProperties"
  | "wildcardSubscriptionAvailable"
  | "subscriptionIdentifierAvailable"
  | "sharedSubscriptionAvailable"
  | "serverKeepAliveS"
  | "responseInformation"
  | "serverReference"
  | "authenticationMethod"
  | "authenticationData"
>;

/** The properties of PUBLISH. */
export type PublishProperties = Pick<
  Properties,
  | "payloadIsUtf8"
  | "messageExpiryS"
  | "topicAlias"
  | "responseTopic"
  | "correlationData"
  | "userProperties"
  | "subscriptionIdentifiers"
  | "contentType"
>;

/** The properties of PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK and UNSUBACK. */
export type ReasonProperties = Pick<Properties, "reasonString" | "userProperties">;

/** The properties of SUBSCRIBE. */
export type SubscribeProperties = Pick<Properties, "subscriptionIdentifier" | "userProperties">;

/** The properties of UNSUBSCRIBE. */
export type UnsubscribeProperties = Pick<Properties, "userProperties">;

/** The properties of DISCONNECT. */
export type DisconnectProperties = Pick<
  Properties,
  "sessionExpiryS" | "reasonString" | "userProperties" | "serverReference"
>;

/** The properties of AUTH. */
export type AuthProperties = Pick<
  Properties,
  "authenticationMethod" | "authenticationData" | "reasonString" | "userProperties"
>;
