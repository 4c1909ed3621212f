/** A camera topic on a broker, as an address names it. */
export interface TopicAddress {
  /** Of the broker, with the account where the address has one: for dialling only, never shown. */
  readonly brokerUrl: string;
  /** Empty when the address names none. */
  readonly topic: string;
}

/**
 * Takes `mqtt://host:1883/some/topic` apart, or one with `mqtts`, `ws` or `wss` (docs/protocol.md, V5). Undefined for any other
 * scheme. Whether there is a host, and whether the topic is one, is not looked at.
 */
export function splitTopicAddress(text: string): TopicAddress | undefined {
  const [, scheme = ""] = /^([a-z]+):\/\//i.exec(text) ?? [];
  switch (scheme.toLowerCase()) {
    case "mqtt":
    case "mqtts":
      return ofTcp(text);
    case "ws":
    case "wss":
      return ofWebSocket(text);
    default:
      return undefined;
  }
}

function ofTcp(text: string): TopicAddress {
  const [, brokerUrl = "", topic = ""] = /^([a-z]+:\/\/[^/]*)\/?(.*)$/is.exec(text) ?? [];
  return { brokerUrl, topic: decoded(topic) };
}

/** The WebSocket is at `/mqtt`, or where the address says when the topic stands behind a `#`. */
function ofWebSocket(text: string): TopicAddress {
  const [, base = "", path = "", fragment] = /^([a-z]+:\/\/[^/#]*)(\/[^#]*)?(?:#(.*))?$/is.exec(text) ?? [];
  if (fragment !== undefined) return { brokerUrl: base + path, topic: decoded(fragment) };
  return { brokerUrl: `${base}/mqtt`, topic: decoded(path.slice(1)) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
