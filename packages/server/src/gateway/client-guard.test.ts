import { DEFAULT_LIMITS } from "@mqtt-meet/broker";
import { TopicCheck } from "@mqtt-meet/broker/parts";
import type { PublishPacket, Subscription } from "@mqtt-meet/mqtt";
import { topicLevel } from "@mqtt-meet/protocol";
import { expect, test } from "vitest";
import { roomGrant } from "../room-grant.ts";
import { ClientGuard } from "./client-guard.ts";

const R = topicLevel("roomroomroomroomroom22");
const P = topicLevel("meeemeeemeeemeeemeee22");
const Q = topicLevel("youuyouuyouuyouuyouu22");
const newGuard = () => {
  const grant = roomGrant({ room: R, peer: P, clientId: P });
  return new ClientGuard({ grant, limits: DEFAULT_LIMITS, topics: new TopicCheck(DEFAULT_LIMITS) });
};
const message = (topic: string, properties?: PublishPacket["properties"]): PublishPacket => ({
  ...{ type: "publish", topic, payload: new Uint8Array(3), qos: 0, retain: false, dup: false, properties },
});
const wish = (filter: string, qos: 0 | 1 | 2 = 0): Subscription => ({
  ...{ filter, qos, noLocal: false, retainAsPublished: false, retainHandling: 0 },
});
const subscribe = (...subscriptions: Subscription[]) => ({ type: "subscribe", packetId: 1, subscriptions }) as const;

test("a forged sender ends the connection, also behind an alias (A1)", () => {
  const guard = newGuard();
  const own = `mm/1/${R}/${P}/a/mic`;
  expect(guard.publish(message(own, { topicAlias: 3 }))).toEqual(message(own, {}));
  expect(guard.publish(message("", { topicAlias: 3 }))?.topic).toBe(own);
  expect(() => guard.publish(message(`mm/1/${R}/${Q}/a/mic`, { topicAlias: 3 }))).toThrow("Not allowed");
  expect(() => guard.publish(message("", { topicAlias: 3 }))).toThrow("Not allowed");
  expect(() => guard.publish(message("", { topicAlias: 4 }))).toThrow("not known");
  expect(() => guard.publish(message(own, { topicAlias: 33 }))).toThrow("too large");
});

test("of a SUBSCRIBE only what is granted goes on, at the QoS that is granted (A2, A5)", () => {
  const { granted, refusals } = newGuard().subscribe(
    subscribe(wish(`mm/1/${R}/+/state`, 2), wish("#"), wish(`mm/1/${R}/${Q}/in/+`), wish(`mm/1/${R}/+/v/#`)),
  );
  expect(granted).toEqual([wish(`mm/1/${R}/+/state`, 1), wish(`mm/1/${R}/+/v/#`)]);
  expect(refusals).toEqual([undefined, 0x87, 0x87, undefined]);
});

test("filters are bounded, and an UNSUBSCRIBE makes room", () => {
  const guard = newGuard();
  const filter = (index: number) => `mm/1/${R}/all/peer${index}`;
  for (let index = 0; index < DEFAULT_LIMITS.maxSubscriptionsPerClient; index++) {
    expect(guard.subscribe(subscribe(wish(filter(index)))).refusals).toEqual([undefined]);
  }
  expect(guard.subscribe(subscribe(wish(filter(999)))).refusals).toEqual([0x97]);
  guard.unsubscribe({ type: "unsubscribe", packetId: 2, filters: [filter(0)] });
  expect(guard.subscribe(subscribe(wish(filter(999)))).refusals).toEqual([undefined]);
});

test("what a broker delivers beyond the grant is not passed on (A2)", () => {
  const guard = newGuard();
  for (const topic of [`mm/1/${R}/${Q}/state`, `mm/1/${R}/${Q}/v/camera/0/0`, `mm/1/${R}/${P}/in/${Q}`]) {
    expect(guard.mayReceive(topic), topic).toBe(true);
  }
  for (const topic of [`mm/1/${R}/${Q}/in/${P}`, `mm/1/${Q}/${P}/state`, "some/camera", "$SYS/broker/clients"]) {
    expect(guard.mayReceive(topic), topic).toBe(false);
  }
});
