import type { ParticipantQuality } from "@mqtt-meet/sdk/browser";
import { options } from "preact";
import { afterEach, beforeEach, expect, test } from "vitest";
import { page, userEvent } from "vitest/browser";
import { fakeParticipant, fakeStatistics } from "../dev/fake-room.ts";
import { ViewFixture } from "../dev/view-fixture.tsx";

const views = new ViewFixture();
beforeEach(async () => {
  await page.viewport(1280, 800);
  views.open();
});
afterEach(() => views.close());

const camera = ["camera", false] as const;
const named = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    fakeParticipant(`p${index}`, { name: `Guest ${index}`, sources: [camera] }),
  );
const areaOf = (peer: string) => {
  const tile = views.root.querySelector<HTMLElement>(`[data-peer="${peer}"]`);
  return (tile?.offsetWidth ?? 0) * (tile?.offsetHeight ?? 0);
};

test("Stage shows who speaks large, keeps whom a digit pins, and gives them back", async () => {
  const room = views.newRoom();
  const visit = await views.joined(room);
  room.levels.value = new Map([["p2", 0.6]]);
  room.participants.value = named(4);
  await expect.element(page.getByRole("listitem", { name: "Guest 3" })).toBeVisible();
  const peers = [...views.root.querySelectorAll<HTMLElement>("li[data-peer]")].map((tile) => tile.dataset["peer"]);
  expect(peers.slice(0, 4)).toEqual(["p0", "p1", "p2", "p3"]);
  await userEvent.keyboard("v");
  room.levels.value = new Map([["p2", 0.6]]);
  await expect.poll(() => areaOf("p2") > 2 * areaOf("p0")).toBe(true);
  await userEvent.keyboard("1");
  await expect.poll(() => areaOf("p0") > 2 * areaOf("p2")).toBe(true);
  await expect.element(page.getByRole("listitem", { name: "Guest 0, Microphone off, kept large" })).toBeVisible();
  await userEvent.keyboard("1v");
  await expect.poll(() => Math.abs(areaOf("p0") - areaOf("p2")) < 2).toBe(true);
  await visit.leave();
});

test("Stage keeps large whom a double click chooses, and a second one gives the place back", async () => {
  const room = views.newRoom();
  const visit = await views.joined(room);
  room.participants.value = named(4);
  const tile = page.getByRole("listitem", { name: "Guest 3" });
  await tile.dblClick();
  await expect.poll(() => areaOf("p3") > 2 * areaOf("p0")).toBe(true);
  await expect.element(page.getByRole("listitem", { name: /^Guest 3, .*kept large/ })).toBeVisible();
  await tile.dblClick();
  await expect.poll(() => Math.abs(areaOf("p3") - areaOf("p0")) < 2).toBe(true);
  await visit.leave();
});

/** Whose pictures are attached after these calls. */
function attachedIn(calls: readonly string[]): string[] {
  const attached = new Set<string>();
  for (const call of calls) {
    const [what, track = ""] = call.split(" ");
    if (what === "attach") attached.add(track);
    if (what === "detach") attached.delete(track);
  }
  return [...attached].sort();
}

/** The cameras of these of the sixty. */
function names(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, i) => `p${from + i}/camera`).sort();
}

test("Stage receives the pictures of the page that is shown, and of no other", async () => {
  const room = views.newRoom();
  const visit = await views.joined(room);
  room.participants.value = named(60);
  await expect.element(page.getByText("1 / 2")).toBeVisible();
  await expect.poll(() => attachedIn(room.calls)).toEqual(names(0, 48));
  await userEvent.keyboard("{PageDown}");
  await expect.element(page.getByText("2 / 2")).toBeVisible();
  await expect.poll(() => attachedIn(room.calls)).toEqual(names(48, 60));
  expect(views.root.querySelector('[data-peer="p59"] video')).not.toBeNull();
  await visit.leave();
});

