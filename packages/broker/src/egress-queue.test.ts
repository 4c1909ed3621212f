import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LANES, type Lane } from "./classification.ts";
import { DropCounts } from "./drop-counts.ts";
import { type EgressEntry, EgressQueue } from "./egress-queue.ts";

/** What an entry costs beside its bytes. */
const OVERHEAD = 64;

interface EntryOptions {
  readonly lane?: Lane;
  readonly atMs?: number;
  readonly maxAgeMs?: number;
  readonly stream?: string;
  readonly key?: boolean;
  readonly droppable?: boolean;
  readonly bytes?: number;
}

interface NamedEntry extends EgressEntry {
  readonly name: string;
}

function entry(name: string, options: EntryOptions = {}): NamedEntry {
  return {
    name,
    bytes: new Uint8Array(options.bytes ?? 100),
    lane: LANES.indexOf(options.lane ?? "video-large"),
    enqueuedAtMs: options.atMs ?? 0,
    droppable: options.droppable ?? true,
    maxAgeMs: options.maxAgeMs ?? Number.POSITIVE_INFINITY,
    stream: options.stream,
    beginsKeyFrame: options.key ?? false,
  };
}

function newQueue(maxBytes = 1_000_000) {
  const drops = new DropCounts();
  const queue = new EgressQueue<NamedEntry>({ maxBytes, drops });
  return {
    queue,
    drops,
    push: (name: string, options: EntryOptions = {}) => queue.push(entry(name, options), options.atMs ?? 0),
    takeAll(nowMs = 0): string[] {
      const taken: NamedEntry[] = [];
      queue.take(Number.POSITIVE_INFINITY, nowMs, taken);
      return taken.map(({ name }) => name);
    },
  };
}

/** In order, each at most once, and nothing is missing before a message that is not a key frame. */
function expectWhole(sent: readonly NamedEntry[], received: readonly NamedEntry[]): void {
  let last = -1;
  for (const item of received) {
    const index = sent.indexOf(item);
    expect(index).toBeGreaterThan(last);
    expect(index === last + 1 || item.beginsKeyFrame).toBe(true);
    last = index;
  }
}

