import { expect, test } from "vitest";
import { fakeParticipant } from "../dev/fake-room.ts";
import { floatingTile } from "./floating-tile.ts";
import { stageTiles } from "./stage-tiles.ts";

const ada = fakeParticipant("ada", { sources: [["camera", true]] });
const bob = fakeParticipant("bob", { sources: [["camera", false]] });
const cem = fakeParticipant("cem", { sources: [["camera", false]] });
const sharing = fakeParticipant("dan", { sources: [["screen", false]] });
const nobody = { pinned: undefined, speaker: undefined };

test.each([
  { people: [], wanted: nobody, shows: undefined },
  { people: [ada], wanted: nobody, shows: "ada" },
  { people: [ada, bob, cem], wanted: nobody, shows: "bob" },
  { people: [ada, bob, cem], wanted: { ...nobody, speaker: "cem" }, shows: "cem" },
  { people: [ada, bob, sharing], wanted: { ...nobody, speaker: "bob" }, shows: "dan/screen" },
  { people: [ada, bob, sharing], wanted: { pinned: "ada", speaker: "bob" }, shows: "ada" },
])("the floating window shows $shows", ({ people, wanted, shows }) => {
  expect(floatingTile(stageTiles(people), wanted)?.id).toBe(shows);
});
