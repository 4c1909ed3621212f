import { expect, test } from "vitest";
import { MinimumWindow } from "./minimum-window.ts";

test("MinimumWindow gives the smallest of the window and forgets older ones", () => {
  const window = new MinimumWindow({ windowUs: 10_000 });
  expect(window.minimum).toBeUndefined();
  window.push(5, 0);
  window.push(3, 500);
  window.push(9, 4_000);
  expect(window.minimum).toBe(3);
  window.push(8, 9_000);
  expect(window.minimum).toBe(3);
  window.push(8, 10_500);
  expect(window.minimum).toBe(8);
  window.push(20, 60_000);
  expect(window.minimum).toBe(20);
  window.reset();
  expect(window.minimum).toBeUndefined();
});