test("Stage marks what cannot be decrypted, and the menu of a tile silences its voice", async () => {
  const room = views.newRoom();
  const visit = await views.joined(room);
  room.participants.value = named(2);
  room.encryption.value = { ...room.encryption.value, troubles: new Map([["p1/camera", "cannot-decrypt"]]) };
  await expect.element(page.getByText("Cannot be decrypted")).toBeVisible();
  await page.getByRole("button", { name: "Options for Guest 0" }).click();
  await page.getByRole("menuitem", { name: "Silence for me" }).click();
  expect(room.calls).toContain("volume p0 0");
  await visit.leave();
});

test("Meeting lends the microphone while the space bar is held, and no key does anything once keys are off", async () => {
  const room = views.newRoom();
  const visit = await views.joined(room);
  await expect.poll(() => visit.microphone.state.value.status).toBe("on");
  await userEvent.keyboard("m{ >}");
  expect(visit.microphone.state.value.status).toBe("on");
  await userEvent.keyboard("{/ }");
  expect(visit.microphone.state.value.status).toBe("off");
  views.app.settings.update({ keysOn: false });
  await userEvent.keyboard("m{ >}{/ }");
  expect(visit.microphone.state.value.status).toBe("off");
  await visit.leave();
});

test("What is fetched of the others' pictures is chosen in the settings, and is the same in the next meeting", async () => {
  const room = views.newRoom();
  const visit = await views.joined(room);
  expect(room.reception).toBe("automatic");
  const { phase } = visit;
  if (phase.value.name === "meeting") phase.value.meeting.openPanel("settings");
  await page.getByRole("combobox", { name: "Pictures of the others" }).selectOptions("None, sound only");
  await expect.poll(() => room.reception).toBe("sound-only");
  await visit.leave();
  const next = views.newRoom();
  await (await views.joined(next)).leave();
  expect(next.reception).toBe("sound-only");
});

test("People are found by name, and each has a volume", async () => {
  const room = views.newRoom();
  const visit = await views.joined(room);
  room.participants.value = Array.from({ length: 9 }, (_, index) =>
    fakeParticipant(`p${index}`, { name: `Guest ${index}`, sources: [["microphone", false]] }),
  );
  await userEvent.keyboard("p");
  await page.getByRole("searchbox", { name: "Search by name" }).fill("guest 7");
  await expect.element(page.getByRole("slider")).toHaveAttribute("aria-label", "Volume of Guest 7");
  await page.getByRole("slider").fill("40");
  expect(room.calls).toContain("volume p7 0.4");
  await visit.leave();
});

test("Hands stand in order beside the names, and ours is raised by a key", async () => {
  const room = views.newRoom();
  const visit = await views.joined(room);
  room.participants.value = [
    fakeParticipant("p1", { name: "Mei Lin", handAtMs: Date.now() - 1000 }),
    fakeParticipant("p2", { name: "Jonas", handAtMs: Date.now() - 5000 }),
  ];
  await userEvent.keyboard("hp");
  expect(room.calls).toContain("hand true");
  const hands = page.getByRole("region", { name: "Raised hands, in order" });
  await expect.element(hands).toHaveTextContent(/1Jonas2Mei Lin3You/);
  await expect.element(page.getByRole("listitem", { name: "Jonas, Microphone off, hand raised" })).toBeVisible();
  await userEvent.keyboard("h");
  expect(room.calls.at(-1)).toBe("hand false");
  await visit.leave();
});

test("Meeting says that it is encrypted, with what to compare, and warns when it is not", async () => {
  const room = views.newRoom();
  const visit = await views.joined(room);
  await page.getByRole("button", { name: "End-to-end encrypted" }).click();
  const { safetyNumber } = room.encryption.value;
  if (!safetyNumber) throw new Error("no safety number");
  await expect.element(page.getByText(safetyNumber.digits)).toBeVisible();
  await expect.element(page.getByText(safetyNumber.emoji.join(" "))).toBeVisible();
  room.encryption.value = { encrypted: false, ready: true, safetyNumber: undefined, troubles: new Map() };
  await expect.element(page.getByRole("button", { name: /^Not encrypted/ })).toBeVisible();
  await visit.leave();
});

