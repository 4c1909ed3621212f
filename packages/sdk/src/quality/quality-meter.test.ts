import { expect, test } from "vitest";
import type { Participant, RemoteTrack, TrackStatistics } from "../room.ts";
import { QualityMeter } from "./quality-meter.ts";

const KEY = "ada/camera";
const track: RemoteTrack = {
  ...{ key: KEY, peer: "ada", id: "camera", kind: "video", source: "camera", muted: false },
  ...{ codec: "vp8", channels: 0, widthPx: 640, heightPx: 360, frameRate: 30 },
};
const ada: Participant = {
  ...{ peer: "ada", name: "Ada", kind: "person", joinedAtMs: 0, status: "live", handAtMs: undefined },
  ...{ recording: false, wantsCaptions: false, tracks: [track] },
};
const statistics = (counters: Record<string, number>, more: Partial<TrackStatistics> = {}): TrackStatistics => ({
  ...{ direction: "in", kind: "video", fps: 30, kbps: 500, widthPx: 640, heightPx: 360, dropped: 0, freezes: 0 },
  ...{ latencyMs: { p50: 40, p95: 60 }, jitterDelayMs: 0, codec: "vp8", frames: 1, counters },
  ...more,
});

/** Measures for so many seconds; `countersAt` gives the counters of a second. */
function measured(
  seconds: number,
  countersAt: (second: number) => Record<string, number>,
  options: {
    readonly participant?: Participant;
    readonly more?: Partial<TrackStatistics>;
    readonly stepMs?: number;
  } = {},
) {
  const { participant = ada, more, stepMs = 1000 } = options;
  const meter = new QualityMeter();
  let last: ReturnType<QualityMeter["measure"]> = new Map();
  for (let second = 0; second <= seconds; second++) {
    const tracks = new Map([[KEY, statistics(countersAt(second), more)]]);
    const surroundings = { nowMs: second * stepMs, own: "me", participants: [participant], downlinkQueueMs: 0 };
    last = meter.measure(tracks, surroundings);
  }
  return last;
}

const even = (second: number) => ({ framesRendered: 30 * second, framesReceived: 30 * second });

test("an even picture is good once it is known for three seconds", () => {
  expect(measured(2, even).size).toBe(0);
  expect(measured(3, even).get("ada")).toMatchObject({ level: "good", limitedBy: "none" });
});

test("a picture that stands still gets worse by the second, and is forgotten after ten", () => {
  const until = (stop: number) => (second: number) => even(Math.min(second, stop));
  expect(measured(20, until(19)).get("ada")?.level).toBe("good");
  expect(measured(22, until(20)).get("ada")?.level).toBe("fair");
  expect(measured(25, until(20)).get("ada")?.level).toBe("bad");
  const slow = { ...ada, tracks: [{ ...track, frameRate: 0.2 }] };
  expect(measured(25, until(20), { participant: slow }).get("ada")?.level).toBe("good");
  const frozenOnce = (second: number) => ({ ...even(second), totalFreezesDuration: second > 5 ? 4 : 0 });
  expect(measured(8, frozenOnce).get("ada")?.level).toBe("bad");
  expect(measured(17, frozenOnce).get("ada")?.level).toBe("good");
});

test("what was left out for us is our downlink, and a machine that is late itself is our computer", () => {
  const thinned = (second: number) => ({
    ...even(second),
    framesLost: 10 * second,
    totalFreezesDuration: second * 0.4,
  });
  expect(measured(12, thinned).get("ada")?.limitedBy).toBe("my-downlink");
  expect(measured(12, thinned, { stepMs: 2_500 }).get("ada")?.limitedBy).toBe("my-computer");
});

test("nobody is rated by what is muted, a screen, or while reconnecting", () => {
  const still = () => even(5);
  for (const change of [{ muted: true }, { source: "screen" }] as const) {
    const participant = { ...ada, tracks: [{ ...track, ...change }] };
    expect(measured(20, still, { participant }).size).toBe(0);
  }
  expect(measured(20, still, { participant: { ...ada, status: "reconnecting" } }).size).toBe(0);
});

test("our own pictures are rated by what was skipped, and not while nobody watches", () => {
  const skipping = (second: number) => ({ framesCaptured: 30 * second, framesSent: 15 * second });
  const out = { direction: "out", qualityLimitationReason: "bandwidth", limitedBy: "bandwidth" } as const;
  expect(measured(12, skipping, { more: out }).get("me")).toMatchObject({ level: "fair", limitedBy: "my-uplink" });
  expect(measured(12, skipping, { more: { ...out, limitedBy: "unwatched" } }).size).toBe(0);
  const free = { direction: "out", qualityLimitationReason: "none" } as const;
  expect(measured(12, skipping, { more: free }).get("me")).toMatchObject({ level: "good", limitedBy: "none" });
});

test("another layer counts from nothing, and what was of the one before is not held against it", () => {
  const before = (second: number) => ({ ...even(second), totalFreezesDuration: second });
  const changed = (second: number) => (second < 20 ? before(second) : even(second - 20));
  expect(measured(19, changed).get("ada")?.level).toBe("bad");
  expect(measured(21, changed).size).toBe(0);
  expect(measured(23, changed).get("ada")?.level).toBe("good");
});
