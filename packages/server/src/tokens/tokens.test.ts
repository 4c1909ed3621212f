import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { topicMatches } from "@mqtt-meet/mqtt";
import { topicLevel } from "@mqtt-meet/protocol";
import { describe, expect, test } from "vitest";
import {
  publicTokenKey,
  type RoomTokenClaims,
  readTokenKey,
  signToken,
  type TokenKey,
  verifyToken,
} from "./room-token.ts";
import { tokenGrant } from "./token-grant.ts";
import { type AclRule, aclRules, tokenPayload } from "./token-payload.ts";
import { TokenSessions } from "./token-sessions.ts";

const R = topicLevel("standup");
const P = topicLevel("meeemeeemeeemeeemeee22");
const Q = topicLevel("youuyouuyouuyouuyouu22");
const NOW_S = 1_700_000_000;
const claims: RoomTokenClaims = {
  ...{ room: R, peer: P, role: "member", publish: ["a", "v", "s", "c"], subscribe: true, admin: false },
  ...{ expiresAtS: NOW_S + 600, notBeforeS: NOW_S },
};

function newKey(kind: "ed25519" | "P-256" | "P-384" | "rsa"): TokenKey {
  const key = readTokenKey(pemOf(kind));
  if (!key) throw new Error("The key cannot be read.");
  return key;
}

function pemOf(kind: "ed25519" | "P-256" | "P-384" | "rsa"): string {
  return privateKey(kind).export({ type: "pkcs8", format: "pem" }).toString();
}

function privateKey(kind: "ed25519" | "P-256" | "P-384" | "rsa"): KeyObject {
  if (kind === "ed25519") return generateKeyPairSync("ed25519").privateKey;
  if (kind === "rsa") return generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  return generateKeyPairSync("ec", { namedCurve: kind }).privateKey;
}

describe.each(["ed25519", "P-256"] as const)("tokens of a key of %s", (kind) => {
  const key = newKey(kind);
  const token = signToken(tokenPayload(claims), key);

  test("say who may do what, to who has the public half", () => {
    expect(verifyToken(token, publicTokenKey(key), NOW_S)).toEqual(claims);
  });

  test("are of no use before and after their time", () => {
    expect(verifyToken(token, key, NOW_S - 1)).toBeUndefined();
    expect(verifyToken(token, key, NOW_S + 599)).toBeDefined();
    expect(verifyToken(token, key, NOW_S + 600)).toBeUndefined();
  });

  test("are refused with another key, another algorithm, or changed", () => {
    const [header = "", payload = "", signature = ""] = token.split(".");
    const withHeader = (head: object) => `${Buffer.from(JSON.stringify(head)).toString("base64url")}.${payload}`;
    const other = newKey(kind === "ed25519" ? "P-256" : "ed25519");
    const forged = signToken(tokenPayload({ ...claims, peer: Q }), newKey(kind)).split(".");
    const bad = [
      signToken(tokenPayload(claims), newKey(kind)),
      signToken(tokenPayload(claims), other),
      `${withHeader({ alg: "none" })}.`,
      `${withHeader({ alg: "none" })}.${signature}`,
      `${withHeader({ alg: "HS256" })}.${signature}`,
      `${withHeader({ alg: other.algorithm })}.${signature}`,
      `${header}.${forged[1]}.${signature}`,
      `${header}.${payload}`,
      `${token}.x`,
      `${header}.${payload}.${signature.slice(0, -4)}`,
      "..",
      "",
      "x".repeat(10_000),
    ];
    for (const text of bad) expect(verifyToken(text, key, NOW_S), text.slice(0, 60)).toBeUndefined();
  });

  test("need a peer, a room and an end", () => {
    const payload = tokenPayload(claims) as { mqm: object };
    const bad: object[] = [
      { ...payload, sub: "short" },
      { ...payload, sub: `${P}/#` },
      { ...payload, exp: undefined },
      { ...payload, exp: "tomorrow" },
      { ...payload, mqm: undefined },
      { ...payload, mqm: { ...payload.mqm, v: 2 } },
      { ...payload, mqm: { ...payload.mqm, room: "*" } },
      { ...payload, mqm: { ...payload.mqm, room: "+" } },
      { ...payload, mqm: { ...payload.mqm, pub: "a" } },
    ];
    for (const each of bad) expect(verifyToken(signToken(each, key), key, NOW_S)).toBeUndefined();
  });
});

test("other keys are none for tokens", () => {
  for (const pem of [pemOf("rsa"), pemOf("P-384"), "", "-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----"]) {
    expect(readTokenKey(pem)).toBeUndefined();
  }
});

