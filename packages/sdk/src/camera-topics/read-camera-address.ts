import { isTopicName } from "@mqtt-meet/mqtt";
import { splitTopicAddress } from "@mqtt-meet/protocol";
import type { CameraTopicProblem } from "./camera-topic.ts";

/** An account at a broker. */
export interface BrokerAccount {
  readonly username: string;
  readonly password: string;
}

/** A camera topic that somebody named. */
export interface CameraAddress {
  /** Undefined: the broker of the page's site. */
  readonly brokerUrl: string | undefined;
  readonly topic: string;
  /** Undefined when the address has none. */
  readonly account: BrokerAccount | undefined;
  /** The address without an account, to be shown and remembered. */
  readonly name: string;
}

/** What somebody typed. */
export type ReadCameraAddress =
  | { readonly ok: true; readonly address: CameraAddress }
  | { readonly ok: false; readonly problem: CameraTopicProblem };

/** Reads `ws://host/some/topic` (docs/protocol.md, V5), or a topic alone, which is one of the site's own broker. */
export function readCameraAddress(text: string): ReadCameraAddress {
  const trimmed = text.trim();
  if (trimmed === "") return { ok: false, problem: "topic-missing" };
  if (!/^[a-z]+:\/\//i.test(trimmed)) return checked({ brokerUrl: undefined, topic: trimmed }, trimmed);
  if (!/^wss?:/i.test(trimmed)) return { ok: false, problem: "no-web-socket" };
  const split = /^wss?:\/\/\//i.test(trimmed) ? undefined : splitTopicAddress(trimmed);
  if (split === undefined || !URL.canParse(split.brokerUrl)) return { ok: false, problem: "address-malformed" };
  return checked(split, trimmed.replace(/^([a-z]+:\/\/)[^/#]*@/i, "$1"));
}

function checked(
  { brokerUrl, topic }: { readonly brokerUrl: string | undefined; readonly topic: string },
  name: string,
): ReadCameraAddress {
  if (topic === "") return { ok: false, problem: "topic-missing" };
  if (!isTopicName(topic)) return { ok: false, problem: "topic-malformed" };
  if (/^(\$|mm\/)/.test(topic)) return { ok: false, problem: "topic-reserved" };
  if (brokerUrl === undefined) return { ok: true, address: { brokerUrl, topic, account: undefined, name } };
  const url = new URL(brokerUrl);
  const account = accountOf(url);
  url.username = "";
  url.password = "";
  return { ok: true, address: { brokerUrl: url.href, topic, account, name } };
}

function accountOf({ username, password }: URL): BrokerAccount | undefined {
  if (username === "" && password === "") return undefined;
  return { username: decoded(username), password: decoded(password) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
