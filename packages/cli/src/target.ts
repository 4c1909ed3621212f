import { type MeetingLink, parseMeetingLink, splitTopicAddress, type TopicAddress } from "@mqtt-meet/protocol";
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
  if (/^https?:\/\//i.test(text)) return roomTarget(text);
  const address = splitTopicAddress(text);
  if (address !== undefined) return topicTarget(address);
  throw new UsageError(
    "A target is a meeting link (http://…/r/NAME#1.…) or a topic (mqtt://host:1883/some/topic, mqtts, ws, wss).",
  );
}

function roomTarget(link: string): RoomTarget {
  const { name, passphrase = false } = parseMeetingLink(link);
  return { kind: "room", link, name, needsPassphrase: passphrase };
}

function topicTarget({ brokerUrl, topic }: TopicAddress): TopicTarget {
  if (!URL.canParse(brokerUrl)) throw new UsageError("The target's address is not one of a broker.");
  const { host, protocol } = new URL(brokerUrl);
  if (host === "") throw new UsageError("The target has no host, as in mqtt://localhost/some/topic.");
  if (topic === "") throw new UsageError(`The target has no topic, as in ${protocol}//${host}/some/topic.`);
  return { kind: "topic", brokerUrl, topic, host };
}
