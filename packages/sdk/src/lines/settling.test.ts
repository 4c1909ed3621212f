import { expect, test } from "vitest";
import { Settling } from "./settling.ts";

/** What is said of these waits, ten of which are looked at in a second. */
function said(waitsMs: readonly number[]): readonly string[] {
  const settling = new Settling(50_000);
  return waitsMs.map((waitMs, i) => settling.look(waitMs, 50_000 + i * 100));
}

test("a line has settled when hardly anything waited for a second", () => {
  expect(said([...Array<number>(20).fill(600), ...Array<number>(10).fill(120)]).slice(-2)).toEqual([
    "unsettled",
    "settled",
  ]);
  expect(said([...Array<number>(10).fill(0), 121, ...Array<number>(9).fill(0)])).not.toContain("settled");
});

test("one on which something always waits is given up after ten seconds", () => {
  const seen = said(Array.from({ length: 101 }, (_, i) => (i % 9 === 0 ? 300 : 20)));
  expect(seen.slice(-2)).toEqual(["unsettled", "given-up"]);
});
