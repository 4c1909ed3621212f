import { ProtocolError } from "./protocol-error.ts";

/** One checked level of a topic: 1 to 43 of the characters `A-Za-z0-9_-`. Made by {@link topicLevel} only. */
export type TopicLevel = string & { readonly brand: "TopicLevel" };

/** A participant's level: 16 bytes in base64url, 22 characters, new at every start. */
export type PeerId = TopicLevel;

const LEVEL = /^[A-Za-z0-9_-]{1,43}$/;

/** Whether `text` may stand as a level in a topic of a room. */
export function isTopicLevel(text: string): text is TopicLevel {
  return LEVEL.test(text);
}

/** Checks `text`; throws a ProtocolError ("topic-malformed") when it cannot be a level of a topic. */
export function topicLevel(text: string): TopicLevel {
  if (!isTopicLevel(text)) {
    throw new ProtocolError("topic-malformed", "A topic level is 1 to 43 letters, digits, hyphens and underscores.");
  }
  return text;
}
