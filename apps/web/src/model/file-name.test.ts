import { expect, test } from "vitest";
import { fileName } from "./file-name.ts";

test("fileName says what and when, and is a name on every system", () => {
  const options = { at: new Date(2026, 2, 5, 9, 7, 3), extension: "png" };
  expect(fileName("Mei Lin – screen", options)).toBe("Mei Lin screen 2026-03-05 09.07.03.png");
  expect(fileName("../a:b*?", options)).toBe("a b 2026-03-05 09.07.03.png");
  expect(fileName("王小明的屏幕", options)).toBe("王小明的屏幕 2026-03-05 09.07.03.png");
  expect(fileName("🐙", { ...options, extension: "mp4" })).toBe("meeting 2026-03-05 09.07.03.mp4");
});
