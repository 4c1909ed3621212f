// T-ACL of the gateway: what it shares with the embedded broker, whose own tests are in packages/broker/src/broker-rules-*.test.ts.
import { type Authenticate, Broker, type BrokerLimits, type Grant } from "@mqtt-meet/broker";
import {
  type ByteStream,
  encodePacket,
  type Packet,
  PacketParser,
  type ProtocolLevel,
  ReasonCode,
} from "@mqtt-meet/mqtt";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { classifyMedia } from "../classify-media.ts";
import { memoryStreams } from "../memory-streams.ts";
import { Gateway } from "./gateway.ts";

const ADDRESS = "192.0.2.1";
let nowMs = 0;
const cleanUps: (() => unknown)[] = [];
beforeEach(() => {
  nowMs = 0;
  vi.useFakeTimers({ toFake: ["setInterval", "setTimeout", "clearTimeout"] });
});
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0).reverse()) cleanUp();
  vi.useRealTimers();
});

function pass(ms: number): void {
  for (let left = ms; left > 0; left -= 100) {
    nowMs += 100;
    vi.advanceTimersByTime(100);
  }
}

function grantOf(identity: string, more: Partial<Grant> = {}): Grant {
  return { identity, maxQos: 2, mayPublish: () => true, maySubscribe: () => true, ...more };
}

interface Setting {
  readonly authenticate?: Authenticate;
  readonly limits?: Partial<BrokerLimits>;
}

/** A gateway in front of a broker that permits everything and takes whatever comes, all in this process. */
function openGateway({ authenticate = ({ clientId }) => grantOf(clientId), limits }: Setting = {}) {
  const behind = new Broker({ authenticate: ({ clientId }) => grantOf(clientId, { rates: "unlimited" }) });
  const dial = async () => {
    const [inner, outer] = memoryStreams();
    behind.accept(outer, { local: true });
    return inner;
  };
  const gateway = new Gateway({ address: { dial }, authenticate, classify: classifyMedia, limits, now: () => nowMs });
  cleanUps.push(
    () => behind.close(),
    () => gateway.close(),
  );
  return { gateway, behind };
}

/** Sends and sees packets as they are. */
class RawPeer {
  readonly received: Packet[] = [];
  readonly #level: ProtocolLevel;
  readonly #inner: ByteStream;
  isClosed = false;
  isPaused = false;

  constructor(gateway: Gateway, { level, address = ADDRESS }: { level: ProtocolLevel; address?: string }) {
    this.#level = level;
    const [inner, outer] = memoryStreams();
    this.#inner = inner;
    const parser = new PacketParser({ maxPacketBytes: 1e6, level, receiver: "client" });
    inner.onData = (chunk) => this.received.push(...parser.push(chunk));
    inner.onClose = () => {
      this.isClosed = true;
    };
    const pause = () => {
      this.isPaused = true;
    };
    const resume = () => {
      this.isPaused = false;
    };
    gateway.accept(Object.assign(outer, { pause, resume }), { local: false, remoteAddress: address });
  }

  async send(...packets: readonly Packet[]): Promise<void> {
    for (const packet of packets) this.#inner.send(encodePacket(packet, this.#level));
    await turn();
  }

