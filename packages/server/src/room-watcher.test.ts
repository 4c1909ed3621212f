import { Broker, type Grant } from "@mqtt-meet/broker";
import { Connection } from "@mqtt-meet/mqtt";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { DEPARTURE_MS } from "./departed-peers.ts";
import { memoryStreams } from "./memory-streams.ts";
import { RoomWatcher, watcherMayPublish } from "./room-watcher.ts";

const everything: Omit<Grant, "identity"> = { maxQos: 1, mayPublish: () => true, maySubscribe: () => true };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("RoomWatcher clears what a participant retained that has gone without doing so (A3)", async () => {
  const broker = new Broker({
    authenticate: ({ clientId }) => ({ ...everything, identity: `R/${clientId}` }),
    onConnect: (client) => watcher.connected(client),
    onDisconnect: (client) => watcher.disconnected(client),
  });
  const dial = async () => {
    const [inner, outer] = memoryStreams();
    broker.accept(outer, { local: true });
    return inner;
  };
  const watcher = new RoomWatcher({ dial, clientId: "watcher", username: "watcher", password: "" });
  const ada = new Connection({ dial, clientId: "ada", reconnect: false });
  await vi.advanceTimersByTimeAsync(100);
  for (const kind of ["state", "catalog"]) {
    const published = ada.publish(`mm/1/R/ada/${kind}`, new Uint8Array(1), { qos: 1, retain: true });
    await vi.advanceTimersByTimeAsync(100);
    await published;
  }
  expect(broker.statistics.retainedMessages).toBe(2);
  const closed = ada.close();
  await vi.advanceTimersByTimeAsync(DEPARTURE_MS - 5_000);
  await closed;
  expect(broker.statistics.retainedMessages).toBe(2);
  await vi.advanceTimersByTimeAsync(12_000);
  expect(broker.statistics.retainedMessages).toBe(0);
  const ended = watcher.close();
  await vi.advanceTimersByTimeAsync(6_000);
  await ended;
  broker.close();
});

test("the watcher may answer who knocks and say what is enforced (D4, D7)", () => {
  const [kept, said] = [
    { retain: true, payloadBytes: 9 },
    { retain: false, payloadBytes: 9 },
  ];
  expect([watcherMayPublish("mm/1/R/P/standing", said), watcherMayPublish("mm/1/R/P/standing", kept)]).toEqual([
    true,
    false,
  ]);
  expect([
    watcherMayPublish("mm/1/R/all/server/rules", kept),
    watcherMayPublish("mm/1/R/all/server/rules", said),
  ]).toEqual([true, false]);
  for (const topic of [
    "mm/1/R/P/knock",
    "mm/1/R/P/order/Q",
    "mm/1/R/all/order/Q",
    "mm/1/R/P/server/rules",
    "mm/1/R/P/in/Q",
  ]) {
    expect([watcherMayPublish(topic, kept), watcherMayPublish(topic, said)], topic).toEqual([false, false]);
  }
});

test("the watcher may clear states and catalogs, and nothing else of participants", () => {
  const clearing = { retain: true, payloadBytes: 0 };
  expect(watcherMayPublish("mm/1/R/P/state", clearing)).toBe(true);
  expect(watcherMayPublish("mm/1/R/P/catalog", clearing)).toBe(true);
  expect(watcherMayPublish("mm/1/R/P/state", { retain: true, payloadBytes: 1 })).toBe(false);
  expect(watcherMayPublish("mm/1/R/P/state", { retain: false, payloadBytes: 0 })).toBe(false);
  for (const topic of ["mm/1/R/all/P", "mm/1/R/P/in/Q", "x/mm/1/R/P/state", "mm/1/R/P/state/x", "some/camera"]) {
    expect(watcherMayPublish(topic, clearing)).toBe(false);
  }
});
