import { randomUUID } from "node:crypto";
import { TOPIC_PREFIX } from "@mqtt-meet/protocol";
import type { PublishKind, RoomTokenClaims } from "./room-token.ts";

/** One line of an `acl` claim, as EMQX (from 5.5 on) reads it. */
export interface AclRule {
  readonly permission: "allow" | "deny";
  readonly action: "publish" | "subscribe" | "all";
  readonly topic: string;
  readonly retain?: boolean;
}

/** What is signed: the claims for our own server, and the same rights as rules for EMQX. */
export function tokenPayload(claims: RoomTokenClaims): object {
  const { room, peer, role, publish, subscribe, admin, expiresAtS, notBeforeS } = claims;
  return {
    ...{ sub: peer, exp: expiresAtS, nbf: notBeforeS, jti: randomUUID() },
    mqm: { v: 1, room, role, pub: publish, sub: subscribe, admin },
    acl: aclRules(claims),
  };
}

/** The rights of `claims` as rules. What no rule allows, the last one denies: EMQX would ask its next authorizer. */
export function aclRules({ room, peer, publish, subscribe }: RoomTokenClaims): AclRule[] {
  const at = (rest: string) => `${TOPIC_PREFIX}/${room}/${rest}`;
  const allow = (action: "publish" | "subscribe", topic: string) => ({ permission: "allow", action, topic }) as const;
  const say = (topic: string, retain = false) => ({ ...allow("publish", at(topic)), retain });
  const own: Readonly<Record<PublishKind, readonly string[]>> = {
    a: [`${peer}/a/+`],
    v: [`${peer}/v/+/+/+`],
    s: [`${peer}/v/screen/+/+`],
    c: [`all/${peer}`],
  };
  const heard = ["+/state", "+/catalog", "+/a/#", "+/v/#", "all/+"];
  return [
    // A rule for `v` matches the screen, too.
    ...(publish.includes("v") && !publish.includes("s")
      ? [{ permission: "deny", action: "publish", topic: at(`${peer}/v/screen/+/+`) } as const]
      : []),
    say(`${peer}/state`, true),
    say(`${peer}/catalog`, true),
    ...publish.flatMap((kind) => own[kind]).map((topic) => say(topic)),
    say(`+/in/${peer}`),
    ...(subscribe ? heard.map((topic) => allow("subscribe", at(topic))) : []),
    allow("subscribe", at(`${peer}/in/+`)),
    { permission: "deny", action: "all", topic: "#" },
  ];
}
