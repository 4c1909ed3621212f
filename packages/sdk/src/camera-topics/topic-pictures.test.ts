import { expect, test } from "vitest";
import { jpegSize } from "./jpeg-size.ts";
import { TopicPictures } from "./topic-pictures.ts";

/** The beginning of a picture of this size: JFIF, then the frame's header. */
function picture(number: number, { widthPx = 640, heightPx = 480 } = {}): Uint8Array {
  const two = (value: number) => [value >> 8, value & 0xff];
  const comment = [0xff, 0xfe, 0, 4, ...two(number)];
  const frame = [0xff, 0xc0, 0, 11, 8, ...two(heightPx), ...two(widthPx), 1, 1, 0x11, 0];
  return Uint8Array.of(0xff, 0xd8, ...comment, ...frame, 0xff, 0xda);
}

const numberOf = (jpeg: Uint8Array) => (jpeg[6] ?? 0) * 256 + (jpeg[7] ?? 0);

function setUp() {
  const clock = { nowMs: 1_000_000 };
  const shown: number[] = [];
  const decoding: { resolve: () => void; reject: () => void }[] = [];
  const pictures = new TopicPictures<number>({
    nowMs: () => clock.nowMs,
    decode: (jpeg) =>
      new Promise((resolve, reject) => {
        decoding.push({ resolve: () => resolve(numberOf(jpeg)), reject: () => reject(new Error("damaged")) });
      }),
    onPicture: (number) => shown.push(number),
  });
  const settle = async (how: "resolve" | "reject" = "resolve") => {
    decoding.shift()?.[how]();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { clock, shown, decoding, pictures, settle, figures: () => pictures.figures(clock.nowMs) };
}

test("TopicPictures decodes one at a time, and of those that come meanwhile the newest", async () => {
  const { shown, decoding, pictures, settle, figures } = setUp();
  for (const number of [1, 2, 3, 4]) pictures.receive(picture(number));
  expect(decoding).toHaveLength(1);
  await settle();
  await settle();
  expect([shown, figures().shown, figures().skipped]).toEqual([[1, 4], 2, 2]);
  expect(numberOf(pictures.last ?? new Uint8Array())).toBe(4);
});

test("TopicPictures drops and counts what is no picture, and goes on after a damaged one (V4)", async () => {
  const { shown, pictures, settle, figures } = setUp();
  pictures.receive(new TextEncoder().encode("ON"));
  pictures.receive(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 1, 2));
  pictures.receive(picture(7));
  await settle("reject");
  pictures.receive(picture(8));
  await settle();
  expect(shown).toEqual([8]);
  expect(figures()).toMatchObject({ shown: 1, notPictures: 1, damaged: 2, skipped: 0 });
});

test("TopicPictures does not decode what says it is larger than any camera's picture", () => {
  const { decoding, pictures, figures } = setUp();
  pictures.receive(picture(1, { widthPx: 65_500, heightPx: 65_500 }));
  expect([decoding.length, figures().damaged]).toEqual([0, 1]);
});

test("a picture counts as taken when it arrives, and rates are of the last seconds (V3)", async () => {
  const { clock, pictures, settle, figures } = setUp();
  expect(figures()).toMatchObject({ frameRate: undefined, bitrateBps: 0, size: undefined, lastAtMs: undefined });
  for (let i = 0; i < 20; i++) {
    pictures.receive(picture(i, { widthPx: 320, heightPx: 200 }));
    clock.nowMs += 100;
    await settle();
  }
  const bytes = picture(0).length * 20;
  expect(figures()).toEqual({
    ...{ shown: 20, frameRate: 10, bitrateBps: (bytes * 8) / 5, size: { widthPx: 320, heightPx: 200 } },
    ...{ lastAtMs: clock.nowMs - 100, notPictures: 0, damaged: 0, skipped: 0 },
  });
  const lastAtMs = clock.nowMs - 100;
  clock.nowMs += 12_000;
  expect(figures()).toMatchObject({ frameRate: undefined, bitrateBps: 0, lastAtMs });
});

test("TopicPictures shows the newest picture once more where there is a new place, and counts it once", async () => {
  const { shown, pictures, settle, figures } = setUp();
  await pictures.again();
  pictures.receive(picture(5));
  await settle();
  const again = pictures.again();
  await settle();
  await again;
  expect([shown, figures().shown]).toEqual([[5, 5], 1]);
});

test("jpegSize reads the header of a frame behind whatever stands before it", () => {
  expect(jpegSize(picture(1))).toEqual({ widthPx: 640, heightPx: 480 });
  const filled = Uint8Array.of(0xff, 0xd8, 0xff, 0xff, ...picture(1).subarray(3));
  expect(jpegSize(filled)).toEqual({ widthPx: 640, heightPx: 480 });
  for (let size = 0; size < picture(1).length - 8; size++)
    expect(jpegSize(picture(1).subarray(0, size))).toBeUndefined();
  expect(jpegSize(picture(1, { widthPx: 0 }))).toBeUndefined();
});
