import { expect, test } from "vitest";
import { seededRandom } from "../testing/random.ts";
import { type HeldFrame, JitterBuffer } from "./jitter-buffer.ts";

const frame = (timestampUs: number, keyFrame = false) => ({
  ...{ number: timestampUs, keyFrame, discardable: false, timestampUs },
  body: new Uint8Array(100),
});
/** Every second frame is needed by no other. */
const layered = (number: number) => ({
  ...frame(number, number === 0),
  ...(number % 2 === 0 ? { needs: 2 } : { discardable: true }),
});

test("JitterBuffer gives frames in order, when they are due", () => {
  const buffer = new JitterBuffer();
  for (const time of [10, 20, 30]) buffer.push(frame(time));
  expect([buffer.take(9), buffer.take(25)?.timestampUs, buffer.take(25)?.timestampUs, buffer.take(25)]).toEqual([
    undefined,
    10,
    20,
    undefined,
  ]);
  expect(buffer.length).toBe(1);
});

test("JitterBuffer takes no more than its bounds", () => {
  const inFrames = new JitterBuffer({ maxFrames: 2 });
  expect([inFrames.push(frame(1)), inFrames.push(frame(2)), inFrames.push(frame(3))]).toEqual([true, true, false]);
  const inBytes = new JitterBuffer({ maxBytes: 250 });
  expect([inBytes.push(frame(1)), inBytes.push(frame(2)), inBytes.push(frame(3))]).toEqual([true, true, false]);
  inBytes.take(1);
  expect(inBytes.push(frame(3))).toBe(true);
  expect(inBytes.clear()).toBe(2);
  expect(inBytes.push(frame(4))).toBe(true);
});

test("JitterBuffer jumps to a key frame over what is a second late", () => {
  const buffer = new JitterBuffer();
  for (let i = 0; i < 60; i++) buffer.push(frame(i * 33_000, i === 20 || i === 50));
  expect(buffer.take(900_000)?.timestampUs).toBe(0);
  expect(buffer.take(1_400_000)?.timestampUs).toBe(20 * 33_000);
  expect(buffer.framesJumped).toBe(19);
  expect(buffer.take(1_400_000)?.timestampUs).toBe(21 * 33_000);
});

/** All that leaves when everything is due. */
function taken(buffer: JitterBuffer<HeldFrame>, dueUs = 500_000): number[] {
  const numbers: number[] = [];
  for (let next = buffer.take(dueUs); next; next = buffer.take(dueUs)) numbers.push(next.number);
  return numbers;
}

test("JitterBuffer puts what no other frame needs where it belongs, however early or late it came (P10)", () => {
  const buffer = new JitterBuffer();
  for (const number of [0, 3, 5, 2, 1, 4]) buffer.push(layered(number));
  expect(taken(buffer)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(buffer.framesUnused).toBe(0);
});

test("JitterBuffer holds back what came before the frame that it needs, and nothing else for it", () => {
  const buffer = new JitterBuffer();
  for (const number of [0, 3]) buffer.push(layered(number));
  expect([taken(buffer), buffer.head, buffer.length]).toEqual([[0], undefined, 1]);
  buffer.push(layered(2));
  expect(taken(buffer)).toEqual([2, 3]);
  buffer.push(layered(7)); // 6 never comes
  buffer.push({ ...layered(8), needs: 4 });
  expect(taken(buffer)).toEqual([8]);
  expect([buffer.framesUnused, buffer.length]).toEqual([1, 0]);
});

test("JitterBuffer leaves out what comes after its turn, and twice", () => {
  const buffer = new JitterBuffer();
  for (const number of [0, 2]) buffer.push(layered(number));
  expect(taken(buffer)).toEqual([0, 2]);
  for (const number of [1, 3, 3, 4]) buffer.push(layered(number));
  expect(taken(buffer)).toEqual([3, 4]);
  buffer.push(layered(3));
  expect([buffer.framesUnused, buffer.length]).toEqual([3, 0]);
});

test("JitterBuffer goes on with a stream that begins anew with smaller numbers, and over the wrap of numbers (P3)", () => {
  const buffer = new JitterBuffer();
  for (const number of [90_000, 90_001]) buffer.push(layered(number));
  buffer.push({ ...layered(0), timestampUs: 200_000 });
  buffer.push({ ...layered(1), timestampUs: 200_001 });
  expect(taken(buffer)).toEqual([90_000, 90_001, 0, 1]);
  const wrapped = new JitterBuffer();
  for (const number of [0xffff_fffe, 0xffff_ffff, 1, 0]) wrapped.push({ ...layered(number), timestampUs: 0 });
  expect(taken(wrapped)).toEqual([0xffff_fffe, 0xffff_ffff, 0, 1]);
});

/** What leaves of 120 frames that come by two ways, each in its own order, while a playout is now and then too fast. */
function afterTwoWays(seed: number): { readonly left: readonly number[]; readonly unused: number } {
  const random = seededRandom(seed);
  const buffer = new JitterBuffer();
  const ways = [0, 1].map((way) => Array.from({ length: 60 }, (_, i) => 2 * i + way));
  const left: number[] = [];
  while (ways.some((way) => way.length > 0)) {
    const next = ways[random() < 0.5 ? 0 : 1]?.shift();
    if (next !== undefined) buffer.push(layered(next));
    if (random() < 0.4) left.push(...taken(buffer, Math.floor(random() * 120)));
  }
  left.push(...taken(buffer));
  return { left, unused: buffer.framesUnused };
}

test("JitterBuffer gives a decoder what it understands, whatever two ways make of the order", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const { left, unused } = afterTwoWays(seed);
    expect(left).toEqual(left.toSorted((a, b) => a - b));
    expect(left.filter((number) => number % 2 === 0)).toHaveLength(60);
    expect(left.filter((number) => number % 2 === 1 && !left.includes(number - 1))).toEqual([]);
    expect(left.length + unused).toBe(120);
  }
});

/** Of three layers in time: how far before it the frame is that a frame needs. */
const NEEDS = [4, 1, 2, 1];
const inThree = (number: number) => ({
  ...frame(number, number === 0),
  ...{ needs: NEEDS[number % 4] ?? 1, discardable: number % 4 !== 0 },
});

test("JitterBuffer gives a decoder what it understands, whatever three ways make of the order, and of some loss (T4, F8)", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = seededRandom(seed);
    const buffer = new JitterBuffer();
    const all = Array.from({ length: 120 }, (_, number) => number).filter(
      (number) => number % 4 === 0 || random() > 0.1,
    );
    const ways = [[0], [2], [1, 3]].map((places) => all.filter((number) => places.includes(number % 4)));
    const left: number[] = [];
    while (ways.some((way) => way.length > 0)) {
      const next = ways[Math.floor(random() * 3)]?.shift();
      if (next !== undefined) buffer.push(inThree(next));
      if (random() < 0.4) left.push(...taken(buffer, Math.floor(random() * 120)));
    }
    left.push(...taken(buffer));
    expect(left).toEqual(left.toSorted((a, b) => a - b));
    expect(left.filter((number) => number % 4 === 0)).toHaveLength(30);
    expect(left.filter((number) => number > 0 && !left.includes(number - (NEEDS[number % 4] ?? 1)))).toEqual([]);
    expect(left.length + buffer.framesUnused + buffer.length).toBe(all.length);
  }
});
