import type { Message, PathState } from "@mqtt-meet/mqtt";
import { parsePacket, topicLevel } from "@mqtt-meet/protocol";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ALL_RIGHTS, type RoomRights } from "../rights.ts";
import type { OpenLink, RoomLink } from "../room-link.ts";
import { measureNetwork } from "./measure-network.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A broker behind a line: so many bits a second each way, and so long a round trip. Counts what passes. */
class FakeLine {
  readonly sent: Uint8Array[] = [];
  readonly topics = new Set<string>();
  closed = 0;
  readonly #options: { readonly upBps: number; readonly downBps: number; readonly roundTripMs: number };
  readonly #receivers: ((message: Message) => void)[] = [];
  readonly #free = { up: 0, down: 0 };

  constructor(options: { readonly upBps: number; readonly downBps: number; readonly roundTripMs: number }) {
    this.#options = options;
  }

  readonly open: OpenLink = ({ pingIntervalMs = 1000 }) => {
    let sentBytes = 0;
    let path: PathState | undefined;
    const { roundTripMs } = this.#options;
    const ping = setInterval(() => {
      const [askedMs, bytes] = [Date.now(), sentBytes];
      setTimeout(() => {
        const atMs = Date.now();
        path = {
          roundTripMs: atMs - askedMs,
          minRoundTripMs: roundTripMs,
          waitedMs: 0,
          sentBytes,
          delivered: { bytes, atMs },
        };
      }, this.#wait("up", 0) + roundTripMs);
    }, pingIntervalMs);
    const link: Partial<RoomLink> = {
      connected: async () => undefined,
      path: () => path && { ...path, sentBytes },
      send: (topic, payload) => {
        this.topics.add(topic);
        this.sent.push(payload);
        sentBytes += payload.length;
        setTimeout(() => this.#deliver(topic, payload), this.#wait("up", payload.length));
        return true;
      },
      subscribe: async (_filter, onMessage) => {
        this.#receivers.push(onMessage);
      },
      close: async () => {
        clearInterval(ping);
        this.closed++;
      },
    };
    return link as RoomLink;
  };

  #deliver(topic: string, payload: Uint8Array): void {
    for (const receiver of this.#receivers) {
      const message: Message = { topic, payload, qos: 0, retain: false };
      setTimeout(() => receiver(message), this.#wait("down", payload.length));
    }
  }

  /** Until so many bytes more are through. */
  #wait(way: "up" | "down", bytes: number): number {
    const bps = way === "up" ? this.#options.upBps : this.#options.downBps;
    this.#free[way] = Math.max(this.#free[way], Date.now()) + (8000 * bytes) / bps;
    return this.#free[way] - Date.now();
  }
}

async function measure(line: FakeLine, rights: RoomRights = ALL_RIGHTS) {
  const access = { room: topicLevel("room"), peer: topicLevel("peer"), rights, encryption: undefined };
  const measured = measureNetwork({ access, openLink: line.open, nowMs: () => Date.now() });
  await vi.advanceTimersByTimeAsync(20_000);
  return measured;
}

test("a wide line carries all that is tried, of bounded size, in packets on our own topic", async () => {
  const line = new FakeLine({ upBps: 50e6, downBps: 50e6, roundTripMs: 40 });
  const { roundTripMs, jitterMs, upBps, downBps } = await measure(line);
  expect([roundTripMs, jitterMs]).toEqual([40, 0]);
  expect(upBps).toBeGreaterThan(2.6e6);
  expect(upBps).toBeLessThan(3.4e6);
  expect(downBps).toBeGreaterThan(5.2e6);
  expect(downBps).toBeLessThan(6.8e6);
  expect(line.sent.reduce((sum, { length }) => sum + length, 0)).toBeLessThanOrEqual(755_000);
  expect([...line.topics]).toEqual(["mm/1/room/peer/v/check/0/0"]);
  expect(parsePacket(line.sent[0] ?? new Uint8Array()).header).toMatchObject({ keyFrame: true, lastFragment: true });
  expect(line.closed).toBe(3);
  expect(vi.getTimerCount()).toBe(0);
});

test("a narrow line shows each way by itself, and no more than it takes in the time waits on it", async () => {
  const line = new FakeLine({ upBps: 1e6, downBps: 400e3, roundTripMs: 100 });
  const { upBps, downBps } = await measure(line);
  expect((upBps ?? 0) / 1e6).toBeCloseTo(1, 0.5);
  expect(downBps).toBeGreaterThan(340e3);
  expect(downBps).toBeLessThan(460e3);
  expect(line.sent.reduce((sum, { length }) => sum + length, 0)).toBeLessThan(2 * 125_000 + 140_000);
});

test("an invitation decides what is tried: sound instead of pictures, or round trips alone", async () => {
  const line = new FakeLine({ upBps: 50e6, downBps: 50e6, roundTripMs: 40 });
  const listener = await measure(line, { ...ALL_RIGHTS, camera: false, watch: false });
  expect([...line.topics]).toEqual(["mm/1/room/peer/a/check"]);
  expect(listener.downBps).toBeNull();
  const silent = new FakeLine({ upBps: 50e6, downBps: 50e6, roundTripMs: 40 });
  expect(await measure(silent, { ...ALL_RIGHTS, camera: false, microphone: false })).toMatchObject({
    roundTripMs: 40,
    upBps: null,
    downBps: null,
  });
  expect(silent.sent).toEqual([]);
});

test("it can be called off, and closes what it has opened", async () => {
  const line = new FakeLine({ upBps: 1e6, downBps: 1e6, roundTripMs: 40 });
  const ending = new AbortController();
  const access = { room: topicLevel("room"), peer: topicLevel("peer"), rights: ALL_RIGHTS, encryption: undefined };
  const measured = measureNetwork({ access, openLink: line.open, nowMs: () => Date.now(), signal: ending.signal });
  const outcome = expect(measured).rejects.toThrow("enough");
  await vi.advanceTimersByTimeAsync(1_500);
  ending.abort(new Error("enough"));
  await outcome;
  expect(line.closed).toBe(3);
});
