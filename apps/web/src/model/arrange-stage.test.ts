import { expect, test } from "vitest";
import { arrangeStage, MOST_TILES, type StageContent } from "./arrange-stage.ts";
import type { StageTile } from "./stage-tiles.ts";

const DESK = { width: 1424, height: 796 };
const PHONE = { width: 374, height: 700 };

function tile(id: string, part: Partial<StageTile> = {}): StageTile {
  const rest = { name: id, video: undefined, microphone: undefined, trouble: undefined, hand: false } as const;
  return { id, peer: id, kind: "person", own: false, ...rest, ...part };
}

const people = (count: number) => Array.from({ length: count }, (_, index) => tile(`p${index}`));
const own = tile("me", { own: true });

function arrange(part: Partial<StageContent>, stage = DESK) {
  const rest = { own: undefined, view: "grid", pinned: undefined, speaker: undefined, page: 0 } as const;
  return arrangeStage({ others: people(5), ...rest, aspectOf: () => 16 / 9, ...part }, stage);
}

const ids = (part: Partial<StageContent>, stage = DESK) => arrange(part, stage).placed.map((placed) => placed.tile.id);
const large = (part: Partial<StageContent>) =>
  arrange(part)
    .placed.filter(({ featured }) => featured)
    .map((placed) => placed.tile.id);

test("arrangeStage shows everybody alike, ourselves at the end", () => {
  expect(ids({ own })).toEqual(["p0", "p1", "p2", "p3", "p4", "me"]);
  expect(large({ own })).toEqual([]);
});

test("arrangeStage features who has the word, and the first of all before anybody has it", () => {
  expect(large({ view: "speaker", speaker: "p3" })).toEqual(["p3"]);
  expect(large({ view: "speaker" })).toEqual(["p0"]);
  expect(ids({ view: "speaker", speaker: "p3" })).toEqual(ids({}));
});

test("arrangeStage features screens before the speaker, and what is pinned before both", () => {
  const others = [...people(3), tile("s1", { kind: "screen" }), tile("s2", { kind: "screen" })];
  expect(large({ others, view: "speaker", speaker: "p1" })).toEqual(["s1", "s2"]);
  expect(large({ others, pinned: "p2" })).toEqual(["p2"]);
  expect(large({ others, pinned: "gone" })).toEqual(["s1", "s2"]);
  expect(large({ own, pinned: "me" })).toEqual(["me"]);
});

test("arrangeStage has one page for 49, and turns over what is more", () => {
  expect(arrange({ others: people(48), own }).pages).toBe(1);
  const first = arrange({ others: people(60), own });
  expect(first).toMatchObject({ page: 0, pages: 2, perPage: MOST_TILES - 1 });
  expect(first.placed.at(-1)?.tile.id).toBe("me");
  expect(ids({ others: people(60), own, page: 1 })).toEqual([
    ...people(60)
      .slice(48)
      .map(({ id }) => id),
    "me",
  ]);
});

test.each([DESK, PHONE])("arrangeStage keeps every tile of every page on a stage of $width × $height", (stage) => {
  for (const view of ["grid", "speaker"] as const) {
    const seen = new Set<string>();
    const content = { others: people(40), own, view, speaker: "p7" };
    const { pages } = arrange(content, stage);
    for (let page = 0; page < pages; page++) {
      const { placed } = arrange({ ...content, page }, stage);
      for (const each of placed) {
        seen.add(each.tile.id);
        expect(each.rect.y + each.rect.height).toBeLessThanOrEqual(stage.height + 1);
      }
      if (view === "speaker") expect(placed.some(({ featured }) => featured)).toBe(true);
    }
    expect(seen.size).toBe(41);
  }
});

test("arrangeStage stays on the last page when people leave", () => {
  expect(arrange({ others: people(60), page: 9 }).page).toBe(1);
  expect(arrange({ others: people(3), page: 1 }).page).toBe(0);
});
