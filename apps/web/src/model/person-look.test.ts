import { expect, test } from "vitest";
import { personLook } from "./person-look.ts";

test.each([
  ["Mei Lin", "ML"],
  ["ada", "A"],
  ["Jean-Luc de la Tour", "JT"],
  ["王小明", "小明"],
  ["李雷", "李雷"],
  ["欧阳娜娜", "娜娜"],
  ["  ", "?"],
  ["🚢 Bridge camera", "BC"],
  ["3d printer", "3P"],
  ["éloïse", "É"],
])("personLook of %j has the initials %s", (name, initials) => {
  expect(personLook(name).initials).toBe(initials);
});

test("personLook gives a name the same hue always, and names different ones", () => {
  expect(personLook("Mei Lin")).toEqual(personLook("Mei Lin"));
  const hues = new Set(
    ["Ada", "Ben", "Chloé", "王小明", "Dmitri", "Eva", "Femi", "Guest"].map((n) => personLook(n).hue),
  );
  expect(hues.size).toBeGreaterThan(4);
});
