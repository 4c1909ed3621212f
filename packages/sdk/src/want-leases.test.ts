import { topicLevel } from "@mqtt-meet/protocol";
import { expect, test } from "vitest";
import { WANT_LEASE_MS, WantLeases } from "./want-leases.ts";

const ada = topicLevel("ada");
const bob = topicLevel("bob");
const camera = topicLevel("camera");
const screen = topicLevel("screen");
const of = (track: typeof camera, layer = 0) => ({ track, layer });

test("WantLeases: a track is watched until the last lease ends", () => {
  const leases = new WantLeases();
  leases.want(ada, { layers: [of(camera)], leaseMs: WANT_LEASE_MS, nowMs: 0 });
  leases.want(bob, { layers: [of(camera)], leaseMs: WANT_LEASE_MS, nowMs: 5_000 });
  expect(leases.watchedLayers(camera, 12_000)).toEqual(new Set([0]));
  expect(leases.watchedLayers(camera, 16_999)).toEqual(new Set([0]));
  expect(leases.watchedLayers(camera, 17_000)).toEqual(new Set());
});

test("WantLeases: a want replaces the earlier one, and only new tracks owe a key frame", () => {
  const leases = new WantLeases();
  const want = (...layers: ReturnType<typeof of>[]) => leases.want(ada, { layers, leaseMs: WANT_LEASE_MS, nowMs: 0 });
  expect(want(of(camera))).toEqual([of(camera)]);
  expect(want(of(camera), of(screen))).toEqual([of(screen)]);
  expect(want(of(camera, 2), of(screen))).toEqual([of(camera, 2)]);
  expect(want(of(screen))).toEqual([]);
  expect(leases.watchedLayers(camera, 0)).toEqual(new Set());
  want();
  expect(leases.watchedLayers(screen, 0)).toEqual(new Set());
});

test("WantLeases knows each layer by itself (R3)", () => {
  const leases = new WantLeases();
  leases.want(ada, { layers: [of(camera, 2), of(screen)], leaseMs: WANT_LEASE_MS, nowMs: 0 });
  leases.want(bob, { layers: [of(camera, 0)], leaseMs: WANT_LEASE_MS, nowMs: 5_000 });
  expect(leases.watchedLayers(camera, 6_000)).toEqual(new Set([0, 2]));
  expect(leases.watchedLayers(camera, 13_000)).toEqual(new Set([0]));
});

test("WantLeases: after its lease ended, the same want is new again", () => {
  const leases = new WantLeases();
  leases.want(ada, { layers: [of(camera)], leaseMs: WANT_LEASE_MS, nowMs: 0 });
  expect(leases.want(ada, { layers: [of(camera)], leaseMs: WANT_LEASE_MS, nowMs: 20_000 })).toEqual([of(camera)]);
});

test("WantLeases: no lease is longer than ours, and who is gone wants nothing", () => {
  const leases = new WantLeases();
  leases.want(ada, { layers: [of(camera)], leaseMs: 1e12, nowMs: 0 });
  expect(leases.watchedLayers(camera, WANT_LEASE_MS)).toEqual(new Set());
  leases.want(bob, { layers: [of(camera)], leaseMs: WANT_LEASE_MS, nowMs: 0 });
  leases.drop(bob);
  expect(leases.watchedLayers(camera, 0)).toEqual(new Set());
});

test("WantLeases is bounded", () => {
  const leases = new WantLeases();
  for (let i = 0; i < 1_000; i++) {
    leases.want(topicLevel(`p${i}`), { layers: [of(camera)], leaseMs: WANT_LEASE_MS, nowMs: 0 });
  }
  expect(leases.want(ada, { layers: [of(screen)], leaseMs: WANT_LEASE_MS, nowMs: 0 })).toEqual([]);
  expect(leases.watchedLayers(screen, 0)).toEqual(new Set());
});
