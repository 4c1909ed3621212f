import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Aedes } from "aedes";
import { describe, expect, test, vi } from "vitest";
import type { ByteStream, Dial } from "../connection/byte-stream.ts";
import { Connection } from "../connection/connection.ts";
import type { ConnectionOptions } from "../connection/connection-state.ts";
import type { Message } from "../connection/subscriptions.ts";
import { dialUrl } from "./dial-url.ts";

/** Other programs may keep the machine busy. */
vi.setConfig({ testTimeout: 30_000 });
const soon = <T>(read: () => T) => expect.poll(read, { timeout: 10_000 });

const MOSQUITTO = "/usr/sbin/mosquitto";
const text = (value: string) => new TextEncoder().encode(value);
const never = new AbortController().signal;

interface RunningBroker extends AsyncDisposable {
  readonly url: string;
  /** Cuts all connections, as a network does. */
  cut(): void;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A relay in front of a broker, which can be cut. */
async function relay(port: number): Promise<{ server: Server; sockets: Set<Socket> }> {
  const { connect } = await import("node:net");
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(port, "127.0.0.1");
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on("error", () => undefined);
      from.on("close", () => {
        sockets.delete(from);
        to.end();
      });
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, sockets };
}

async function behindRelay(port: number, stop: () => Promise<void>): Promise<RunningBroker> {
  const { server, sockets } = await relay(port);
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    [Symbol.asyncDispose]: async () => {
      cut();
      server.close();
      await stop();
    },
  };
}

async function startAedes(): Promise<RunningBroker> {
  const broker = await Aedes.createBroker();
  const server = createServer(broker.handle);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return behindRelay((server.address() as AddressInfo).port, async () => {
    await new Promise<void>((resolve) => broker.close(() => resolve()));
    server.close();
  });
}

async function startMosquitto(): Promise<RunningBroker> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "mosquitto-"));
  const config = join(folder, "mosquitto.conf");
  writeFileSync(config, `listener ${port} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\nuser root\n`);
  const process: ChildProcess = spawn(MOSQUITTO, ["-c", config], { stdio: "ignore" });
  const exited = new Promise((resolve) => process.once("exit", resolve));
  const probe = new Connection({ dial: dialUrl(`mqtt://127.0.0.1:${port}`), clientId: "probe" });
  await probe.connected();
  await probe.close();
  return behindRelay(port, async () => {
    process.kill();
    await exited;
    rmSync(folder, { recursive: true });
  });
}

