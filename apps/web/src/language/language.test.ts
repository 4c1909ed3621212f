import { expect, test } from "vitest";
import { chooseLanguage, loadDictionary } from "./choose-language.ts";
import { agoText, clockText, durationText } from "./duration-text.ts";
import { en } from "./en.ts";
import { zh } from "./zh.ts";

type Entry = [path: string, value: unknown];

function entries(value: unknown, path = ""): Entry[] {
  if (typeof value !== "object" || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => entries(inner, `${path}/${key}`));
}

/** What a sentence with parameters says for some. */
function spoken(value: unknown): string {
  return typeof value === "function" ? String(value(2, 3)) : String(value);
}

test("the dictionaries have the same entries, of the same kind, and none is empty", () => {
  const shape = (dictionary: unknown) => entries(dictionary).map(([path, value]) => [path, typeof value]);
  expect(shape(zh)).toEqual(shape(en));
  for (const [path, value] of [...entries(en), ...entries(zh)]) expect(spoken(value).trim(), path).not.toBe("");
});

test("everything is written in Chinese, with full-width punctuation", () => {
  const international = new Set([
    "/home/diagramBroker",
    "/statistics/rate",
    "/devices/unnamed",
    "/meeting/wrote",
    "/left/lasted",
    "/reactions/said",
    "/people/note",
    "/people/both",
    "/cameras/ofCamera",
  ]);
  for (const [path, value] of entries(zh)) {
    if (international.has(path)) continue;
    expect(spoken(value), path).toMatch(/\p{Script=Han}/u);
    expect(spoken(value), path).not.toMatch(/\p{Script=Han}[,;!?.]/u);
    expect(spoken(value), path).not.toMatch(/\.\.\./);
  }
});

test("chooseLanguage follows the choice, then the browser, then speaks English", () => {
  expect(chooseLanguage("zh", ["en-US"])).toBe("zh");
  expect(chooseLanguage("auto", ["fr-FR", "zh-TW", "en"])).toBe("zh");
  expect(chooseLanguage("auto", ["fr-FR"])).toBe("en");
  expect(chooseLanguage("auto", [])).toBe("en");
});

test("loadDictionary brings the language's own name", async () => {
  expect((await loadDictionary("en")).languageName).toBe("English");
  expect((await loadDictionary("zh")).languageName).toBe("中文");
});

test("durationText and agoText speak both languages", () => {
  expect(durationText(754_000, "en")).toBe("12 min 34 sec");
  expect(durationText(4000, "en")).toBe("4 sec");
  expect(durationText(7_380_000, "zh-CN")).toMatch(/2.*3/);
  const nowMs = 10 * 86_400_000;
  expect(agoText(nowMs - 5 * 60_000, { nowMs, locale: "en" })).toBe("5 minutes ago");
  expect(agoText(nowMs - 86_400_000, { nowMs, locale: "en" })).toBe("yesterday");
  expect(agoText(nowMs - 3 * 3_600_000, { nowMs, locale: "zh-CN" })).toBe("3小时前");
});

test("clockText counts as a clock does", () => {
  expect([0, 9_999, 754_000, 3_723_000].map(clockText)).toEqual(["0:00", "0:09", "12:34", "1:02:03"]);
});
