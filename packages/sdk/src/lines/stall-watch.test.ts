import type { SenderPath } from "@mqtt-meet/media";
import { describe, expect, test } from "vitest";
import { type LineUse, LOOK_INTERVAL_MS, StallWatch } from "./stall-watch.ts";

const ROUND_TRIP_MS = 60;

/** A connection on which the newest answer has waited for so long, and none for less than `leastMs`. */
const path = (waitedMs: number, leastMs = 0): SenderPath => ({
  roundTripMs: ROUND_TRIP_MS + waitedMs,
  minRoundTripMs: ROUND_TRIP_MS + leastMs,
  waitedMs: 0,
  sentBytes: 0,
  delivered: { bytes: 0, atMs: 0 },
});

/** Waits for 300 ms of each second, which begin at its `offset`. */
const lossy = (offsetMs: number) => (nowMs: number) => ((nowMs + offsetMs) % 1000 < 300 ? 150 : 0);
/** Comes and goes, on all connections alike. */
const queue = (nowMs: number) => (nowMs % 3_000 < 2_400 ? 200 : 0);
const quiet = () => 0;
/** As much as a playing key frame, or another program of the machine, holds up now and then. */
const jitter = (nowMs: number) => (nowMs % 5_000 < 100 ? 60 : nowMs % 20);

class Line {
  readonly watch = new StallWatch();
  nowMs = 0;
  readonly changes: { readonly atMs: number; readonly use: LineUse }[] = [];

  /** `waits` of each connection, as many as are open. */
  pass(seconds: number, waits: readonly ((nowMs: number) => number)[]): LineUse {
    for (const endMs = this.nowMs + seconds * 1000; this.nowMs < endMs; this.nowMs += LOOK_INTERVAL_MS) {
      const before = this.watch.use;
      const open = { one: 1, witnessed: 2, several: waits.length }[before];
      const paths = waits.slice(0, open).map((wait) => path(wait(this.nowMs)));
      const use = this.watch.look(paths, this.nowMs);
      if (use !== before) this.changes.push({ atMs: this.nowMs, use });
    }
    return this.watch.use;
  }
}

const alone = [lossy(0), lossy(250), lossy(500), lossy(750)];

