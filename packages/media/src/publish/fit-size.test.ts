import { expect, test } from "vitest";
import { fitSize } from "./fit-size.ts";

const HD = { widthPx: 1280, heightPx: 720 };
const size = (widthPx: number, heightPx: number) => ({ widthPx, heightPx });

test("fitSize keeps what fits and never enlarges", () => {
  expect(fitSize(size(1280, 720), HD)).toEqual(size(1280, 720));
  expect(fitSize(size(320, 180), HD)).toEqual(size(320, 180));
});

test("fitSize scales down with the aspect ratio kept", () => {
  expect(fitSize(size(1920, 1080), HD)).toEqual(size(1280, 720));
  expect(fitSize(size(640, 480), size(640, 360))).toEqual(size(480, 360));
});

test("fitSize turns the bounds with the picture", () => {
  expect(fitSize(size(1080, 1920), HD)).toEqual(size(720, 1280));
});

test("fitSize gives even sides", () => {
  expect(fitSize(size(333, 77), HD)).toEqual(size(334, 78));
  expect(fitSize(size(3000, 1), HD)).toEqual(size(1280, 2));
});