describe("EgressQueue", () => {
  test("sends the more urgent lane first, and each lane in order", () => {
    const { push, takeAll, queue } = newQueue();
    push("large 1");
    push("small", { lane: "video-small" });
    push("large 2");
    push("word 1", { lane: "audio" });
    push("control", { lane: "control" });
    push("word 2", { lane: "audio" });
    expect(takeAll()).toEqual(["control", "word 1", "word 2", "small", "large 1", "large 2"]);
    expect(queue).toMatchObject({ length: 0, bytes: 0 });
  });

  test("hands over no more than asked for, but at least one", () => {
    const { queue, push } = newQueue();
    for (const name of ["a", "b", "c"]) push(name);
    const taken: NamedEntry[] = [];
    queue.take(250, 0, taken);
    expect(taken.map(({ name }) => name)).toEqual(["a", "b"]);
    const next: NamedEntry[] = [];
    queue.take(1, 0, next);
    expect(next.map(({ name }) => name)).toEqual(["c"]);
  });

  test("drops what is too old from the head, when something comes and when something is taken", () => {
    const { push, takeAll, drops, queue } = newQueue();
    push("old", { lane: "audio", maxAgeMs: 300, atMs: 0 });
    push("young", { lane: "audio", maxAgeMs: 300, atMs: 200 });
    push("new", { lane: "audio", maxAgeMs: 300, atMs: 301 });
    expect(queue.length).toBe(2);
    expect(takeAll(501)).toEqual(["new"]);
    expect(drops.byLane().audio).toEqual({ age: 2, room: 0, incomplete: 0 });
  });

  test("skips a video stream up to its next key frame after a drop, and only that stream", () => {
    const { push, takeAll, drops } = newQueue();
    const video = (stream: string, atMs: number, key = false) => ({ stream, maxAgeMs: 500, atMs, key });
    push("a key", video("a", 0, true));
    push("a 1", video("a", 300));
    push("b key", video("b", 300, true));
    push("a 2", video("a", 400));
    expect(push("a 3", video("a", 501))).toBe("dropped");
    push("b 1", video("b", 502));
    expect(push("a 4", video("a", 503))).toBe("dropped");
    expect(push("a key 2", video("a", 504, true))).toBe("queued");
    push("a 5", video("a", 505));
    expect(takeAll(505)).toEqual(["b key", "b 1", "a key 2", "a 5"]);
    expect(drops.byLane()["video-large"]).toEqual({ age: 1, room: 0, incomplete: 4 });
  });

  test("keeps a key frame that already waits behind the dropped part", () => {
    const { push, takeAll } = newQueue();
    const video = (atMs: number, key = false) => ({ stream: "a", maxAgeMs: 500, atMs, key });
    push("1", video(0));
    push("2", video(100));
    push("key", video(200, true));
    push("3", video(300));
    expect(takeAll(501)).toEqual(["key", "3"]);
  });

  test("makes room by dropping the oldest of the least urgent lane", () => {
    const { push, takeAll, queue } = newQueue(4 * (100 + OVERHEAD));
    push("large 1");
    push("large 2");
    push("small", { lane: "video-small" });
    push("word", { lane: "audio" });
    expect(push("word 2", { lane: "audio" })).toBe("queued");
    expect(push("small 2", { lane: "video-small" })).toBe("queued");
    expect(queue.bytes).toBeLessThanOrEqual(4 * (100 + OVERHEAD));
    expect(takeAll()).toEqual(["word", "word 2", "small", "small 2"]);
  });

  test("never drops something more urgent for something less urgent", () => {
    const { push, takeAll } = newQueue(2 * (100 + OVERHEAD));
    push("word 1", { lane: "audio" });
    push("word 2", { lane: "audio" });
    expect(push("large")).toBe("dropped");
    expect(takeAll()).toEqual(["word 1", "word 2"]);
  });

  test("drops a plain message that cannot fit at all, and nothing else for it", () => {
    const { push, takeAll } = newQueue(1000);
    push("small one");
    expect(push("huge", { bytes: 2000 })).toBe("dropped");
    expect(takeAll()).toEqual(["small one"]);
  });

  test("control makes room for itself, and overflows when only control is left", () => {
    const control = { lane: "control", droppable: false } as const;
    const { push, takeAll } = newQueue(2 * (100 + OVERHEAD));
    push("large");
    expect(push("1", control)).toBe("queued");
    expect(push("2", control)).toBe("queued");
    expect(push("3", control)).toBe("overflow");
    expect(push("droppable", { lane: "control" })).toBe("dropped");
    expect(takeAll()).toEqual(["1", "2"]);
  });

  test("control takes something however large when nothing is before it", () => {
    const control = { lane: "control", droppable: false, bytes: 5000 } as const;
    const { push } = newQueue(1000);
    expect(push("1", control)).toBe("queued");
    expect(push("2", control)).toBe("overflow");
  });

  test("after a drop for lack of room, what needs it is not queued", () => {
    const { push, takeAll } = newQueue(2 * (100 + OVERHEAD));
    push("key", { stream: "a", key: true });
    push("1", { stream: "a" });
    expect(push("2", { stream: "a" })).toBe("dropped");
    expect(push("3", { stream: "a" })).toBe("dropped");
    expect(push("key 2", { stream: "a", key: true })).toBe("queued");
    expect(takeAll()).toEqual(["key 2"]);
  });

  test("counts its bytes, keeps its bound and the order of each stream, and hands over no orphans, whatever comes", () => {
    const step = fc.record({
      lane: fc.constantFrom<Lane>("audio", "video-small", "video-large"),
      stream: fc.constantFrom("a", "b"),
      key: fc.boolean(),
      bytes: fc.integer({ min: 1, max: 400 }),
      waitMs: fc.integer({ min: 0, max: 200 }),
      take: fc.integer({ min: 0, max: 600 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const queue = new EgressQueue<NamedEntry>({ maxBytes: 2000, drops: new DropCounts() });
        const sequence = new Map<string, NamedEntry[]>();
        const received: NamedEntry[] = [];
        let nowMs = 0;
        for (const [index, { lane, stream, key, bytes, waitMs, take }] of steps.entries()) {
          nowMs += waitMs;
          const name = `${lane} ${stream}`;
          const next = entry(String(index), { lane, stream: name, key, bytes, atMs: nowMs, maxAgeMs: 500 });
          sequence.set(name, [...(sequence.get(name) ?? []), next]);
          queue.push(next, nowMs);
          expect(queue.bytes).toBeLessThanOrEqual(2000);
          if (take > 0) queue.take(take, nowMs, received);
        }
        queue.take(Number.POSITIVE_INFINITY, nowMs, received);
        expect(queue).toMatchObject({ bytes: 0, length: 0 });
        for (const [name, sent] of sequence) {
          expectWhole(
            sent,
            received.filter(({ stream }) => stream === name),
          );
        }
      }),
    );
  });
});
