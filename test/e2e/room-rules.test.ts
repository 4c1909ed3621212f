// T-ACL: the rules of rooms, which are the grant of the server, against the whole server over TCP. Those of the broker itself are
// in packages/broker/src/broker-rules-*.test.ts.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { encodePacket, type Packet, PacketParser, type ProtocolLevel, type QoS, type Will } from "@mqtt-meet/mqtt";
import { deriveRoom, newPeer, type Peer, type RoomAccess, roomPassword } from "@mqtt-meet/protocol";
import { createMeetingServer, type MeetingServer } from "@mqtt-meet/server";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";

const utf8 = (text: string) => new TextEncoder().encode(text);

/** Sends and sees packets as they are. */
class Member {
  readonly peer: string;
  readonly room: string;
  readonly #socket: Socket;
  readonly #level: ProtocolLevel;
  readonly #packets: Packet[] = [];
  #onPacket: (() => void) | undefined;
  isClosed = false;

  constructor(port: number, options: { readonly level: ProtocolLevel; readonly peer: string; readonly room: string }) {
    this.peer = options.peer;
    this.room = options.room;
    this.#level = options.level;
    const parser = new PacketParser({ maxPacketBytes: 1 << 20, level: options.level, receiver: "client" });
    this.#socket = connect({ host: "127.0.0.1", port, noDelay: true });
    this.#socket.on("data", (chunk) => {
      this.#packets.push(...parser.push(Uint8Array.from(chunk)));
      this.#onPacket?.();
    });
    this.#socket.on("error", () => undefined);
    this.#socket.on("close", () => {
      this.isClosed = true;
      this.#onPacket?.();
    });
  }

  send(packet: Packet): void {
    if (!this.#socket.destroyed) this.#socket.write(encodePacket(packet, this.#level));
  }

  publish(topic: string, options: { text?: string; retain?: boolean; qos?: QoS } = {}): void {
    const { text = "x", retain = false, qos = 1 } = options;
    const packetId = qos > 0 ? 7 : undefined;
    this.send({ type: "publish", topic, payload: utf8(text), qos, retain, dup: false, packetId });
  }

  /** The next packet of a type; undefined when the connection ends before. */
  async next<T extends Packet["type"]>(type: T): Promise<(Packet & { readonly type: T }) | undefined> {
    for (;;) {
      const index = this.#packets.findIndex((packet) => packet.type === type);
      if (index >= 0) return this.#packets.splice(index, 1)[0] as Packet & { readonly type: T };
      if (this.isClosed) return undefined;
      await new Promise<void>((resolve) => {
        this.#onPacket = resolve;
      });
    }
  }

  async subscribe(filter: string): Promise<number | undefined> {
    const options = { qos: 1, noLocal: false, retainAsPublished: false, retainHandling: 0 } as const;
    this.send({ type: "subscribe", packetId: 9, subscriptions: [{ filter, ...options }] });
    return (await this.next("suback"))?.reasonCodes[0];
  }

  /** Whether the connection goes on, once all that was sent is answered. */
  async isServed(): Promise<boolean> {
    this.send({ type: "pingreq" });
    return (await this.next("pingresp")) !== undefined;
  }

  /** The topics of the messages that have come so far. */
  get heard(): string[] {
    return this.#packets.flatMap((packet) => (packet.type === "publish" ? [packet.topic] : []));
  }

  async end(): Promise<void> {
    if (this.isClosed) return;
    this.#socket.destroy();
    await once(this.#socket, "close");
  }
}

let server: MeetingServer;
let access: RoomAccess;
const members: Member[] = [];

beforeAll(async () => {
  const nowhere = { webRoot: "/nowhere", stateFolder: "/nowhere", version: "0" };
  server = await createMeetingServer({ host: "127.0.0.1", port: 0, mqttPort: 0, ...nowhere });
});
afterAll(() => server.close());
beforeEach(async () => {
  access = await deriveRoom(crypto.getRandomValues(new Uint8Array(32)));
});
afterEach(async () => {
  await Promise.all(members.splice(0).map((member) => member.end()));
});

describe.each([{ level: 4 }, { level: 5 }] as const)("level $level", ({ level }) => {
  const refusedFilter = level === 5 ? 0x87 : 0x80;

  async function attempt(peer: Peer, options: { clientId?: string; will?: Will } = {}) {
    const { clientId = peer.peer, will } = options;
    const member = new Member(server.mqttPort as number, { level, peer: peer.peer, room: access.room });
    members.push(member);
    const password = utf8(roomPassword(access.authToken, peer.peerSecret));
    const proof = { username: access.room, password };
    member.send({ type: "connect", level, clientId, cleanStart: true, keepAliveS: 30, will, ...proof });
    return { member, reasonCode: (await member.next("connack"))?.reasonCode };
  }

  async function join(options: Parameters<typeof attempt>[1] = {}): Promise<Member> {
    const { member, reasonCode } = await attempt(await newPeer(), options);
    expect(reasonCode).toBe(0);
    return member;
  }

  /** Somebody of the room who reads what may be read. */
  async function witness(): Promise<Member> {
    const member = await join();
    for (const kind of ["state", "catalog", "a/#", "v/#"]) {
      expect(await member.subscribe(`mm/1/${access.room}/+/${kind}`)).toBe(1);
    }
    for (const filter of [`all/+`, `${member.peer}/in/+`]) {
      expect(await member.subscribe(`mm/1/${access.room}/${filter}`)).toBe(1);
    }
    return member;
  }

  test("T-ACL-2: a member publishes as itself, in its room", async () => {
    const [other, member] = [await witness(), await join()];
    const room = `mm/1/${access.room}`;
    const topics = [
      `${room}/${member.peer}/a/mic`,
      `${room}/${member.peer}/v/camera/0/0`,
      `${room}/all/${member.peer}`,
    ];
    topics.push(`${room}/${other.peer}/in/${member.peer}`);
    for (const topic of topics) {
      member.publish(topic);
      expect((await member.next("puback"))?.packetId).toBe(7);
    }
    expect(await other.isServed()).toBe(true);
    expect(other.heard.toSorted()).toEqual(topics.toSorted());
  });

  test.each([
    ["as another", "R/OTHER/a/mic"],
    ["another's state", "R/OTHER/state"],
    ["to all as another", "R/all/OTHER"],
    ["into an inbox as another", "R/OTHER/in/OTHER"],
    ["into its own inbox", "R/OWN/in/OTHER"],
    ["in another room", "ELSEWHERE/OWN/state"],
    ["outside of rooms", "some/topic"],
    ["on the system's topics", "$SYS/x"],
  ])("T-ACL-2, T-FORGE: publishing %s reaches nobody and ends the connection", async (_what, pattern) => {
    const [other, member] = [await witness(), await join()];
    const elsewhere = await deriveRoom(crypto.getRandomValues(new Uint8Array(32)));
    const topic = pattern
      .replace("ELSEWHERE", `mm/1/${elsewhere.room}`)
      .replace("R/", `mm/1/${access.room}/`)
      .replaceAll("OTHER", other.peer)
      .replace("OWN", member.peer);
    member.publish(topic);
    expect(await member.next("puback")).toBeUndefined();
    expect(member.isClosed).toBe(true);
    expect(await other.isServed()).toBe(true);
    expect(other.heard).toEqual([]);
  });

  test("T-ACL-3: a member subscribes to what is said in its room, and to its own inbox", async () => {
    expect(await (await witness()).isServed()).toBe(true);
  });

  test.each(
    ["R/+/#", "R/+/+/OWN", "R/OTHER/in/+", "R/+/in/OWN", "R/#", "R/+", "mm/1/+/+/state", "mm/#", "#"].concat([
      "$SYS/#",
      "$share/g/R/+/state",
      "$queue/R/+/state",
    ]),
  )("T-ACL-3: the filter %s is refused", async (pattern) => {
    const member = await join();
    const { peer } = await newPeer();
    const filter = pattern.replace("R/", `mm/1/${access.room}/`).replace("OTHER", peer).replace("OWN", member.peer);
    expect(await member.subscribe(filter)).toBe(refusedFilter);
    expect(await member.isServed()).toBe(true);
  });

  test("T-ACL-5: a will is for the own state, and small", async () => {
    const other = await witness();
    const will = (topic: string, size = 10, qos: QoS = 1): Will => ({
      topic,
      payload: new Uint8Array(size),
      qos,
      retain: false,
    });
    const peer = await newPeer();
    const room = `mm/1/${access.room}`;
    const own = `${room}/${peer.peer}/state`;
    const wrong = [will(`${room}/${other.peer}/state`), will(`${room}/all/${peer.peer}`), will("$SYS/x")];
    for (const refused of [...wrong, will(own, 1025), will(own, 10, 2)]) {
      expect((await attempt(peer, { will: refused })).reasonCode).not.toBe(0);
    }
    const { member, reasonCode } = await attempt(peer, { will: will(own, 1024) });
    expect(reasonCode).toBe(0);
    await member.end();
    expect((await other.next("publish"))?.topic).toBe(own);
  });

  test("T-ACL-6: a member retains its state and catalog, and clears nobody else's", async () => {
    const member = await join();
    const state = `mm/1/${access.room}/${member.peer}/state`;
    member.publish(state, { retain: true, text: "x".repeat(4096) });
    expect(await member.next("puback")).toBeDefined();
    for (const [kind, size] of [
      ["state", 4097],
      ["all", 1],
      ["a/mic", 1],
    ] as const) {
      const vandal = await join();
      const topic = kind === "all" ? `all/${vandal.peer}` : `${vandal.peer}/${kind}`;
      vandal.publish(`mm/1/${access.room}/${topic}`, { retain: true, text: "x".repeat(size) });
      expect(await vandal.next("puback")).toBeUndefined();
    }
    const eraser = await join();
    eraser.publish(state, { retain: true, text: "" });
    expect(await eraser.next("puback")).toBeUndefined();
    const late = await join();
    await late.subscribe(state);
    expect((await late.next("publish"))?.payload.length).toBe(4096);
    member.publish(state, { retain: true, text: "" });
    expect(await member.next("puback")).toBeDefined();
  });

  test("T-ACL-8: a client id is the peer, or the peer with .B to .O", async () => {
    const peer = await newPeer();
    const { peer: stranger } = await newPeer();
    for (const suffix of ["", ".B", ".O"])
      expect((await attempt(peer, { clientId: peer.peer + suffix })).reasonCode).toBe(0);
    for (const clientId of [`${peer.peer}.A`, `${peer.peer}.P`, `${peer.peer}.BB`, `${peer.peer}+`, stranger, "#"]) {
      expect((await attempt(peer, { clientId })).reasonCode).not.toBe(0);
    }
  });
});
