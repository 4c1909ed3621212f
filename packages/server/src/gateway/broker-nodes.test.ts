import { type ByteStream, ConnectionError, type Dial } from "@mqtt-meet/mqtt";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { BrokerNodes } from "./broker-nodes.ts";

const { signal } = new AbortController();
const GONE = new ConnectionError("unreachable", "Nothing listens there.");

/** Nodes that are "up", "gone" or take no connection and refuse none ("dark"), and who dialled which. */
function cluster(...states: ("up" | "gone" | "dark")[]) {
  const dialled: number[] = [];
  const dial = (index: number): Dial => {
    return async (options) => {
      dialled.push(index);
      if (states[index] === "gone") throw GONE;
      if (states[index] === "dark") await new Promise((_, reject) => abortWith(options.signal, reject));
      return { destroy: () => {} } as ByteStream;
    };
  };
  const [first, ...others] = states.map((_, index) => dial(index));
  return { nodes: new BrokerNodes([first as Dial, ...others]), states, dialled };
}

function abortWith(from: AbortSignal, reject: (reason: unknown) => void): void {
  from.addEventListener("abort", () => reject(from.reason), { once: true });
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("BrokerNodes stays with a node while it lets clients in, and goes on to the next when it is gone", async () => {
  const { nodes, states, dialled } = cluster("up", "gone", "up");
  await nodes.dial({ signal });
  await nodes.dial({ signal });
  states[0] = "gone";
  await nodes.dial({ signal });
  states[0] = "up";
  await nodes.dial({ signal });
  expect(dialled).toEqual([0, 0, 0, 1, 2, 2]);
});

test("BrokerNodes leaves a node that does not answer within two seconds", async () => {
  const { nodes, dialled } = cluster("dark", "up");
  const dialling = nodes.dial({ signal });
  await vi.advanceTimersByTimeAsync(1_900);
  expect(dialled).toEqual([0]);
  await vi.advanceTimersByTimeAsync(200);
  await dialling;
  expect(dialled).toEqual([0, 1]);
});

test("BrokerNodes leaves a node that opens connections and says nothing, once for all who notice", async () => {
  const { nodes, dialled } = cluster("up", "up", "up");
  const streams = [await nodes.dial({ signal }), await nodes.dial({ signal })];
  for (const stream of streams) nodes.silent(stream);
  await nodes.dial({ signal });
  expect(dialled).toEqual([0, 0, 1]);
});

test("BrokerNodes fails when every node does, and ends when it is called off", async () => {
  const { nodes, dialled } = cluster("gone", "gone");
  await expect(nodes.dial({ signal })).rejects.toBe(GONE);
  expect(dialled).toEqual([0, 1]);
  const calledOff = new AbortController();
  const dark = cluster("dark", "up");
  const dialling = expect(dark.nodes.dial({ signal: calledOff.signal })).rejects.toThrow("enough");
  calledOff.abort(new Error("enough"));
  await dialling;
  expect(dark.dialled).toEqual([0]);
});
