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
  verifyInvitation,
  verifyToken,
} from "./room-token.ts";
import { tokenGrant } from "./token-grant.ts";
import { type AclRule, aclRules, invitationPayload, tokenPayload } from "./token-payload.ts";
import { TokenSessions } from "./token-sessions.ts";

const R = topicLevel("standup");
const P = topicLevel("meeemeeemeeemeeemeee22");
const Q = topicLevel("youuyouuyouuyouuyouu22");
const NOW_S = 1_700_000_000;
const claims: RoomTokenClaims = {
  ...{ room: R, peer: P, role: "member", publish: ["a", "v", "s", "c"], subscribe: true, admin: false, wait: false },
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
  ...[`${P}/v/screen-2/0/0`, `${P}/v/screen-9/0/0`, `${P}/v/screenshot/0/0`],
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

const ROLES_OF_OTHERS = [{ admin: true }, { subscribe: false }] as const;

test.each(ROLES_OF_OTHERS)("a host, and nobody else, asks for a removal, of others only: %o (A16)", (changes) => {
  const some = { ...claims, ...changes };
  const grant = tokenGrant(some, { clientId: P, nowS: () => NOW_S });
  const request = { qos: 1, retain: false, will: false, payloadBytes: 0 } as const;
  const topic = room(`${Q}/out/${P}`);
  expect(grant.mayPublish(topic, request)).toBe(some.admin);
  expect(allows(aclRules(some), { action: "publish", topic, retain: false })).toBe(some.admin);
  for (const other of [`${P}/out/${P}`, `${Q}/out/${Q}`]) expect(grant.mayPublish(room(other), request)).toBe(false);
  for (const odd of [{ retain: true }, { will: true }]) {
    expect(grant.mayPublish(topic, { ...request, ...odd })).toBe(false);
  }
  for (const filter of ["+/out/+", `${Q}/out/+`]) expect(grant.maySubscribe(room(filter))).toBe(false);
});

test.each(ROLES_OF_OTHERS)("a host, and nobody else, orders and hears who knocks: %o (D3, D5)", (changes) => {
  const some = { ...claims, ...changes };
  const grant = tokenGrant(some, { clientId: P, nowS: () => NOW_S });
  const rules = aclRules(some);
  const request = { qos: 1, retain: false, will: false, payloadBytes: 512 } as const;
  for (const topic of [`${Q}/order/${P}`, `all/order/${P}`].map(room)) {
    expect(grant.mayPublish(topic, request), topic).toBe(some.admin);
    expect(allows(rules, { action: "publish", topic, retain: false }), topic).toBe(some.admin);
    for (const odd of [{ retain: true }, { will: true }, { qos: 0 as const }, { payloadBytes: 513 }]) {
      expect(grant.mayPublish(topic, { ...request, ...odd })).toBe(false);
    }
  }
  for (const other of [
    `${P}/order/${P}`,
    `${Q}/order/${Q}`,
    `all/order/${Q}`,
    `${P}/knock`,
    `${P}/standing`,
    "all/server/rules",
  ]) {
    expect(grant.mayPublish(room(other), request), other).toBe(false);
  }
  expect(grant.maySubscribe(room("+/knock"))).toBe(some.admin);
  expect(allows(rules, { action: "subscribe", topic: room("+/knock") })).toBe(some.admin);
  const heard = room("all/server/rules");
  expect([grant.maySubscribe(heard), allows(rules, { action: "subscribe", topic: heard })]).toEqual([true, true]);
});

test("only what is forbidden for now is dropped, all else that is not allowed ends the connection (D6)", () => {
  const some = { ...claims, publish: ["a", "c"] } as const;
  const grant = tokenGrant(some, { clientId: P, nowS: () => NOW_S, isMuted: (kind) => kind !== "s" });
  const request = { qos: 0, retain: false, will: false, payloadBytes: 9 } as const;
  const how = (rest: string) => {
    const { onRefusedPublish: refused } = grant;
    if (grant.mayPublish(room(rest), request) || typeof refused !== "function") return "passes";
    return refused(room(rest));
  };
  expect([`${P}/a/mic`, `all/${P}`, `${P}/state`].map(how)).toEqual(["drop", "passes", "passes"]);
  const others = [`${P}/v/camera/0/0`, `${P}/v/screen/0/0`, `${Q}/a/mic`, `all/${Q}`, `${P}/knock`, "x"];
  expect(others.map(how)).toEqual(others.map(() => "close"));
});

test("who hears nobody is told who is there and what is said all the same (K7)", () => {
  const grant = tokenGrant({ ...claims, subscribe: false }, { clientId: P, nowS: () => NOW_S });
  const may = ["+/state", "+/catalog", "all/+", `${P}/in/+`, "+/a/+", "+/v/#", `${Q}/v/camera/0/+`].map((filter) =>
    grant.maySubscribe(room(filter)),
  );
  expect(may).toEqual([true, true, true, true, false, false, false]);
});

test("an invitation says what its holder may do, and is no token; a token is no invitation (K11)", () => {
  const key = newKey("ed25519");
  const invitation = signToken(invitationPayload(claims), key);
  const { peer: _, ...rights } = claims;
  expect(verifyInvitation(invitation, key, NOW_S)).toEqual({ ...rights, id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  expect(verifyToken(invitation, key, NOW_S)).toBeUndefined();
  expect(verifyInvitation(signToken(tokenPayload(claims), key), key, NOW_S)).toBeUndefined();
  expect(verifyInvitation(invitation, key, NOW_S + 600)).toBeUndefined();
  expect(verifyInvitation(invitation, newKey("ed25519"), NOW_S)).toBeUndefined();
  const payload = invitationPayload(claims);
  for (const bad of [{ jti: undefined }, { jti: "" }, { jti: "x".repeat(65) }, { mqm: 7 }, { exp: null }]) {
    expect(verifyInvitation(signToken({ ...payload, ...bad }, key), key, NOW_S)).toBeUndefined();
  }
});

/** A client that notes how it is closed. */
const fakeClient = (name: string, closed: string[]) => ({
  ...{ clientId: name, identity: `r/${name}` },
  close: (code: number) => closed.push(`${name} ${code}`),
});
const ticketOf = (name: string, expiresAtS: number) => ({ ticket: name, identity: `r/${name}`, expiresAtS });

test("a connection is ended a minute after its token, unless it came back with a new one", () => {
  const closed: string[] = [];
  const sessions = new TokenSessions();
  const [old, renewed] = [fakeClient("a", closed), fakeClient("a", closed)];
  const [guest, gone] = [fakeClient("guest", closed), fakeClient("b", closed)];
  sessions.shown("a", ticketOf("a", NOW_S + 600), NOW_S);
  sessions.connected(old);
  sessions.connected(guest);
  sessions.shown("b", ticketOf("b", NOW_S + 600), NOW_S);
  sessions.connected(gone);
  sessions.disconnected(gone);
  sessions.shown("a", ticketOf("a", NOW_S + 1200), NOW_S + 590);
  sessions.connected(renewed);
  sessions.sweep(NOW_S + 659);
  expect(closed).toEqual([]);
  sessions.sweep(NOW_S + 660);
  expect(closed).toEqual(["a 135"]);
  sessions.disconnected(old);
  sessions.sweep(NOW_S + 1260);
  expect(closed).toEqual(["a 135", "a 135"]);
});

test("who is removed is cut off with all that came with the same, also while being let in (A16)", () => {
  const closed: string[] = [];
  const sessions = new TokenSessions();
  const clients = ["a", "a.B", "b"].map((name) => fakeClient(name, closed));
  for (const client of clients) {
    const { clientId } = client;
    sessions.shown(clientId, { ...ticketOf(clientId.slice(0, 1), NOW_S + 600), identity: `r/${clientId[0]}` }, NOW_S);
    sessions.connected(client);
  }
  sessions.remove("r/nobody");
  expect(closed).toEqual([]);
  sessions.shown("a.C", { ...ticketOf("a", NOW_S + 600) }, NOW_S);
  sessions.remove("r/a");
  expect(closed).toEqual(["a 152", "a.B 152"]);
  sessions.connected(fakeClient("a.C", closed));
  expect(closed).toEqual(["a 152", "a.B 152", "a.C 152"]);
  expect([sessions.isRemoved("a"), sessions.isRemoved("b")]).toEqual([true, false]);
});
