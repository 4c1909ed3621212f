import { type MeetingLink, parseMeetingLink } from "@mqtt-meet/protocol";
import type { InputLines } from "./input-lines.ts";
import { UsageError } from "./usage-error.ts";

/** Where `publish` and `watch` go. */
export type Target = RoomTarget | TopicTarget;

/** A meeting. */
export interface RoomTarget {
  readonly kind: "room";
  readonly link: string;
  readonly name: MeetingLink["name"];
  /** The link alone does not open the meeting: the words are asked for. */
  readonly needsPassphrase: boolean;
}

/** One topic on any broker. */
export interface TopicTarget {
  readonly kind: "topic";
  /** The broker's address, with user and password where the target has them: for dialling only, never shown. */
  readonly brokerUrl: string;
  /** May have wildcards. */
  readonly topic: string;
  /** Host and port, for sentences. */
  readonly host: string;
}

/** Reads TARGET: a meeting link, a topic's URL, or `-` for one line of standard input. Throws UsageError. */
export async function readTarget(text: string, lines: InputLines): Promise<Target> {
  return parseTarget(text === "-" ? await lines.next("target") : text);
}

/** Throws UsageError, or ProtocolError for a broken meeting link. */
export function parseTarget(text: string): Target {
  const [, scheme = ""] = /^([a-z]+):\/\//i.exec(text) ?? [];
  switch (scheme.toLowerCase()) {
    case "http":
    case "https":
      return roomTarget(text);
    case "mqtt":
    case "mqtts":
      return topicTarget(text);
    case "ws":
    case "wss":
      return webSocketTarget(text);
    default:
      throw new UsageError(
        "A target is a meeting link (http://…/r/NAME#1.…) or a topic (mqtt://host:1883/some/topic, mqtts, ws, wss).",
      );
  }
}

function roomTarget(link: string): RoomTarget {
  const { name, passphrase = false } = parseMeetingLink(link);
  return { kind: "room", link, name, needsPassphrase: passphrase };
}

function topicTarget(text: string): TopicTarget {
  const [, base = "", topic = ""] = /^([a-z]+:\/\/[^/]*)\/?(.*)$/is.exec(text) ?? [];
  return checkedTopic(base, base, topic);
}

/** The WebSocket is at `/mqtt`, or where the URL says when the topic stands behind a `#`. */
function webSocketTarget(text: string): TopicTarget {
  const [, base = "", path = "", fragment] = /^([a-z]+:\/\/[^/]*)(\/[^#]*)?(?:#(.*))?$/is.exec(text) ?? [];
  if (fragment !== undefined) return checkedTopic(base, base + path, fragment);
  return checkedTopic(base, `${base}/mqtt`, path.slice(1));
}

function checkedTopic(base: string, brokerUrl: string, encoded: string): TopicTarget {
  if (!URL.canParse(brokerUrl)) throw new UsageError("The target's address is not one of a broker.");
  const { host } = new URL(brokerUrl);
  if (host === "") throw new UsageError("The target has no host, as in mqtt://localhost/some/topic.");
  if (encoded === "") {
    const { protocol } = new URL(base);
    throw new UsageError(`The target has no topic, as in ${protocol}//${host}/some/topic.`);
  }
  return { kind: "topic", brokerUrl, topic: decoded(encoded), host };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
