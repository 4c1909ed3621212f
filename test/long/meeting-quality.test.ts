import { beforeAll, expect, test } from "vitest";
import { holdMeeting, type MeetingOutcome } from "../support/meeting.ts";
import { MEETING_LIMITS, middle, summarize } from "../support/meeting-summary.ts";
import { describeWith } from "../support/requirements.ts";

const RUNS = 3;
const SECONDS = 60;
const WAYS = ["Anna → Bo", "Bo → Anna"];

/**
 * How well two people with browsers come through to each other: on two processors that nobody else uses. A machine that is
 * taken away for a while (look at the steal time of a virtual one) drops frames, whatever the program does.
 */
describeWith(["ffmpeg", "the sample clips", "Chromium"], "a meeting of two browsers, median of three", () => {
  const outcomes: MeetingOutcome[] = [];
  beforeAll(async () => {
    for (let run = 1; run <= RUNS; run++) {
      const outcome = await holdMeeting({ twoS: SECONDS, fourS: 15 });
      outcomes.push(outcome);
      for (const [way, reception] of Object.entries(outcome.two)) {
        console.log(`run ${run}, ${way}: ${summarize(reception)}`);
      }
    }
  }, 900_000);

  test.each(WAYS.flatMap((way) => MEETING_LIMITS.map((limit) => ({ way, ...limit }))))(
    "$way: $name",
    ({ way, of, holds }) => {
      const median = middle(outcomes.flatMap(({ two }) => (two[way] ? [of(two[way])] : [])));
      expect(holds(median), `the median is ${median}`).toBe(true);
    },
  );

  test("a file and a terminal join them", () => {
    for (const { four, watchLines, watchStatus, publishStatus } of outcomes) {
      for (const way of ["Clip → Anna", "Clip → Bo"]) expect(four[way]?.displayed).toBeGreaterThan(0);
      const from = new Set(watchLines.filter(({ frames }) => frames > 0).map((line) => line.from));
      expect([...from].sort()).toEqual(["Anna", "Bo", "Clip"]);
      expect([watchStatus, publishStatus]).toEqual([0, 0]);
    }
  });
});