  async connect(clientId: string): Promise<number | undefined> {
    await this.send({ type: "connect", level: this.#level, clientId, cleanStart: true, keepAliveS: 60 });
    return this.received[0]?.type === "connack" ? this.received[0].reasonCode : undefined;
  }

  async publish(topic: string, count = 1): Promise<void> {
    const packet: Packet = { type: "publish", topic, payload: new Uint8Array(1), qos: 0, retain: false, dup: false };
    await this.send(...Array.from({ length: count }, () => packet));
  }

  get goodbye(): number | undefined {
    const last = this.received.at(-1);
    return last?.type === "disconnect" ? last.reasonCode : undefined;
  }
}

/** Until both halves of the gateway, and the broker behind it, have had their turn. */
async function turn(): Promise<void> {
  for (let index = 0; index < 20; index++) await new Promise((resolve) => setImmediate(resolve));
}

describe.each([{ level: 4 }, { level: 5 }] as const)("the gateway, level $level", ({ level }) => {
  const on5 = (reasonCode: number) => (level === 5 ? reasonCode : undefined);

  test("T-ACL-9: a topic with a control character ends the connection, one without passes", async () => {
    const { gateway, behind } = openGateway();
    const peer = new RawPeer(gateway, { level });
    await peer.connect("p");
    await peer.publish("a/b");
    expect([peer.isClosed, behind.statistics.messagesIn]).toEqual([false, 1]);
    await peer.publish("a\u0007b");
    expect([peer.isClosed, behind.statistics.messagesIn]).toEqual([true, 1]);
    expect(peer.goodbye).toBe(on5(ReasonCode.malformedPacket));
  });

  test("T-ACL-11: who sends too fast is not read from, then ends; who stays within the rates is served", async () => {
    const { gateway, behind } = openGateway();
    const [calm, wild] = [new RawPeer(gateway, { level }), new RawPeer(gateway, { level })];
    await calm.connect("calm");
    await wild.connect("wild");
    let sent = 0;
    for (let tenth = 0; tenth < 100 && !wild.isClosed; tenth++) {
      await calm.publish("a", 30);
      sent += 30;
      if (!wild.isPaused) await wild.publish("b", 600);
      pass(100);
      await turn();
    }
    expect([wild.isClosed, calm.isClosed]).toEqual([true, false]);
    expect(wild.goodbye).toBe(on5(ReasonCode.messageRateTooHigh));
    expect(gateway.statistics).toMatchObject({ floodedConnections: 1, connections: 1 });
    expect(gateway.statistics.throttled).toBeGreaterThan(0);
    expect(behind.statistics.messagesIn).toBeGreaterThanOrEqual(sent);
  });

  test("T-ACL-11: many connections of one address, or many too fast, are refused; those of others are not", async () => {
    const perAddress = { maxConnections: 3, connects: { perS: 1, burst: 5 }, failures: { perS: 1, burst: 5 } };
    const { gateway } = openGateway({ limits: { perAddress } });
    const from = async (address: string) => {
      const peer = new RawPeer(gateway, { level, address });
      await turn();
      return peer.isClosed;
    };
    const outcomes: boolean[] = [];
    for (const address of [ADDRESS, ADDRESS, ADDRESS, ADDRESS, "192.0.2.2"]) outcomes.push(await from(address));
    expect(outcomes).toEqual([false, false, false, true, false]);
    expect(gateway.statistics).toMatchObject({ addressesRefused: 1, connections: 4 });
    pass(6000); // none of them sent a CONNECT
    await turn();
    expect(gateway.statistics.connections).toBe(0);
    expect(await from(ADDRESS)).toBe(false);
  });

  test("T-ACL-1: after wrong credentials nobody of that address is asked for any, for a while", async () => {
    const asked: (string | undefined)[] = [];
    const { gateway } = openGateway({
      authenticate: ({ clientId, remoteAddress }) => {
        asked.push(remoteAddress);
        return clientId === "right" ? grantOf(clientId) : undefined;
      },
    });
    for (let count = 0; count < 5; count++) await new RawPeer(gateway, { level }).connect("wrong");
    const refused = level === 5 ? ReasonCode.connectionRateExceeded : 3;
    expect(await new RawPeer(gateway, { level }).connect("right")).toBe(refused);
    expect(asked).toEqual([ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS]); // as the trusted proxy said
    expect(await new RawPeer(gateway, { level, address: "192.0.2.2" }).connect("right")).toBe(0);
    pass(12_000);
    expect(await new RawPeer(gateway, { level }).connect("right")).toBe(0);
  });

  test("T-ACL-1: who is known and turned away is told so, and that is no failure (A10, D1)", async () => {
    const { gateway, behind } = openGateway({ authenticate: () => ({ refusedWith: ReasonCode.notAuthorized }) });
    const turnedAway = level === 5 ? ReasonCode.notAuthorized : 5;
    for (let count = 0; count < 20; count++)
      expect(await new RawPeer(gateway, { level }).connect("p")).toBe(turnedAway);
    expect([gateway.statistics.addressesRefused, behind.statistics.connections]).toEqual([0, 0]);
  });

  test("a grant may drop some of what is refused, and end the connection for the rest (D6)", async () => {
    const { gateway, behind } = openGateway({
      authenticate: () =>
        grantOf("p", {
          mayPublish: (topic) => topic === "mine",
          onRefusedPublish: (topic) => (topic === "sound" ? "drop" : "close"),
        }),
    });
    const peer = new RawPeer(gateway, { level });
    await peer.connect("p");
    await peer.publish("sound", 3);
    await peer.publish("mine");
    expect([peer.isClosed, behind.statistics.messagesIn, gateway.statistics.publishesRefused]).toEqual([false, 1, 3]);
    await peer.publish("theirs");
    expect([peer.isClosed, behind.statistics.messagesIn, peer.goodbye]).toEqual([
      true,
      1,
      on5(ReasonCode.notAuthorized),
    ]);
  });

  test("T-ACL-11: no more identities of one group than it has room for", async () => {
    const group = { name: "room", maxIdentities: 2 };
    const { gateway } = openGateway({ authenticate: ({ clientId }) => grantOf(clientId.slice(0, 1), { group }) });
    const first = new RawPeer(gateway, { level });
    expect(await first.connect("a")).toBe(0);
    expect(await new RawPeer(gateway, { level }).connect("b")).toBe(0);
    expect(await new RawPeer(gateway, { level }).connect("b.B")).toBe(0);
    const full = level === 5 ? ReasonCode.quotaExceeded : 3;
    expect(await new RawPeer(gateway, { level }).connect("c")).toBe(full);
    await first.send({ type: "disconnect", reasonCode: 0 });
    expect(await new RawPeer(gateway, { level }).connect("c")).toBe(0);
  });

  test("T-ACL-18: at its end clients are told to come back, no will fires, and the broker is left", async () => {
    const { gateway, behind } = openGateway();
    const [peer, undecided] = [new RawPeer(gateway, { level }), new RawPeer(gateway, { level })];
    const will = { topic: "gone", payload: new Uint8Array(1), qos: 0, retain: true } as const;
    await peer.send({ type: "connect", level, clientId: "p", cleanStart: true, keepAliveS: 60, will });
    expect(behind.statistics.connections).toBe(1);
    gateway.close();
    await turn();
    expect(peer.goodbye).toBe(on5(ReasonCode.serverShuttingDown));
    expect([peer.isClosed, undecided.isClosed]).toEqual([true, true]);
    expect(undecided.received).toEqual([]);
    expect(behind.statistics).toMatchObject({ connections: 0, retainedMessages: 0 });
    const late = new RawPeer(gateway, { level });
    await turn();
    expect(late.isClosed).toBe(true);
  });
});
