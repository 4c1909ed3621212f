import { expect, test } from "vitest";
import { VoicePlaces } from "./voice-places.ts";

/** A place that plays what it is told to. */
function fakePlace(channels: 1 | 2 = 1) {
  const place = {
    channels,
    ...{ bufferedSamples: 0, playedSamples: 0, emptySamples: 0, outputLatencyUs: 5_000, isClosed: false },
    write: (samples: Float32Array) => {
      place.bufferedSamples += samples.length / channels;
    },
    skip: (count: number) => place.play(count),
    play: (count: number) => {
      place.bufferedSamples -= count;
      place.playedSamples += count;
    },
    close: () => {
      place.isClosed = true;
    },
  };
  return place;
}

function setUp() {
  const clock = { nowMs: 0 };
  const moves: string[] = [];
  const places = new VoicePlaces({
    nowMs: () => clock.nowMs,
    onMove: ({ from, to }) => moves.push(`${from} to ${to}`),
  });
  return { clock, moves, places };
}

const block = () => new Float32Array(960);

test("a voice without a place takes that of who has been silent for longest, at its first sound", () => {
  const { clock, moves, places } = setUp();
  const [a, b] = [fakePlace(), fakePlace()];
  const ada = places.add("ada", a, { channels: 1 });
  const ben = places.add("ben", b, { channels: 1 });
  const eve = places.add("eve", undefined, { channels: 1 });
  ben.write(block());
  clock.nowMs = 500;
  ada.write(block());
  a.play(960);
  b.play(900);
  clock.nowMs = 1_400;
  expect([eve.bufferedSamples, eve.playedSamples, moves]).toEqual([0, 0, []]);
  eve.write(block());
  // Of ben's last word 60 samples were still to come: they are skipped, and eve begins with none.
  expect(moves).toEqual(["ben to eve"]);
  expect([eve.bufferedSamples, eve.playedSamples, b.bufferedSamples]).toEqual([960, 0, 960]);
  b.play(480);
  expect([eve.playedSamples, eve.outputLatencyUs]).toEqual([480, 5_000]);
  expect([ben.playedSamples, ben.bufferedSamples, ben.outputLatencyUs]).toEqual([960, 0, 0]);
});

test("who speaks keeps its place: a voice that finds none is dropped until somebody is silent", () => {
  const { clock, moves, places } = setUp();
  const place = fakePlace();
  const ada = places.add("ada", place, { channels: 1 });
  const eve = places.add("eve", undefined, { channels: 1 });
  ada.write(block());
  eve.write(block());
  expect([moves, place.bufferedSamples, eve.bufferedSamples]).toEqual([[], 960, 0]);
  clock.nowMs = 1_000;
  eve.write(block());
  // And back again: what ada counts goes on where it was.
  clock.nowMs = 2_000;
  ada.write(block());
  expect(moves).toEqual(["ada to eve", "eve to ada"]);
  place.play(960);
  expect(ada.playedSamples).toBe(1_920);
});

test("a stereo track takes no place of a mono one, nor a place that was closed", () => {
  const { clock, moves, places } = setUp();
  const [mono, stereo] = [fakePlace(1), fakePlace(2)];
  places.add("ada", mono, { channels: 1 });
  const film = places.add("film", stereo, { channels: 2 });
  const other = places.add("other", undefined, { channels: 2 });
  clock.nowMs = 5_000;
  film.close();
  other.write(block());
  expect([moves, stereo.isClosed, mono.isClosed]).toEqual([[], true, false]);
});
