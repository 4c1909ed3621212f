import { describe, expect, test } from "vitest";
import { type InFlight, Outbox } from "./outbox.ts";
import { Publication } from "./publication.ts";

function item(name: string, options: { qos?: 1 | 2; expiryS?: number; bytes?: number } = {}) {
  const { qos = 1, expiryS, bytes = 1 } = options;
  const properties = expiryS === undefined ? undefined : { messageExpiryS: expiryS };
  const content = { topic: name, payload: new Uint8Array(bytes), qos, retain: false, properties };
  return { publication: new Publication(content, { nowMs: 0 }), qos, retain: false, identifiers: undefined };
}

function filled(...items: ReturnType<typeof item>[]): Outbox {
  const outbox = new Outbox();
  outbox.window = 2;
  for (const each of items) outbox.push(each);
  return outbox;
}

/** What would be sent once more after a reconnect. */
function inFlight(outbox: Outbox): InFlight[] {
  outbox.rewind();
  const items: InFlight[] = [];
  for (let item = outbox.nextAgain(); item; item = outbox.nextAgain()) items.push(item);
  return items;
}

describe("Outbox", () => {
  test("sends in order, no more than the window allows, and goes on after an acknowledgement", () => {
    const outbox = filled(item("a"), item("b"), item("c"));
    const [first, second, third] = [outbox.next(0), outbox.next(0), outbox.next(0)];
    expect([first?.publication.topic, second?.publication.topic, third]).toEqual(["a", "b", undefined]);
    expect(outbox.acknowledge(first?.packetId ?? 0, "puback")).toBe("known");
    expect(outbox.next(0)?.publication.topic).toBe("c");
    expect(outbox.length).toBe(2);
  });

  test("an acknowledgement of the wrong kind or of nothing changes nothing", () => {
    const outbox = filled(item("a"), item("b", { qos: 2 }));
    const first = outbox.next(0)?.packetId ?? 0;
    const second = outbox.next(0)?.packetId ?? 0;
    expect(outbox.acknowledge(first, "pubrec")).toBe("wrong");
    expect(outbox.acknowledge(first, "pubcomp")).toBe("wrong");
    expect(outbox.acknowledge(second, "puback")).toBe("wrong");
    expect(outbox.acknowledge(second, "pubcomp")).toBe("wrong");
    expect(outbox.acknowledge(99, "puback")).toBe("unknown");
    expect(outbox.length).toBe(2);
    expect(outbox.acknowledge(first, "puback")).toBe("known");
    expect(outbox.acknowledge(first, "puback")).toBe("unknown");
  });

  test("QoS 2 holds its place until PUBCOMP, and PUBREC may come twice", () => {
    const outbox = filled(item("a", { qos: 2 }));
    const packetId = outbox.next(0)?.packetId ?? 0;
    expect(outbox.acknowledge(packetId, "pubrec")).toBe("known");
    expect(outbox.acknowledge(packetId, "pubrec")).toBe("known");
    expect(inFlight(outbox)).toMatchObject([{ packetId, released: true }]);
    expect(outbox.acknowledge(packetId, "pubcomp")).toBe("known");
    expect(outbox).toMatchObject({ length: 0, bytes: 0 });
  });

  test("skips what expired while it waited, but not what is in flight", () => {
    const outbox = filled(item("a", { expiryS: 1 }), item("b", { expiryS: 1 }), item("c"));
    expect(outbox.next(0)?.publication.topic).toBe("a");
    expect(outbox.next(1000)?.publication.topic).toBe("c");
    expect(inFlight(outbox).map(({ publication }) => publication.topic)).toEqual(["a", "c"]);
  });

  test("packet ids are never 0 and never in use twice", () => {
    const outbox = new Outbox();
    outbox.window = 3;
    outbox.push(item("held"));
    const heldId = outbox.next(0)?.packetId;
    const seen = new Set<number>();
    for (let index = 0; index < 70_000; index++) {
      outbox.push(item("x"));
      const packetId = outbox.next(0)?.packetId ?? 0;
      seen.add(packetId);
      outbox.acknowledge(packetId, "puback");
    }
    expect(seen.size).toBe(65_534);
    expect(seen.has(0)).toBe(false);
    expect(seen.has(heldId ?? -1)).toBe(false);
  });

  test("drops the oldest that waits, never what is in flight", () => {
    const outbox = filled(item("a"), item("b"), item("c"));
    outbox.next(0);
    expect([outbox.dropOldest(), outbox.dropOldest(), outbox.dropOldest()]).toEqual([true, true, false]);
    expect(outbox.length).toBe(1);
  });

  test("forgets what may not be delivered any more, except what the receiver has already", () => {
    const outbox = filled(item("a", { qos: 2 }), item("b"), item("c"), item("d"));
    outbox.acknowledge(outbox.next(0)?.packetId ?? 0, "pubrec");
    outbox.next(0);
    outbox.retainOnly((publication) => publication.topic === "d");
    expect(inFlight(outbox).map(({ publication }) => publication.topic)).toEqual(["a"]);
    expect(outbox.next(0)?.publication.topic).toBe("d");
    expect(outbox.length).toBe(2);
  });
});
