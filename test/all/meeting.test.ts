import { beforeAll, expect, test } from "vitest";
import { holdMeeting, type MeetingOutcome } from "../support/meeting.ts";
import { middle, summarize } from "../support/meeting-summary.ts";
import { describeWith } from "../support/requirements.ts";

const SECONDS = 60;
const RUNS = 3;

describeWith(
  ["ffmpeg", "the sample clips", "Chromium"],
  "three meetings of a minute: two browsers, a file and a terminal",
  () => {
    const outcomes: MeetingOutcome[] = [];
    beforeAll(async () => {
      for (let run = 0; run < RUNS; run++) outcomes.push(await holdMeeting({ seconds: SECONDS }));
    }, 900_000);

    test.each(["Anna → Bo", "Bo → Anna", "Clip → Anna", "Clip → Bo"])("%s, by the median of the three", (way) => {
      const all = outcomes.flatMap(({ receptions }) => receptions[way] ?? []);
      for (const reception of all) console.log(`${way}: ${summarize(reception)}`);
      expect(all).toHaveLength(RUNS);
      expect(middle(all.map(({ decoded }) => decoded))).toBeGreaterThanOrEqual(0.9);
      expect(middle(all.map(({ freezesPerMinute }) => freezesPerMinute))).toBeLessThanOrEqual(1);
      expect(middle(all.map(({ beepsHeard }) => beepsHeard))).toBeGreaterThanOrEqual(0.9);
      const inStep = all.map(({ skewsMs }) => skewsMs.filter((ms) => ms <= 45 && ms >= -125).length / skewsMs.length);
      expect(middle(inStep)).toBeGreaterThanOrEqual(0.95);
    });

    test("watch --json reports all three participants, and both commands end with 0", () => {
      for (const { watchLines, watchStatus, publishStatus } of outcomes) {
        expect([...new Set(watchLines.filter(({ fps }) => fps > 20).map((line) => line.from))].sort()).toEqual([
          "Anna",
          "Bo",
          "Clip",
        ]);
        expect([watchStatus, publishStatus]).toEqual([0, 0]);
      }
    });
  },
);
