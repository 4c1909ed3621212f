import { randomUUID } from "node:crypto";
import { type PublishKind, type RoomRights, TOPIC_PREFIX } from "@mqtt-meet/protocol";
import type { RoomTokenClaims } from "./room-token.ts";

/** One line of an `acl` claim, as EMQX (from 5.5 on) reads it. */
export interface AclRule {
  readonly permission: "allow" | "deny";
  readonly action: "publish" | "subscribe" | "all";
  readonly topic: string;
  readonly retain?: boolean;
}

/** What is signed: the claims for our own server, and the same rights as rules for EMQX. */
export function tokenPayload(claims: RoomTokenClaims): object {
  return { sub: claims.peer, ...rightsPayload(claims), acl: aclRules(claims) };
}

/** What is signed of an invitation: whoever has it comes as a peer of its own, which no rule for EMQX can name. */
export function invitationPayload(rights: RoomRights): object {
  return rightsPayload(rights);
}

function rightsPayload({ room, role, publish, subscribe, admin, wait, expiresAtS, notBeforeS }: RoomRights): object {
  return {
    ...{ exp: expiresAtS, nbf: notBeforeS, jti: randomUUID() },
    mqm: { v: 1, room, role, pub: publish, sub: subscribe, admin, ...(wait ? { wait } : {}) },
  };
}

/** Who shares a screen again has another track. No filter of MQTT covers all of them: for EMQX the tenth is a camera. */
const SCREENS = ["screen", ...Array.from({ length: 8 }, (_, i) => `screen-${i + 2}`)];

/** The rights of `claims` as rules. What no rule allows, the last one denies: EMQX would ask its next authorizer. */
export function aclRules({ room, peer, publish, subscribe, admin }: RoomTokenClaims): AclRule[] {
  const at = (rest: string) => `${TOPIC_PREFIX}/${room}/${rest}`;
  const allow = (action: "publish" | "subscribe", topic: string) => ({ permission: "allow", action, topic }) as const;
  const say = (topic: string, retain = false) => ({ ...allow("publish", at(topic)), retain });
  const screens = SCREENS.map((track) => `${peer}/v/${track}/+/+`);
  const own: Readonly<Record<PublishKind, readonly string[]>> = {
    a: [`${peer}/a/+`],
    v: [`${peer}/v/+/+/+`],
    s: screens,
    c: [`all/${peer}`],
  };
  // Without who is there and what is said, nobody could agree on keys.
  const heard = [
    "+/state",
    "+/catalog",
    "all/+",
    "all/server/rules",
    ...(admin ? ["+/knock"] : []),
    ...(subscribe ? ["+/a/#", "+/v/#"] : []),
  ];
  const deny = (topic: string) => ({ permission: "deny", action: "publish", topic: at(topic) }) as const;
  return [
    // A rule for `v` matches screens, too.
    ...(publish.includes("v") && !publish.includes("s") ? screens.map(deny) : []),
    say(`${peer}/state`, true),
    say(`${peer}/catalog`, true),
    ...publish.flatMap((kind) => (kind === "s" && publish.includes("v") ? [] : own[kind])).map((topic) => say(topic)),
    say(`+/in/${peer}`),
    // `+` stands for everybody, too.
    ...(admin ? [say(`+/out/${peer}`), say(`+/order/${peer}`)] : []),
    ...heard.map((topic) => allow("subscribe", at(topic))),
    allow("subscribe", at(`${peer}/in/+`)),
    { permission: "deny", action: "all", topic: "#" },
  ];
}