const room = (rest: string) => `mm/1/${R}/${rest}`;
const SENT = [
  ...[`${P}/state`, `${P}/catalog`, `${P}/a/mic`, `${P}/v/camera/0/0`, `${P}/v/screen/0/0`, `all/${P}`, `${Q}/in/${P}`],
  ...[`${Q}/state`, `${Q}/a/mic`, `${Q}/v/camera/0/0`, `all/${Q}`, `${Q}/in/${Q}`, `${P}/other`],
].map(room);
const HEARD = ["+/state", "+/catalog", "+/a/+", "+/v/+/0/+", "all/+", `${P}/in/+`, `${Q}/in/+`, "+/in/+", "#"].map(
  room,
);
const roles: [string, Partial<RoomTokenClaims>][] = [
  ["everything", {}],
  ["no screen", { publish: ["a", "v", "c"] }],
  ["the screen only", { publish: ["s"] }],
  ["chat only", { publish: ["c"] }],
  ["nothing, and hears nothing", { publish: [], subscribe: false }],
];

test.each(roles)("our own rights and those for EMQX are the same: %s", (_, changes) => {
  const some = { ...claims, ...changes };
  const grant = tokenGrant(some, { clientId: P, nowS: () => NOW_S });
  const rules = aclRules(some);
  for (const topic of SENT) {
    const retain = /state$|catalog$/.test(topic);
    const own = grant.mayPublish(topic, { qos: 0, retain, will: false, payloadBytes: 9 });
    expect(own, topic).toBe(allows(rules, { action: "publish", topic, retain }));
  }
  for (const filter of HEARD) {
    expect(grant.maySubscribe(filter), filter).toBe(allows(rules, { action: "subscribe", topic: filter }));
  }
});

/** As EMQX decides: the first rule that matches; a filter matches a rule that covers all of it. */
function allows(rules: readonly AclRule[], wish: { action: string; topic: string; retain?: boolean }): boolean {
  const rule = rules.find(
    ({ action, topic, retain }) =>
      (action === "all" || action === wish.action) &&
      (retain === undefined || retain === wish.retain) &&
      (wish.action === "publish" || topic === "#" ? topicMatches(topic, wish.topic) : covers(topic, wish.topic)),
  );
  return rule?.permission === "allow";
}

function covers(rule: string, filter: string): boolean {
  const [wide, narrow] = [rule.split("/"), filter.split("/")];
  const end = wide.indexOf("#");
  if (end >= 0) return narrow.length >= end && wide.slice(0, end).every((level, at) => fits(level, narrow[at]));
  return wide.length === narrow.length && wide.every((level, at) => fits(level, narrow[at]));
}

function fits(level: string, other: string | undefined): boolean {
  return (level === "+" && other !== "#") || level === other;
}

test("the rights end with the token, a minute later at most", () => {
  let nowS = NOW_S + 659;
  const grant = tokenGrant(claims, { clientId: P, nowS: () => nowS });
  const request = { qos: 0, retain: false, will: false, payloadBytes: 9 } as const;
  const may = () => [
    grant.mayPublish(room(`${P}/a/mic`), request),
    grant.maySubscribe(room("+/state")),
    grant.mayReceive?.(room(`${Q}/state`)),
  ];
  expect(may()).toEqual([true, true, true]);
  nowS++;
  expect(may()).toEqual([false, false, false]);
});

test("a connection is ended a minute after its token, unless it came back with a new one", () => {
  const closed: string[] = [];
  const client = (name: string) => ({ clientId: name, close: (code: number) => closed.push(`${name} ${code}`) });
  const sessions = new TokenSessions();
  const [old, renewed, guest, gone] = [client("a"), client("a"), client("guest"), client("b")];
  sessions.shown("a", { expiresAtS: NOW_S + 600, nowS: NOW_S });
  sessions.connected(old);
  sessions.connected(guest);
  sessions.shown("b", { expiresAtS: NOW_S + 600, nowS: NOW_S });
  sessions.connected(gone);
  sessions.disconnected(gone);
  sessions.shown("a", { expiresAtS: NOW_S + 1200, nowS: NOW_S + 590 });
  sessions.connected(renewed);
  sessions.sweep(NOW_S + 659);
  expect(closed).toEqual([]);
  sessions.sweep(NOW_S + 660);
  expect(closed).toEqual(["a 135"]);
  sessions.disconnected(old);
  sessions.sweep(NOW_S + 1260);
  expect(closed).toEqual(["a 135", "a 135"]);
});
