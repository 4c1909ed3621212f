import { topicLevel } from "@mqtt-meet/protocol";
import { describe, expect, test } from "vitest";
import { roomGrant } from "./room-grant.ts";

const R = topicLevel("roomroomroomroomroom22");
const P = topicLevel("meeemeeemeeemeeemeee22");
const Q = topicLevel("youuyouuyouuyouuyouu22");
const main = roomGrant({ room: R, peer: P, clientId: P });
const video = roomGrant({ room: R, peer: P, clientId: `${P}.B` });

const plain = { qos: 0, retain: false, will: false, payloadBytes: 100 } as const;
const retained = { ...plain, qos: 1, retain: true } as const;
const will = { ...retained, will: true } as const;
const room = (rest: string) => `mm/1/${R}/${rest}`;

describe("publishing", () => {
  const own = [`${P}/state`, `${P}/catalog`, `${P}/a/mic`, `${P}/v/camera/0/0`, `${Q}/in/${P}`, `all/${P}`].map(room);
  test.each(own)("a member may publish to %s (A1)", (topic) => {
    expect(main.mayPublish(topic, plain)).toBe(true);
    expect(video.mayPublish(topic, plain)).toBe(true);
  });

  const others = [
    room(`${Q}/state`),
    room(`${Q}/catalog`),
    room(`${Q}/a/mic`),
    room(`${Q}/v/camera/0/0`),
    room(`${P}/in/${P}`),
    room(`${P}/in/${Q}`),
    room(`${Q}/in/${Q}`),
    room(`all/${Q}`),
    room("all/state"),
    room(`${P}/other`),
    room(`${P}/a`),
    room(`${P}/a/mic/1`),
    room(`${P}/v/camera/0`),
    room(P),
    `mm/1/${Q}/${P}/state`,
    `mm/2/${R}/${P}/state`,
    `mm/1/${R}x/${P}/state`,
    `/mm/1/${R}/${P}/state`,
    "some/camera",
    "$SYS/x",
    `$share/g/mm/1/${R}/${P}/state`,
    "",
  ];
  test.each(others)("a member may not publish to %s (A1)", (topic) => {
    expect(main.mayPublish(topic, plain)).toBe(false);
  });

  test("a member retains its state and catalog, up to 4 KiB, and nothing else (A3)", () => {
    for (const kind of ["state", "catalog"]) {
      expect(main.mayPublish(room(`${P}/${kind}`), { ...retained, payloadBytes: 4096 })).toBe(true);
      expect(main.mayPublish(room(`${P}/${kind}`), { ...retained, payloadBytes: 4097 })).toBe(false);
      expect(main.mayPublish(room(`${P}/${kind}`), { ...retained, payloadBytes: 0 })).toBe(true);
      expect(video.mayPublish(room(`${P}/${kind}`), retained)).toBe(false);
    }
    for (const topic of [`${P}/a/mic`, `${P}/v/camera/0/0`, `${Q}/in/${P}`, `all/${P}`, `${Q}/state`].map(room)) {
      expect(main.mayPublish(topic, retained)).toBe(false);
    }
  });

  test("a member's will goes to its own state, from its main connection, up to 1 KiB (A4)", () => {
    expect(main.mayPublish(room(`${P}/state`), { ...will, payloadBytes: 1024 })).toBe(true);
    expect(main.mayPublish(room(`${P}/state`), { ...will, payloadBytes: 1025 })).toBe(false);
    expect(video.mayPublish(room(`${P}/state`), will)).toBe(false);
    for (const topic of [`${P}/catalog`, `${P}/a/mic`, `${Q}/state`, `${Q}/in/${P}`, `all/${P}`].map(room)) {
      expect(main.mayPublish(topic, { ...will, retain: false })).toBe(false);
    }
  });

  test("rooms have QoS 0 and 1, and short keep-alives (A5)", () => {
    expect(main.maxQos).toBe(1);
    expect(main.keepAliveMaxS).toBe(60);
  });

  test("only the same peer of the same room is the same identity (A6)", () => {
    expect(video.identity).toBe(main.identity);
    expect(roomGrant({ room: Q, peer: P, clientId: P }).identity).not.toBe(main.identity);
    expect(roomGrant({ room: R, peer: Q, clientId: Q }).identity).not.toBe(main.identity);
  });
});

describe("subscribing", () => {
  const allowed = [
    "+/state",
    "+/catalog",
    "+/a/+",
    "+/a/#",
    "+/v/#",
    "+/v/+/0/+",
    "all/+",
    "all/#",
    `all/${Q}`,
    `${P}/in/+`,
    `${P}/in/#`,
    `${P}/in/${Q}`,
    `${P}/#`,
    `${P}/+`,
    `${P}/+/+`,
    `${Q}/state`,
    `${Q}/a/+`,
    `${Q}/v/camera/0/+`,
    `${Q}/v/#`,
  ].map(room);
  test.each(allowed)("a member may subscribe to %s (A2)", (filter) => {
    expect(main.maySubscribe(filter)).toBe(true);
  });

  const refused = [
    "#",
    "+",
    "+/+",
    "+/#",
    "+/+/+",
    `+/+/${P}`,
    "+/in/+",
    `+/in/${P}`,
    "+/in/#",
    `${Q}/#`,
    `${Q}/+`,
    `${Q}/+/${P}`,
    `${Q}/in/+`,
    `${Q}/in/${P}`,
    `${Q}/in/#`,
    `${Q}/other`,
    P,
    `${P}/#/x`,
    `${P}/a+`,
    `${P}/in/$x`,
    "$x/state",
    "all",
    `+/v/+/0/+/+/+/+`,
  ].map(room);
  const elsewhere = [
    "#",
    "+/#",
    "+/+/+/+/state",
    "mm/#",
    "mm/1/#",
    "mm/1/+/+/state",
    `mm/+/${R}/+/state`,
    `+/1/${R}/+/state`,
    `mm/1/${Q}/+/state`,
    `mm/2/${R}/+/state`,
    `/mm/1/${R}/+/state`,
    "some/camera",
    "$SYS/#",
    `$share/g/mm/1/${R}/+/state`,
    `$queue/mm/1/${R}/+/state`,
    `$exclusive/mm/1/${R}/+/state`,
    `$delayed/1/mm/1/${R}/+/state`,
    "$CONTROL/#",
    "",
  ];
  test.each([...refused, ...elsewhere])("a member may not subscribe to %s (A2)", (filter) => {
    expect(main.maySubscribe(filter)).toBe(false);
  });
});