describe("one connection, or several", () => {
  test("a good line needs one", () => {
    const line = new Line();
    line.pass(300, [jitter, jitter, jitter, jitter]);
    expect(line.changes).toEqual([]);
  });

  test("what holds up one connection and not the other is loss: then there are several, and they stay", () => {
    const line = new Line();
    expect(line.pass(20, alone)).toBe("several");
    expect(line.changes.map(({ use }) => use)).toEqual(["witnessed", "several"]);
    expect(line.pass(300, alone)).toBe("several");
  });

  test("one lost packet in a second, of which an answer tells one in three, is found out within fifteen seconds", () => {
    // A round trip of 60 ms and 1 %: a stall lasts 100 ms, and an answer in it waits for what is left of it.
    const line = new Line();
    const seldom = (nowMs: number) => ({ 0: 40, 1000: 95, 2000: 40 })[nowMs % 3_000] ?? 5;
    expect(line.pass(15, [seldom, quiet, quiet])).toBe("several");
  });

  test("several begin while nothing waits on the first, so that nothing is overtaken", () => {
    const line = new Line();
    line.pass(20, alone);
    const begun = line.changes.at(-1);
    expect(begun?.use).toBe("several");
    expect(lossy(0)(begun?.atMs ?? 0)).toBe(0);
  });

  test("several begin although something always waits on the first, where that does not end", () => {
    const line = new Line();
    const neverCalm = (nowMs: number) => (nowMs < 5_000 ? lossy(0)(nowMs) : 600);
    expect(line.pass(25, [neverCalm, quiet, quiet])).toBe("several");
    const [witnessed, several] = line.changes;
    expect((several?.atMs ?? 0) - (witnessed?.atMs ?? 0)).toBeGreaterThanOrEqual(4_500);
    expect((several?.atMs ?? 0) - (witnessed?.atMs ?? 0)).toBeLessThan(6_000);
  });

  test("what holds up both is a queue, which more packets would lengthen", () => {
    const line = new Line();
    line.pass(600, [queue, queue, queue, queue]);
    expect(line.changes.some(({ use }) => use === "several")).toBe(false);
  });

  test("a line that is too narrow is asked more and more seldom", () => {
    const line = new Line();
    line.pass(1_200, [queue, queue, queue, queue]);
    const asked = line.changes.filter(({ use }) => use === "witnessed").map(({ atMs }) => atMs);
    const pauses = asked.slice(1).map((atMs, i) => atMs - (asked[i] ?? 0));
    expect(asked.length).toBeGreaterThan(2);
    expect(asked.length).toBeLessThan(10);
    expect(Math.max(...pauses)).toBeGreaterThan(4 * (pauses[0] ?? 0));
  });

  test("jitter holds up the busy connection more than the idle one, which is no loss", () => {
    // Measured at 100 ms, 30 ms of jitter each way and 1 Mbit/s, which the pictures left half of.
    const busyMs = [75, 85, 73, 84, 82, 53, 57, 51, 63, 47, 43, 40, 80, 64, 75, 67, 76, 54, 81, 68, 96, 72, 85, 87];
    const idleMs = [69, 80, 49, 71, 45, 69, 49, 59, 37, 42, 39, 38, 48, 69, 43, 61, 54, 61, 70, 74, 58, 52, 61, 66];
    const of = (measured: readonly number[]) => (nowMs: number) => measured[(nowMs / LOOK_INTERVAL_MS) % 24] ?? 0;
    const [busy, idle] = [of(busyMs), of(idleMs)];
    const line = new Line();
    line.pass(300, [busy, idle, idle, idle]);
    expect(line.changes.map(({ use }) => use)).toContain("witnessed");
    expect(line.changes.map(({ use }) => use)).not.toContain("several");
  });

  test("a connection that was opened while something waited waits as long as the first", () => {
    const watch = new StallWatch();
    const uses = new Set<LineUse>();
    for (let nowMs = 0; nowMs < 60_000; nowMs += LOOK_INTERVAL_MS) {
      const waitMs = nowMs % 1_000 < 700 ? 140 : 20;
      uses.add(watch.look([path(waitMs), path(waitMs, 90)], nowMs));
    }
    expect([...uses]).toEqual(["one", "witnessed"]);
  });

  test("a queue that they make themselves ends them", () => {
    const line = new Line();
    line.pass(20, alone);
    const full = () => 300;
    line.pass(10, [full, full, full, full]);
    expect(line.changes.map(({ use }) => use)).toEqual(["witnessed", "several", "one"]);
  });

  test("a line on which nothing is lost for a minute needs one again", () => {
    const line = new Line();
    line.pass(20, alone);
    expect(line.pass(50, [quiet, quiet, quiet, quiet])).toBe("several");
    expect(line.pass(20, [quiet, quiet, quiet, quiet])).toBe("one");
  });

  test("a cut, and a queue that stays, are no reason to look", () => {
    const cut = (nowMs: number) => (nowMs > 5_000 && nowMs < 10_000 ? nowMs - 5_000 : 0);
    const line = new Line();
    line.pass(60, [cut, cut, cut, cut]);
    line.pass(60, [() => 300, quiet, quiet, quiet]);
    expect(line.changes).toEqual([]);
  });

  test("a machine that stands still says nothing of the line", () => {
    const line = new Line();
    for (let i = 0; i < 200; i++) {
      line.nowMs += 400;
      line.watch.look([path(380)], line.nowMs);
    }
    expect(line.watch.use).toBe("one");
  });

  test("a connection that is not there yet, or was lost, is no proof of anything", () => {
    const watch = new StallWatch();
    for (let nowMs = 0; nowMs < 60_000; nowMs += LOOK_INTERVAL_MS) watch.look([undefined, path(0)], nowMs);
    expect(watch.use).toBe("one");
  });
});
