import { afterEach, beforeEach, expect, test } from "vitest";
import { cdp, page } from "vitest/browser";
import { fakeParticipant } from "../dev/fake-room.ts";
import { ViewFixture } from "../dev/view-fixture.tsx";
import "../dev/page-styles.ts"; // how long a move takes, and that it takes no time where motion is reduced

const views = new ViewFixture();
beforeEach(async () => {
  await page.viewport(1280, 800);
  views.open();
});
afterEach(() => views.close());

const named = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    fakeParticipant(`p${index}`, { name: `Guest ${index}`, sources: [["camera", false]] }),
  );

/** How the tile of `peer` moves when `change` moves it: its transitions, caught before any time passes for them. */
async function movesOf(peer: string, change: () => void): Promise<readonly CSSTransition[]> {
  const tile = views.root.querySelector<HTMLElement>(`[data-peer="${peer}"]`);
  if (!tile) throw new Error("There is no such tile.");
  for (const animation of tile.getAnimations()) animation.finish(); // it stands still where it is
  const moves = new Promise<readonly CSSTransition[]>((resolve) => {
    const observer = new MutationObserver(() => {
      observer.disconnect();
      const all = tile.getAnimations().filter((animation) => animation instanceof CSSTransition);
      for (const transition of all) transition.pause();
      resolve(all);
    });
    observer.observe(tile, { attributeFilter: ["style"] });
  });
  change();
  return moves;
}

test("a tile glides from its old place to its new one, and with reduced motion it is there at once", async () => {
  const room = views.newRoom();
  const visit = await views.joined(room);
  room.participants.value = named(2);
  await expect.element(page.getByRole("listitem", { name: "Guest 1" })).toBeVisible();
  const left = () => views.root.querySelector('[data-peer="p1"]')?.getBoundingClientRect().left ?? 0;
  for (const animation of document.getAnimations()) if (animation instanceof CSSTransition) animation.finish();
  const before = left();
  const moves = await movesOf("p1", () => {
    room.participants.value = named(6);
  });
  expect(moves.map(({ transitionProperty }) => transitionProperty)).toContain("transform");
  const at = (share: number) => {
    for (const move of moves) move.currentTime = share * Number(move.effect?.getComputedTiming().endTime);
    return left();
  };
  const [start, middle] = [at(0), at(0.3)];
  for (const move of moves) move.finish();
  const end = left();
  expect(Math.abs(start - before)).toBeLessThan(1);
  expect(Math.abs(end - before)).toBeGreaterThan(20);
  expect((middle - start) * (end - middle)).toBeGreaterThan(0);
  const still = { features: [{ name: "prefers-reduced-motion", value: "reduce" }] };
  await cdp().send("Emulation.setEmulatedMedia", still);
  try {
    const none = await movesOf("p1", () => {
      room.participants.value = named(2);
    });
    expect(none).toEqual([]);
    expect(Math.abs(left() - before)).toBeLessThan(1);
  } finally {
    await cdp().send("Emulation.setEmulatedMedia", { features: [] });
  }
  await visit.leave();
});
