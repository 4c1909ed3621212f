import { expect, test } from "vitest";
import { fakeParticipant } from "../dev/fake-room.ts";
import { arrangeScene, cropTo, OWN_CAMERA, OWN_SCREEN, SCENE_SIZE, type SceneSource } from "./scene.ts";

const own = { peer: "me", name: "Me", camera: true, screen: false, microphone: true };
const nothing: SceneSource = {
  ...{ participants: [], undecryptable: new Set(), speaking: new Set(), own, aspects: new Map() },
};
const people = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    fakeParticipant(`p${i}`, { name: `Person ${i}`, sources: [["camera", false]] }),
  );

test("everybody is in the picture, within its bounds, and nobody covers anybody", () => {
  for (const count of [0, 1, 2, 5, 12, 24]) {
    const tiles = arrangeScene({ ...nothing, participants: people(count) });
    expect(tiles).toHaveLength(count + 1);
    for (const { rect } of tiles) {
      expect(rect.x).toBeGreaterThanOrEqual(0);
      expect(rect.y).toBeGreaterThanOrEqual(0);
      expect(rect.x + rect.width).toBeLessThanOrEqual(SCENE_SIZE.width);
      expect(rect.y + rect.height).toBeLessThanOrEqual(SCENE_SIZE.height);
    }
    const overlapping = tiles.some((a, i) => tiles.slice(i + 1).some((b) => overlaps(a.rect, b.rect)));
    expect(overlapping).toBe(false);
  }
});

test("of very many, those who speak are shown, in the usual order", () => {
  const tiles = arrangeScene({ ...nothing, participants: people(40), speaking: new Set(["p39"]) });
  expect(tiles).toHaveLength(25);
  expect(tiles.at(-1)).toMatchObject({ id: "p39", speaking: true });
  expect(tiles.map(({ id }) => id)).not.toContain("p30");
});

test("a screen that we share is large and whole; what cannot be decrypted is not shown", () => {
  const participants = people(2);
  const key = participants[0]?.tracks[0]?.key ?? "";
  const tiles = arrangeScene({
    ...{ ...nothing, participants, undecryptable: new Set([key]) },
    own: { ...own, screen: true, camera: false, microphone: false },
  });
  const byId = new Map(tiles.map((tile) => [tile.id, tile]));
  expect(byId.get("p0")?.video).toBeUndefined();
  expect(byId.get("p1")?.video).toBe(participants[1]?.tracks[0]?.key);
  expect(byId.get("me")).toMatchObject({ video: undefined, muted: true });
  expect(byId.has(OWN_CAMERA)).toBe(false);
  const screen = byId.get(OWN_SCREEN);
  expect(screen).toMatchObject({ video: OWN_SCREEN, isWhole: true });
  expect(screen?.rect.width).toBeGreaterThan(SCENE_SIZE.width / 2);
});

test("cropTo fills a place as far as a fifth may go, and keeps the shape", () => {
  const rect = { x: 10, y: 20, width: 160, height: 100 };
  for (const [aspect, isWhole] of [
    [16 / 9, false],
    [16 / 9, true],
    [9 / 16, false],
    [1.6, false],
    [3, true],
  ] as const) {
    const { part, place } = cropTo(rect, { aspect, isWhole });
    expect((aspect * part.width) / part.height).toBeCloseTo(place.width / place.height);
    expect(part.width * part.height).toBeGreaterThanOrEqual(isWhole ? 1 : 0.79);
    expect(place.x).toBeGreaterThanOrEqual(10);
    expect(place.x + place.width).toBeLessThanOrEqual(170.001);
    expect(place.y + place.height).toBeLessThanOrEqual(120.001);
  }
  expect(cropTo(rect, { aspect: 16 / 9, isWhole: false }).place).toEqual(rect);
});

function overlaps(a: { x: number; y: number; width: number; height: number }, b: typeof a): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
