// What a client can do to the process with sizes and numbers, while others are served (T-SIZE, T-FLOOD).
import { ReasonCode } from "@mqtt-meet/mqtt";
import { describe, expect, test } from "vitest";
import { Broker } from "./broker.ts";
import { connected, connectPacket, RawClient, turn } from "./testing/raw-client.ts";
import { grantOf, levels, startClock } from "./testing/rules.ts";

const { now } = startClock();

/** Every type of packet but CONNECT, which may come first. */
const OTHER_TYPES = [0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/** 100 MB, as a length of four bytes. */
const LENGTH_100_MB = [0x80, 0xc2, 0xd7, 0x2f];

const CHUNK = new Uint8Array(64 * 1024);
const MEBIBYTE = 1024 * 1024;
const MAX_GROWTH_BYTES = 20 * MEBIBYTE;

function heldBytes(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Bytes without meaning, the same in every run. */
function nonsense(size: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let state = seed;
  for (let index = 0; index < size; index++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[index] = state >>> 24;
  }
  return bytes;
}

describe.each(levels)("level $level", ({ level }) => {
  async function brokerWithWitness() {
    const broker = new Broker({ authenticate: () => grantOf("x"), now });
    const witness = await connected(broker, { level });
    await witness.subscribe("#");
    const expectServed = async () => {
      witness.publish("still", "here");
      expect((await witness.messages()).at(-1)).toBe("still here");
      expect(broker.statistics.internalErrors).toBe(0);
    };
    return { broker, expectServed };
  }

  test("T-SIZE: a first packet that announces 100 MB is refused on its first bytes, whatever its type", async () => {
    const { broker, expectServed } = await brokerWithWitness();
    using _broker = broker;
    const before = heldBytes();
    for (const type of [1, ...OTHER_TYPES]) {
      const client = new RawClient(broker, { level });
      client.sendBytes(Uint8Array.of(type << 4, ...LENGTH_100_MB));
      expect(client.isClosed).toBe(true);
      for (let count = 0; count < 100; count++) client.sendBytes(CHUNK);
    }
    expect(heldBytes() - before).toBeLessThan(MAX_GROWTH_BYTES);
    await expectServed();
  });

  test("T-SIZE: an announced length alone takes no memory, before and after CONNECT", async () => {
    const { broker, expectServed } = await brokerWithWitness();
    using _broker = broker;
    const before = heldBytes();
    for (let count = 0; count < 500; count++) {
      new RawClient(broker, { level }).sendBytes(Uint8Array.of(0x10, 0xff, 0x7f, 0)); // nearly 16 KiB
    }
    for (let count = 0; count < 100; count++) {
      const client = await connected(broker, { level });
      client.sendBytes(Uint8Array.of(0x30, 0xf0, 0xff, 0x3f, 0)); // nearly 1 MiB
      expect(client.isClosed).toBe(false);
    }
    expect(heldBytes() - before).toBeLessThan(MAX_GROWTH_BYTES);
    await expectServed();
  });

  test("T-SIZE: a message of 1 MiB passes, one byte more does not", async () => {
    const { broker, expectServed } = await brokerWithWitness();
    using _broker = broker;
    const headerBytes = level === 5 ? 9 : 8;
    const large = await connected(broker, { level });
    large.publish("a/b", "x".repeat(MEBIBYTE - headerBytes - 1));
    expect(large.isClosed).toBe(false);
    large.publish("a/b", "x".repeat(MEBIBYTE));
    expect(large.isClosed).toBe(true);
    await expectServed();
  });

  test("T-FLOOD: a megabyte of nonsense, before and after CONNECT, ends its sender and nobody else", async () => {
    const { broker, expectServed } = await brokerWithWitness();
    using _broker = broker;
    for (let seed = 1; seed <= 16; seed++) {
      const early = new RawClient(broker, { level });
      const late = await connected(broker, { level });
      const bytes = nonsense(64 * 1024, seed);
      for (const client of [early, late]) client.sendBytes(bytes);
      expect([early.isClosed, late.isClosed]).toEqual([true, true]);
    }
    await turn();
    expect(broker.statistics.connections).toBe(1);
    await expectServed();
  });

  test("T-FLOOD: ten thousand connection attempts leave nothing behind", async () => {
    const { broker, expectServed } = await brokerWithWitness();
    using _broker = broker;
    for (let count = 0; count < 10_000; count++) {
      const client = new RawClient(broker, { level, address: `198.51.${count % 7}.1` });
      if (count % 2 === 0) client.send(connectPacket(level));
      if (!client.isClosed) client.lose();
    }
    const { connections, sessions, addressesRefused } = broker.statistics;
    expect([connections, sessions]).toEqual([1, 1]);
    expect(addressesRefused).toBeGreaterThan(9000);
    await expectServed();
  });

  test("T-FLOOD: deep topics and filters full of wildcards are bounded work", async () => {
    const { broker, expectServed } = await brokerWithWitness();
    using _broker = broker;
    const client = await connected(broker, { level });
    const refused = level === 5 ? ReasonCode.topicFilterInvalid : 0x80;
    for (const filter of [`${"+/".repeat(100)}#`, "/".repeat(1000), `${"a/".repeat(127)}b`]) {
      expect(await client.subscribe(filter)).toEqual([refused]);
    }
    const wild = Array.from({ length: 128 }, (_, bits) =>
      Array.from({ length: 7 }, (_, place) => ((bits >> place) & 1 ? "+" : "a")).join("/"),
    );
    for (const filter of wild) expect(await client.subscribe(filter)).toEqual([0]);
    client.publish("a/a/a/a/a/a/a", "x");
    expect(await client.messages()).toEqual(["a/a/a/a/a/a/a x"]);
    client.publish("a/".repeat(500), "x");
    expect(client.isClosed).toBe(true);
    expect(broker.statistics.subscriptions).toBe(1);
    await expectServed();
  });

  test("T-FLOOD: who subscribes and unsubscribes without end is slowed down, then closed", async () => {
    const { broker, expectServed } = await brokerWithWitness();
    using _broker = broker;
    const client = await connected(broker, { level });
    const subscription = { qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0 } as const;
    for (let count = 0; count < 1000 && !client.isClosed; count++) {
      const filter = `f/${count}`;
      client.send({ type: "subscribe", packetId: 1, subscriptions: [{ filter, ...subscription }] });
      if (!client.isClosed) client.send({ type: "unsubscribe", packetId: 2, filters: [filter] });
    }
    expect(client.isClosed).toBe(true);
    expect(broker.statistics.floodedConnections).toBe(1);
    await expectServed();
  });
});
