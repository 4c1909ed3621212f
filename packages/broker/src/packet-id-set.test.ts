import fc from "fast-check";
import { expect, test } from "vitest";
import { PacketIdSet } from "./packet-id-set.ts";

test("PacketIdSet is a set", () => {
  const packetId = fc.oneof(fc.constantFrom(1, 7, 8, 0xffff), fc.integer({ min: 1, max: 0xffff }));
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), packetId)), (steps) => {
      const plain = new Set<number>();
      const ids = new PacketIdSet();
      for (const [isAdded, id] of steps) {
        if (isAdded) {
          plain.add(id);
          ids.add(id);
        } else expect(ids.delete(id)).toBe(plain.delete(id));
        expect([ids.size, ids.has(id)]).toEqual([plain.size, plain.has(id)]);
      }
    }),
  );
});
