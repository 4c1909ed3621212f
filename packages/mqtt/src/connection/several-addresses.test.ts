import { expect, test, vi } from "vitest";
import { FakeServer, UNREACHABLE } from "../testing/fake-server.ts";
import { useHarness } from "../testing/harness.ts";
import type { Dial } from "./byte-stream.ts";
import { Connection } from "./connection.ts";
import type { ConnectionState } from "./connection-state.ts";
import { RetryPlan } from "./retry-plan.ts";

const harness = useHarness();

/** The nodes of a cluster, and the order in which they were dialled. */
function cluster(count: number): { nodes: FakeServer[]; dial: [Dial, ...Dial[]]; dialled: number[] } {
  const dialled: number[] = [];
  const nodes = Array.from({ length: count }, () => new FakeServer());
  const dials = nodes.map((node, index): Dial => {
    return (options) => {
      dialled.push(index);
      return node.dial(options);
    };
  });
  return { nodes, dial: dials as [Dial, ...Dial[]], dialled };
}

test("RetryPlan takes the addresses in turn, almost at once within a round, and waits between rounds", () => {
  const plan = new RetryPlan(3);
  const taken = Array.from({ length: 9 }, () => {
    const { delayMs, isRoundOver } = plan.failed({ wasOpen: false, random: 0.5 });
    return [plan.address, delayMs, isRoundOver];
  });
  expect(taken).toEqual([
    [1, 125, false],
    [2, 125, false],
    [0, 500, true],
    [1, 125, false],
    [2, 125, false],
    [0, 800, true],
    [1, 125, false],
    [2, 125, false],
    [0, 1700, true],
  ]);
});

test("RetryPlan spreads those who lost a server over a second", () => {
  const delays = [0, 1].map((random) => new RetryPlan(2).failed({ wasOpen: true, random }).delayMs);
  expect(delays).toEqual([0, 1000]);
});

test("a connection whose server is gone goes on at the next address, and stays there", async () => {
  const { nodes, dial, dialled } = cluster(3);
  const connection = harness.connect({ dial });
  await connection.connected();
  const [first, second] = nodes as [FakeServer, FakeServer];
  second.down = UNREACHABLE;
  first.down = UNREACHABLE;
  first.stream.hangUp();
  await vi.advanceTimersByTimeAsync(10);
  expect(connection.state.status).toBe("connected");
  first.down = undefined;
  second.down = undefined;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(dialled).toEqual([0, 1, 2]);
});

test("a server that takes the connection and does not answer costs four seconds where there is another", async () => {
  const { nodes, dial, dialled } = cluster(2);
  if (nodes[0]) nodes[0].welcome = () => undefined;
  const connection = harness.connect({ dial });
  await vi.advanceTimersByTimeAsync(3_900);
  expect(dialled).toEqual([0]);
  await vi.advanceTimersByTimeAsync(200);
  expect([dialled, connection.state.status]).toEqual([[0, 1], "connected"]);
});

test("a round without success is one attempt for those who watch", async () => {
  const { nodes, dial, dialled } = cluster(3);
  for (const node of nodes) node.down = UNREACHABLE;
  const waits: ConnectionState[] = [];
  const connection = harness.connect({ dial });
  connection.onStateChange = (state) => state.status === "waiting" && waits.push(state);
  await vi.advanceTimersByTimeAsync(200);
  expect([dialled, waits.length]).toEqual([[0, 1, 2, 0, 1, 2], 2]);
});

test("what one address says of itself does not end the others' turns; what it says of us does", async () => {
  const refusing = cluster(2);
  if (refusing.nodes[0]) refusing.nodes[0].welcome = () => ({ reasonCode: 0x9c });
  const connection = harness.connect({ dial: refusing.dial });
  await harness.settled();
  expect(connection.state.status).toBe("connected");

  const strict = cluster(2);
  if (strict.nodes[0]) strict.nodes[0].welcome = () => ({ reasonCode: 0x87 });
  const stranger = harness.connect({ dial: strict.dial });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(stranger.state).toMatchObject({ status: "closed", error: { code: "not-authorized" } });
  expect(strict.dialled).toEqual([0]);
});

test("when no address lets us in, the error says so and why the last did not", async () => {
  const { nodes, dial, dialled } = cluster(2);
  for (const node of nodes) node.down = UNREACHABLE;
  const connection = harness.connect({ dial, reconnect: false });
  const outcome = expect(connection.connected()).rejects.toMatchObject({
    code: "unreachable",
    message: "None of 2 addresses lets us in. The last: Nothing listens there.",
  });
  await vi.advanceTimersByTimeAsync(10);
  await outcome;
  expect(dialled).toEqual([0, 1]);
});

test("a connection without an address is a mistake", () => {
  const none = [] as unknown as [Dial];
  expect(() => new Connection({ dial: none, clientId: "me" })).toThrow(TypeError);
});
