import type { BrokerLimits } from "./limits.ts";
import { splitFilter } from "./subscription-trie.ts";

type TopicLimits = Pick<BrokerLimits, "maxTopicBytes" | "maxTopicLevels">;
type UserPropertyLimits = Pick<BrokerLimits, "maxUserProperties" | "maxUserPropertyBytes">;

/** Control characters, and code points that Unicode will never assign: no topic needs them, and logs suffer. */
const FORBIDDEN = /[\p{Cc}\p{Noncharacter_Code_Point}]/u;

/** Whether text from a client is free of characters that only do harm. */
export function isCleanText(text: string): boolean {
  return !FORBIDDEN.test(text);
}

/** Whether a topic, whose syntax the codec has checked, is within the limits. */
export function isAcceptableTopic(topic: string, limits: TopicLimits): boolean {
  return fits(topic, limits) && isCleanText(topic) && topic.split("/").length <= limits.maxTopicLevels;
}

/** The same for a filter. What makes it shared does not count. */
export function isAcceptableFilter(filter: string, limits: TopicLimits): boolean {
  const { share, levels } = splitFilter(filter);
  if (share !== undefined && !fits(share, limits)) return false;
  return fits(levels.join("/"), limits) && isCleanText(filter) && levels.length <= limits.maxTopicLevels;
}

/** Whether user properties are as few and as small as they should be. */
export function areAcceptableUserProperties(
  properties: { readonly userProperties?: readonly (readonly [string, string])[] | undefined } | undefined,
  limits: UserPropertyLimits,
): boolean {
  const pairs = properties?.userProperties;
  if (!pairs) return true;
  const bytes = pairs.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0);
  return pairs.length <= limits.maxUserProperties && bytes <= limits.maxUserPropertyBytes;
}

function fits(text: string, limits: TopicLimits): boolean {
  return Buffer.byteLength(text) <= limits.maxTopicBytes;
}

/** Topics whose check is remembered. */
const MAX_REMEMBERED = 4096;

/** {@link isAcceptableTopic}, remembered: media comes on few topics, very often. */
export class TopicCheck {
  readonly #limits: TopicLimits;
  readonly #acceptable = new Set<string>();

  constructor(limits: TopicLimits) {
    this.#limits = limits;
  }

  isAcceptable(topic: string): boolean {
    if (this.#acceptable.has(topic)) return true;
    if (!isAcceptableTopic(topic, this.#limits)) return false;
    if (this.#acceptable.size >= MAX_REMEMBERED) this.#acceptable.clear();
    this.#acceptable.add(topic);
    return true;
  }
}
