import { FILE_PART_BYTES, filePartBytes } from "@mqtt-meet/protocol";
import { expect, test } from "vitest";
import { FileAssembly, type PartRange } from "./file-assembly.ts";

const SIZE = 20 * FILE_PART_BYTES + 7;
const part = (index: number) => new Uint8Array(filePartBytes(SIZE, index)).fill(index);

function asked(assembly: FileAssembly, nowMs: number): PartRange {
  const range = assembly.ask(nowMs);
  if (range === undefined || range === "lost") throw new Error("It asks for nothing.");
  return range;
}

/** Answers everything, each part after `partMs`; returns how much was asked for each time. */
function fetchAll(assembly: FileAssembly, partMs: number): number[] {
  const counts: number[] = [];
  let nowMs = 0;
  while (assembly.complete === undefined) {
    const { from, count } = asked(assembly, nowMs);
    counts.push(count);
    for (let index = from; index < from + count; index++) {
      nowMs += partMs;
      expect(assembly.ask(nowMs)).toBeUndefined();
      assembly.receive(index, part(index), nowMs);
    }
  }
  return counts;
}

test("FileAssembly asks for more at once where parts come quickly, and for one on a slow line (R8)", () => {
  const quick = new FileAssembly(SIZE);
  expect(fetchAll(quick, 80)).toEqual([1, 2, 4, 8, 6]);
  expect(quick.complete?.map(([first]) => first)).toEqual(Array.from({ length: 21 }, (_, index) => index));
  expect(fetchAll(new FileAssembly(SIZE), 1_000)).toEqual(new Array(21).fill(1));
});

test("FileAssembly keeps no part twice, of another size, or beyond the end (R8)", () => {
  const assembly = new FileAssembly(SIZE);
  assembly.ask(0);
  expect(assembly.receive(0, part(1).slice(1), 1)).toBe(false);
  expect(assembly.receive(21, new Uint8Array(0), 1)).toBe(false);
  expect(assembly.receive(1_279, part(0), 1)).toBe(false);
  expect(assembly.receive(20, part(0), 1)).toBe(false);
  expect([assembly.receive(0, part(0), 1), assembly.receive(0, part(0), 1)]).toEqual([true, false]);
  expect(assembly.receivedBytes).toBe(FILE_PART_BYTES);
});

test("FileAssembly asks again for what did not come, one part at a time, and gives up on who is silent (R8)", () => {
  const assembly = new FileAssembly(SIZE);
  for (const index of [0, 1, 2]) assembly.receive(index, part(index), 0);
  expect(assembly.ask(0)).toEqual({ from: 3, count: 1 });
  assembly.receive(3, part(3), 50);
  expect(assembly.ask(50)).toEqual({ from: 4, count: 2 });
  assembly.receive(5, part(5), 100);
  expect(assembly.ask(5_099)).toBeUndefined();
  for (const nowMs of [5_100, 10_100, 15_100, 20_100, 25_100, 30_100]) {
    expect(assembly.ask(nowMs)).toEqual({ from: 4, count: 1 });
  }
  expect(assembly.ask(35_100)).toBe("lost");
});

test("FileAssembly asks at once on a new connection (R8)", () => {
  const assembly = new FileAssembly(SIZE);
  assembly.ask(0);
  assembly.restart();
  expect(assembly.ask(1)).toEqual({ from: 0, count: 1 });
});

test("a file without bytes is complete", () => {
  const assembly = new FileAssembly(0);
  expect([assembly.complete, assembly.ask(0)]).toEqual([[], undefined]);
});
