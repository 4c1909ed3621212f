import { expect, test } from "vitest";
import { snapshotName } from "./snapshot-name.ts";

test("snapshotName says who and when, and is a name on every system", () => {
  const at = new Date(2026, 2, 5, 9, 7, 3);
  expect(snapshotName("Mei Lin – screen", at)).toBe("Mei Lin screen 2026-03-05 09.07.03.png");
  expect(snapshotName("../a:b*?", at)).toBe("a b 2026-03-05 09.07.03.png");
  expect(snapshotName("王小明的屏幕", at)).toBe("王小明的屏幕 2026-03-05 09.07.03.png");
  expect(snapshotName("🐙", at)).toBe("meeting 2026-03-05 09.07.03.png");
});