describe.each([
  { name: "Aedes 1.2", level: 4, start: startAedes, absent: false },
  { name: "Mosquitto", level: 5, start: startMosquitto, absent: !existsSync(MOSQUITTO) },
])("Connection to $name", ({ level, start, absent }) => {
  const client = (broker: RunningBroker, options: Partial<ConnectionOptions> = {}) =>
    new Connection({ dial: dialUrl(broker.url), clientId: `test-${Math.random()}`, random: () => 0, ...options });

  test.skipIf(absent)("speaks the best version that both know", async () => {
    await using broker = await start();
    await using connection = client(broker);
    await connection.connected();
    expect(connection.state).toEqual({ status: "connected", level });
    await soon(() => connection.roundTripMs).toBeGreaterThanOrEqual(0);
    expect(connection.roundTripMs).toBeLessThan(10_000);
  });

  test.skipIf(absent)("carries every QoS both ways, and large messages", async () => {
    await using broker = await start();
    await using connection = client(broker);
    const seen: Message[] = [];
    await connection.subscribe("a/+", (message) => seen.push(message), { qos: 2, signal: never });
    for (const qos of [0, 1, 2] as const) await connection.publish(`a/${qos}`, text(`${qos}`), { qos });
    await connection.publish("a/large", new Uint8Array(300_000).fill(7));
    await soon(() => seen.length).toBe(4);
    expect(seen.map(({ topic, qos }) => [topic, qos])).toEqual([
      ["a/0", 0],
      ["a/1", 1],
      ["a/2", 2],
      ["a/large", 1],
    ]);
    expect(seen.slice(0, 3).map(({ payload }) => payload)).toEqual([text("0"), text("1"), text("2")]);
    expect(Buffer.compare(seen[3]?.payload ?? new Uint8Array(), new Uint8Array(300_000).fill(7))).toBe(0);
  });

  test.skipIf(absent)("sends live media in order and loses none on a good network", async () => {
    await using broker = await start();
    await using publisher = client(broker);
    await using viewer = client(broker);
    await publisher.connected();
    const seen: number[] = [];
    await viewer.subscribe("v", ({ payload }) => seen.push(payload[0] as number), { signal: never });
    for (let index = 0; index < 200; index++) {
      expect(publisher.send("v", new Uint8Array(30_000).fill(index))).toBe(true);
      if (index % 20 === 19) await nextTurn();
    }
    await soon(() => seen.length).toBe(200);
    expect(seen).toEqual(Array.from({ length: 200 }, (_, index) => index));
  });

  test.skipIf(absent)("comes back after a cut with its subscriptions, its messages and nothing stale", async () => {
    await using broker = await start();
    await using publisher = client(broker, { sessionExpiryS: 10 });
    await using viewer = client(broker);
    const seen: string[] = [];
    await viewer.subscribe("a/#", ({ payload }) => seen.push(new TextDecoder().decode(payload)), { signal: never });
    await publisher.connected();
    let reconnects = 0;
    const sent: boolean[] = [];
    viewer.onStateChange = ({ status }) => {
      if (status === "connected") reconnects++;
    };
    publisher.onStateChange = ({ status }) => {
      if (status !== "connected") sent.push(publisher.send("a/live", text("stale")));
      else reconnects++;
    };
    broker.cut();
    await soon(() => reconnects).toBe(2);
    expect(sent).not.toContain(true);
    expect(sent.length).toBeGreaterThan(0);
    await viewer.subscribe("b", () => undefined, { signal: never }); // answered after the renewal of the first
    await publisher.publish("a/once", text("after"), { qos: 2 });
    await soon(() => seen).toEqual(["after"]);
  });

  test.skipIf(absent)("leaves its will when it is lost and not when it says goodbye", async () => {
    await using broker = await start();
    await using viewer = client(broker);
    const seen: string[] = [];
    await viewer.subscribe("gone/+", ({ topic }) => seen.push(topic), { signal: never });
    const will = (topic: string) => () => ({ topic, payload: text("x"), qos: 1 as const, retain: false });
    const polite = client(broker, { will: will("gone/polite") });
    await polite.connected();
    await polite.close();
    let stream: ByteStream | undefined;
    const dial: Dial = async (options) => {
      stream = await dialUrl(broker.url)(options);
      return stream;
    };
    const lost = client(broker, { will: will("gone/lost"), reconnect: false, dial });
    await lost.connected();
    stream?.destroy();
    await soon(() => seen).toEqual(["gone/lost"]);
    expect(lost.state).toMatchObject({ status: "closed" });
  });

  test.skipIf(absent)("ends when another takes its client id over", async () => {
    await using broker = await start();
    await using first = client(broker, { clientId: "same", reconnect: false });
    await first.connected();
    await using second = client(broker, { clientId: "same" });
    await second.connected();
    await soon(() => first.state).toMatchObject({ status: "closed", error: { code: "closed" } });
  });
});

test("a connection to nothing says so and goes on trying", async () => {
  const port = await freePort();
  await using connection = new Connection({ dial: dialUrl(`mqtt://127.0.0.1:${port}`), clientId: "lonely" });
  await soon(() => connection.state).toMatchObject({ status: "waiting", error: { code: "unreachable" } });
  await using once = new Connection({
    dial: dialUrl(`mqtt://127.0.0.1:${port}`),
    clientId: "once",
    reconnect: false,
  });
  await expect(once.connected()).rejects.toThrow(/^127\.0\.0\.1:\d+ cannot be reached: nothing listens there\.$/);
});
