import { topicLevel } from "@mqtt-meet/protocol";
import { expect, test } from "vitest";
import { WANT_LEASE_MS, WantLeases } from "./want-leases.ts";

const ada = topicLevel("ada");
const bob = topicLevel("bob");
const camera = topicLevel("camera");
const screen = topicLevel("screen");

test("WantLeases: a track is watched until the last lease ends", () => {
  const leases = new WantLeases();
  leases.want(ada, { tracks: [camera], leaseMs: WANT_LEASE_MS, nowMs: 0 });
  leases.want(bob, { tracks: [camera], leaseMs: WANT_LEASE_MS, nowMs: 5_000 });
  expect(leases.isWatched(camera, 12_000)).toBe(true);
  expect(leases.isWatched(camera, 16_999)).toBe(true);
  expect(leases.isWatched(camera, 17_000)).toBe(false);
});

test("WantLeases: a want replaces the earlier one, and only new tracks owe a key frame", () => {
  const leases = new WantLeases();
  const want = (...tracks: (typeof camera)[]) => leases.want(ada, { tracks, leaseMs: WANT_LEASE_MS, nowMs: 0 });
  expect(want(camera)).toEqual([camera]);
  expect(want(camera, screen)).toEqual([screen]);
  expect(want(screen)).toEqual([]);
  expect(leases.isWatched(camera, 0)).toBe(false);
  want();
  expect(leases.isWatched(screen, 0)).toBe(false);
});

test("WantLeases: after its lease ended, the same want is new again", () => {
  const leases = new WantLeases();
  leases.want(ada, { tracks: [camera], leaseMs: WANT_LEASE_MS, nowMs: 0 });
  expect(leases.want(ada, { tracks: [camera], leaseMs: WANT_LEASE_MS, nowMs: 20_000 })).toEqual([camera]);
});

test("WantLeases: no lease is longer than ours, and who is gone wants nothing", () => {
  const leases = new WantLeases();
  leases.want(ada, { tracks: [camera], leaseMs: 1e12, nowMs: 0 });
  expect(leases.isWatched(camera, WANT_LEASE_MS)).toBe(false);
  leases.want(bob, { tracks: [camera], leaseMs: WANT_LEASE_MS, nowMs: 0 });
  leases.drop(bob);
  expect(leases.isWatched(camera, 0)).toBe(false);
});

test("WantLeases is bounded", () => {
  const leases = new WantLeases();
  for (let i = 0; i < 1_000; i++) {
    leases.want(topicLevel(`p${i}`), { tracks: [camera], leaseMs: WANT_LEASE_MS, nowMs: 0 });
  }
  expect(leases.want(ada, { tracks: [screen], leaseMs: WANT_LEASE_MS, nowMs: 0 })).toEqual([]);
  expect(leases.isWatched(screen, 0)).toBe(false);
});
