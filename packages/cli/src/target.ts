import { type MeetingLink, parseMeetingLink } from "@mqtt-meet/protocol";
import type { CommandIo } from "./command-io.ts";
import { UsageError } from "./usage-error.ts";

/** Where `publish` and `watch` go. */
export type Target = RoomTarget | TopicTarget;

/** A meeting. */
export interface RoomTarget {
  readonly kind: "room";
  readonly link: string;
  readonly name: MeetingLink["name"];
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

/** Longer than any link; what comes after is a mistake. */
const MAX_TARGET_CHARACTERS = 4_096;

/** Reads TARGET: a meeting link, a topic's URL, or `-` for one line of standard input. Throws UsageError. */
export async function readTarget(text: string, io: Pick<CommandIo, "stdin">): Promise<Target> {
  return parseTarget(text === "-" ? await firstLine(io.stdin) : text);
}

/** Throws UsageError, or ProtocolError for a broken meeting link. */
export function parseTarget(text: string): Target {
  const [, scheme = ""] = /^([a-z]+):\/\//i.exec(text) ?? [];
  switch (scheme.toLowerCase()) {
    case "http":
    case "https":
      return { kind: "room", link: text, name: parseMeetingLink(text).name };
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

/** Ends with the line, not with the stream: a person may type it. */
async function firstLine(stdin: NodeJS.ReadStream): Promise<string> {
  let text = "";
  stdin.setEncoding("utf8");
  for await (const chunk of stdin.iterator({ destroyOnReturn: false })) {
    text = (text + chunk).trimStart();
    const end = text.search(/[\r\n]/);
    if (end >= 0) return text.slice(0, end).trim();
    if (text.length > MAX_TARGET_CHARACTERS) break;
  }
  if (text.trim() === "") throw new UsageError("No target came on standard input.");
  return text.trim();
}
