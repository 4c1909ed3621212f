import { expect, test } from "vitest";
import { LineLimit } from "./line-limit.ts";

const RATES = { each: { burst: 3, perS: 1 }, all: { burst: 5, perS: 2 } };

test("LineLimit lets few lines of a kind through, then as many as time brings, and counts the others", () => {
  const limit = new LineLimit(RATES, 0);
  const passed = (kind: string, times: number, nowMs: number) =>
    Array.from({ length: times }, () => limit.admit(kind, nowMs)).filter(Boolean).length;
  expect(passed("a", 10_000, 0)).toBe(3);
  expect(passed("a", 10_000, 1000)).toBe(1);
  expect(limit.takeLeftOut()).toEqual(new Map([["a", 19_996]]));
  expect(limit.takeLeftOut()).toEqual(new Map());
});

test("LineLimit bounds all kinds together, so that changing the kind helps nobody", () => {
  const limit = new LineLimit(RATES, 0);
  const kinds = ["a", "b", "c", "d"];
  const passed = kinds.flatMap((kind) => [limit.admit(kind, 0), limit.admit(kind, 0)]).filter(Boolean).length;
  expect(passed).toBe(5);
  expect(limit.takeLeftOut()).toEqual(
    new Map([
      ["c", 1],
      ["d", 2],
    ]),
  );
});