test("Stage marks who comes through badly, says why, and takes the mark back", async () => {
  const room = views.newRoom();
  const visit = await views.joined(room);
  room.participants.value = named(2);
  const good = { score: 4.3, level: "good", limitedBy: "none" } as const;
  const weak = { score: 2.1, level: "bad", limitedBy: "their-uplink" } as const;
  room.statistics.value = {
    ...room.statistics.value,
    quality: new Map<string, ParticipantQuality>([
      ["p0", good],
      ["p1", weak],
    ]),
  };
  const mark = page.getByRole("img", { name: "Hardly comes through: their network" });
  await expect.element(mark).toBeVisible();
  expect(views.root.querySelector('[data-peer="p1"]')?.contains(mark.element())).toBe(true);
  expect(views.root.querySelectorAll('[aria-label*="comes through"]')).toHaveLength(1);
  room.statistics.value = { ...room.statistics.value, quality: new Map([["p1", good]]) };
  await expect.element(mark).not.toBeInTheDocument();
  await visit.leave();
});

/** What was drawn anew by `change`, from then until a moment after it is `seen`: components that rendered, and nodes of the stage that changed. */
async function drawnBy(
  change: () => void,
  seen: () => boolean = () => true,
): Promise<{ readonly renders: number; readonly tiles: readonly string[] }> {
  let renders = 0;
  const before = options.diffed;
  options.diffed = (vnode) => {
    if (typeof vnode.type === "function") renders++;
    before?.(vnode);
  };
  const tiles = new Set<string>();
  const watch = (records: readonly MutationRecord[]) => {
    for (const { target } of records) {
      const element = target instanceof Element ? target : target.parentElement;
      tiles.add(element?.closest<HTMLElement>("[data-peer]")?.dataset["peer"] ?? "");
    }
  };
  const observer = new MutationObserver(watch);
  const stage = views.root.querySelector("ul");
  if (!stage) throw new Error("There is no stage.");
  observer.observe(stage, { subtree: true, childList: true, attributes: true, characterData: true });
  try {
    change();
    await expect.poll(seen).toBe(true);
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 100)));
    watch(observer.takeRecords());
  } finally {
    observer.disconnect();
    if (before) options.diffed = before;
    else delete options.diffed;
  }
  return { renders, tiles: [...tiles].filter((peer) => peer !== "").sort() };
}

test("Stage with 16 tiles draws only what changed: levels and figures of a steady meeting nothing, a speaker one tile", async () => {
  const room = views.newRoom();
  const visit = await views.joined(room);
  const people = named(16);
  room.participants.value = people;
  const statistics = (fps: number) => ({
    tracks: new Map(people.map(({ peer }) => [`${peer}/camera`, fakeStatistics({ fps })])),
    roundTripMs: 5,
    malformedMessages: 0,
    quality: new Map(),
  });
  room.statistics.value = statistics(30);
  await expect.element(page.getByRole("listitem", { name: "Guest 15" })).toBeVisible();
  await expect.poll(() => views.root.querySelectorAll("[data-peer] video").length).toBeGreaterThanOrEqual(16);
  await drawnBy(() => undefined); // what was still on its way

  const steady = await drawnBy(() => {
    for (let tenth = 0; tenth < 20; tenth++) {
      room.levels.value = new Map(people.map(({ peer }, index) => [peer, (index + tenth) / 1000]));
      room.statistics.value = statistics(30 + tenth / 100); // the same in whole numbers
    }
  });
  expect(steady.tiles).toEqual([]);
  expect(steady.renders).toBeLessThan(3); // the bar tells how far the broker is
  const tileOf = (peer: string) => views.root.querySelector(`[data-peer="${peer}"]`);
  const speaking = await drawnBy(
    () => {
      room.levels.value = new Map([["p3", 0.6]]);
    },
    () => tileOf("p3")?.className.includes("speaking") === true,
  );
  expect(speaking.tiles).toEqual(["p3"]);
  const other = await drawnBy(
    () => {
      const { tracks, ...rest } = statistics(30);
      room.statistics.value = { ...rest, tracks: new Map([...tracks, ["p5/camera", fakeStatistics({ fps: 12 })]]) };
    },
    () => tileOf("p5")?.textContent?.includes("12") === true,
  );
  expect(other.tiles).toEqual(["p5"]);
  // A tile is a handful of components; all sixteen would be a hundred.
  expect(Math.max(speaking.renders, other.renders)).toBeLessThan(20);
  await visit.leave();
});
