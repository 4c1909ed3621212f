import type { ConnackProperties } from "@mqtt-meet/mqtt";

/** What CONNACK tells a client of MQTT 5: of each limit of the gateway and of the broker behind it, the tighter one. */
export function mergeConnack(own: ConnackProperties, theirs: ConnackProperties = {}): ConnackProperties {
  const merged: ConnackProperties = {
    ...own,
    ...smaller("maximumPacketBytes", own, theirs),
    ...smaller("receiveMaximum", own, theirs),
    ...smaller("serverKeepAliveS", own, theirs),
    ...smaller("sessionExpiryS", own, theirs),
    ...smaller("maximumQos", own, theirs),
    retainAvailable: theirs.retainAvailable,
    wildcardSubscriptionAvailable: theirs.wildcardSubscriptionAvailable,
    subscriptionIdentifierAvailable: theirs.subscriptionIdentifierAvailable,
    sharedSubscriptionAvailable: theirs.sharedSubscriptionAvailable,
  };
  return merged;
}

type Limit = "maximumPacketBytes" | "receiveMaximum" | "serverKeepAliveS" | "sessionExpiryS" | "maximumQos";

function smaller(name: Limit, own: ConnackProperties, theirs: ConnackProperties): ConnackProperties {
  const limits = [own[name], theirs[name]].filter((limit) => limit !== undefined);
  return limits.length === 0 ? {} : { [name]: Math.min(...limits) };
}
