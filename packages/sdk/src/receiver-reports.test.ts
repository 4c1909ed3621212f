import { topicLevel } from "@mqtt-meet/protocol";
import { expect, test } from "vitest";
import { ReceiverReports } from "./receiver-reports.ts";

const peers = ["ada", "bob", "cem", "dan"].map((name) => topicLevel(name));
const [ada, bob, cem] = peers as [(typeof peers)[0], (typeof peers)[0], (typeof peers)[0]];
const layer = (queueDelayMs: number, receivedBps = 400_000) => ({
  ...{ track: topicLevel("camera"), layer: 0, receivedBps, queueDelayMs },
  ...{ framesDecoded: 30, framesDropped: 0 },
});

test("ReceiverReports: one of several changes nothing, half of them do, and the only one does (R4)", () => {
  const reports = new ReceiverReports();
  reports.report(ada, [layer(900)], 0);
  expect(reports.view([ada], 100)).toEqual({ queueMs: 900, receivedBps: 400_000 });
  expect(reports.view([ada, bob], 100)).toBeUndefined();
  expect(reports.view(peers, 100)).toBeUndefined();
  reports.report(bob, [layer(100), layer(700, 100_000)], 0);
  expect(reports.view(peers, 100)).toEqual({ queueMs: 900, receivedBps: 500_000 });
  reports.report(cem, [layer(1e9)], 0);
  expect(reports.view([cem], 100)?.queueMs).toBe(5_000);
});

test("ReceiverReports forgets who is content, silent or gone", () => {
  const reports = new ReceiverReports();
  for (const peer of peers) reports.report(peer, [layer(500)], 0);
  expect(reports.view(peers, 2_500)).toBeDefined();
  expect(reports.view(peers, 2_501)).toBeUndefined();
  reports.report(ada, [layer(500)], 5_000);
  reports.report(ada, [layer(20)], 6_000);
  expect(reports.view([ada], 6_000)).toBeUndefined();
  reports.report(bob, [layer(500)], 6_000);
  reports.drop(bob);
  expect(reports.view([bob], 6_000)).toBeUndefined();
});

test("ReceiverReports: what ways carry that lose packets counts for as many as a queue does (R4)", () => {
  const reports = new ReceiverReports();
  const lossy = (availableBps: number) => ({ ...layer(10), availableBps });
  reports.report(ada, [lossy(300_000), lossy(100_000)], 0);
  expect(reports.view([ada], 100)).toMatchObject({ queueMs: 10, availableBps: 400_000 });
  expect(reports.view([ada, bob, cem], 100)).toBeUndefined();
  reports.report(bob, [lossy(700_000)], 0);
  expect(reports.view([ada, bob, cem], 100)?.availableBps).toBe(700_000);
  // With one who sees a queue: the median, where that has no bound.
  reports.report(cem, [layer(900)], 0);
  expect(reports.view([ada, bob, cem], 100)?.availableBps).toBe(700_000);
  reports.report(ada, [layer(900)], 200);
  expect(reports.view([ada, cem], 300)?.availableBps).toBeUndefined();
  reports.report(bob, [], 400);
  expect(reports.view([bob], 500)).toBeUndefined();
});
