import { ConnectionError, type ConnectionState, type Message } from "@mqtt-meet/mqtt";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { CameraTopicState } from "./camera-topic.ts";
import { CameraTopicWatch } from "./camera-topic-watch.ts";
import type { BrokerAccount } from "./read-camera-address.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

function setUp(account?: BrokerAccount) {
  const states: CameraTopicState[] = [];
  const figures: unknown[] = [];
  let deliver: (message: Message) => void = () => undefined;
  let refuse: (error: Error) => void = () => undefined;
  const connection = {
    state: { status: "connecting", attempt: 1 } as ConnectionState,
    onStateChange: undefined as ((state: ConnectionState) => void) | undefined,
    subscribe: vi.fn((_filter: string, onMessage: (message: Message) => void) => {
      deliver = onMessage;
      return new Promise<void>((_resolve, reject) => {
        refuse = reject;
      });
    }),
    close: vi.fn(async () => undefined),
  };
  const open = vi.fn(() => connection);
  const watch = new CameraTopicWatch<string>({
    ...{ open, topic: "yard/cam", account },
    decode: async () => "picture",
    onPicture: () => undefined,
    onState: (state) => states.push(state),
    onFigures: (value) => figures.push(value),
    nowMs: () => Date.now(),
  });
  const change = (state: ConnectionState) => {
    connection.state = state;
    connection.onStateChange?.(state);
  };
  return {
    watch,
    states,
    figures,
    connection,
    open,
    change,
    deliver: (m: Message) => deliver(m),
    refuse: (e: Error) => refuse(e),
  };
}

const waiting = { status: "waiting", retryAtMs: 0, error: new ConnectionError("unreachable", "away") } as const;
const closed = (code: "bad-credentials" | "not-authorized" | "protocol") =>
  ({ status: "closed", error: new ConnectionError(code, code) }) as const;

test("CameraTopicWatch subscribes to its topic with the account it was given", () => {
  const { connection, open, watch } = setUp({ username: "me", password: "word" });
  expect(open).toHaveBeenCalledWith(
    expect.objectContaining({ username: "me", password: "word", clientId: expect.stringMatching(/^[a-z0-9]{22}$/) }),
  );
  expect(connection.subscribe.mock.calls[0]?.[0]).toBe("yard/cam");
  watch.close();
  expect(connection.close).toHaveBeenCalledTimes(1);
});

test("CameraTopicWatch tries again what cannot be reached, and what was lost", () => {
  const { states, change, watch } = setUp();
  change(waiting);
  change({ status: "connecting", attempt: 2 });
  change({ status: "connected", level: 5 });
  change(waiting);
  change({ status: "connected", level: 5 });
  expect(states).toEqual([
    { status: "retrying", problem: "unreachable" },
    { status: "watching" },
    { status: "retrying", problem: "lost" },
    { status: "watching" },
  ]);
  watch.close();
  change(waiting);
  expect(states).toHaveLength(4);
});

test.each([
  ["bad-credentials", undefined, "account-needed"],
  ["not-authorized", { username: "me", password: "x" }, "account-wrong"],
  ["protocol", undefined, "refused"],
] as const)("CameraTopicWatch ends when the broker says %s to %j: %s", (code, account, problem) => {
  const { states, change, connection } = setUp(account);
  change(closed(code));
  expect(states).toEqual([{ status: "failed", problem }]);
  expect(connection.close).toHaveBeenCalled();
});

test("CameraTopicWatch ends when the broker does not let it subscribe", async () => {
  const { states, change, refuse } = setUp();
  change({ status: "connected", level: 5 });
  refuse(new ConnectionError("not-authorized", "no"));
  await vi.advanceTimersByTimeAsync(0);
  expect(states.at(-1)).toEqual({ status: "failed", problem: "not-permitted" });
});

test("CameraTopicWatch tells what came twice a second (V4)", async () => {
  const { deliver, figures, watch } = setUp();
  deliver({ topic: "yard/cam", payload: new Uint8Array(3), qos: 0, retain: false, dup: false } as Message);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(figures).toHaveLength(2);
  expect(figures[1]).toMatchObject({ notPictures: 1, shown: 0, lastAtMs: undefined });
  watch.close();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(figures).toHaveLength(2);
});
