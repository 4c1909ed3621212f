import { expect, test } from "vitest";
import { FakePicture } from "../testing/fake-backend.ts";
import { PictureQueue } from "./picture-queue.ts";

const picture = (timestampUs: number) => new FakePicture(timestampUs, { widthPx: 2, heightPx: 2 });

test("PictureQueue gives the newest picture that is due and closes those before it", () => {
  const queue = new PictureQueue<FakePicture>();
  const pictures = [10, 20, 30].map(picture);
  for (const one of pictures) queue.push(one);
  expect(queue.take(5)).toBeUndefined();
  expect(queue.take(25)).toBe(pictures[1]);
  expect(pictures.map(({ closed }) => closed)).toEqual([true, false, false]);
  expect([queue.picturesDropped, queue.nextUs, queue.length]).toEqual([1, 30, 1]);
});

test("PictureQueue is bounded: the oldest goes", () => {
  const queue = new PictureQueue<FakePicture>();
  const pictures = Array.from({ length: 9 }, (_, i) => picture(i));
  for (const one of pictures) queue.push(one);
  expect(pictures.filter(({ closed }) => closed).length).toBe(3);
  queue.clear();
  expect(pictures.every(({ closed }) => closed)).toBe(true);
});
