import { encodePacket, type Packet, type ProtocolLevel } from "@mqtt-meet/mqtt";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { Broker } from "./broker.ts";
import { type Grant, LOCAL_GRANT } from "./grant.ts";
import { connectPacket, RawClient, turn } from "./testing/raw-client.ts";

const RATED: Grant = {
  ...LOCAL_GRANT,
  rates: {
    bytes: { perS: 100, burst: 500 },
    messages: { perS: 1, burst: 4 },
    reliable: { perS: 1, burst: 4 },
    subscribes: { perS: 1, burst: 2 },
  },
};

const level = fc.constantFrom<ProtocolLevel>(4, 5);
const qos = fc.constantFrom(0, 1, 2);
const packetId = fc.integer({ min: 1, max: 4 });
const topic = fc.constantFrom("a", "a/b", "$SYS/x", "mm/1/r/p/state", "/", "a//b", "", "x/".repeat(10), "\u0001", "é");
const filter = fc.oneof(topic, fc.constantFrom("#", "+", "a/#", "+/+", "$share/g/#", "$share/g/a/+", "/#"));
const bytes = fc.uint8Array({ maxLength: 40 });
const reasonCode = fc.constantFrom(0, 4, 0x10, 0x80, 0x92, 0x97);
const someS = fc.constantFrom(undefined, 0, 1, 0xffff_ffff);

const will = fc.record({
  topic,
  payload: bytes,
  qos,
  retain: fc.boolean(),
  properties: fc.record({ willDelayS: someS }),
});
const connect = fc.record({
  clientId: fc.constantFrom("", "one", "two"),
  cleanStart: fc.boolean(),
  keepAliveS: fc.constantFrom(0, 1, 60),
  will: fc.option(will, { nil: undefined }),
  properties: fc.record({
    sessionExpiryS: someS,
    receiveMaximum: fc.constantFrom(undefined, 1),
    maximumPacketBytes: fc.constantFrom(undefined, 10, 30, 1000),
    topicAliasMaximum: fc.constantFrom(undefined, 2),
  }),
});
const publish = fc.record({
  topic,
  payload: bytes,
  qos,
  retain: fc.boolean(),
  dup: fc.boolean(),
  packetId,
  properties: fc.record({ topicAlias: fc.constantFrom(undefined, 1, 2, 33), messageExpiryS: someS }),
});
const subscription = fc.record({
  filter,
  qos,
  noLocal: fc.boolean(),
  retainAsPublished: fc.boolean(),
  retainHandling: fc.constantFrom(0, 1, 2),
});

function packet(type: string, fields: fc.Arbitrary<object>): fc.Arbitrary<Packet> {
  return fields.map((values) => ({ type, ...values }) as Packet);
}

const acknowledgement = fc.constantFrom("puback", "pubrec", "pubrel", "pubcomp");
const anyPacket: fc.Arbitrary<Packet> = fc.oneof(
  { arbitrary: packet("publish", publish), weight: 6 },
  {
    arbitrary: packet(
      "subscribe",
      fc.record({ packetId, subscriptions: fc.array(subscription, { minLength: 1, maxLength: 3 }) }),
    ),
    weight: 3,
  },
  { arbitrary: acknowledgement.chain((type) => packet(type, fc.record({ packetId, reasonCode }))), weight: 3 },
  packet("unsubscribe", fc.record({ packetId, filters: fc.array(filter, { minLength: 1, maxLength: 3 }) })),
  packet("disconnect", fc.record({ reasonCode, properties: fc.record({ sessionExpiryS: someS }) })),
  packet("pingreq", fc.record({})),
  packet("auth", fc.record({ reasonCode: fc.constantFrom(0, 0x18, 0x19) })),
);

/** What one client does: it connects, sends, sends nonsense, stops reading, or breaks off. */
const step = fc.oneof(
  { arbitrary: fc.record({ act: fc.constant("send" as const), packet: anyPacket }), weight: 10 },
  { arbitrary: fc.record({ act: fc.constant("nonsense" as const), bytes }), weight: 1 },
  { arbitrary: fc.record({ act: fc.constantFrom("stall" as const, "drain" as const, "lose" as const) }), weight: 2 },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
const life = fc.record({ level, connect, steps: fc.array(step, { maxLength: 12 }) });

/** Not every combination of fields can be written; the test is about those that can. */
function written(value: Packet, protocolLevel: ProtocolLevel): Uint8Array | undefined {
  try {
    return encodePacket(value, protocolLevel);
  } catch {
    return undefined;
  }
}

function perform(client: RawClient, action: Step): void {
  if (client.isClosed) return;
  if ("bytes" in action) client.sendBytes(action.bytes);
  else if ("packet" in action) client.sendBytes(written(action.packet, client.level) ?? new Uint8Array(0));
  else if (action.act === "stall") client.stream.isStalled = true;
  else if (action.act === "drain") client.stream.drain();
  else client.lose();
}

/** Seconds beyond a short run: `npm run fuzz`. */
const FUZZ_S = Number(process.env["MQTT_MEET_FUZZ_S"] ?? 0);
const RUNS =
  FUZZ_S > 0 ? { numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: FUZZ_S * 1000 } : { numRuns: 300 };

test(
  "T-FUZZ: whatever clients do, in whatever order, is no fault of the broker and no harm to a bystander",
  async () => {
    const onError = vi.fn();
    await fc.assert(
      fc.asyncProperty(fc.array(life, { minLength: 1, maxLength: 6 }), async (lives) => {
        // Some are under rates, some are not.
        using broker = new Broker({
          onError,
          authenticate: ({ clientId }) => (clientId === "two" ? RATED : LOCAL_GRANT),
        });
        const bystander = new RawClient(broker, { level: 5 });
        await bystander.connect();
        for (const { level: protocolLevel, connect: options, steps } of lives) {
          const client = new RawClient(broker, { level: protocolLevel });
          const first = written(
            connectPacket(protocolLevel, options as Parameters<typeof connectPacket>[1]),
            protocolLevel,
          );
          if (first) client.sendBytes(first);
          for (const action of steps) perform(client, action);
          await turn();
        }
        expect(onError).not.toHaveBeenCalled();
        bystander.send({ type: "pingreq" });
        await bystander.only("pingresp");
        expect(broker.statistics.internalErrors).toBe(0);
      }),
      RUNS,
    );
  },
  FUZZ_S * 1000 + 60_000,
);
