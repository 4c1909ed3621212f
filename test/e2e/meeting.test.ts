import { beforeAll, expect, test } from "vitest";
import { holdMeeting, type MeetingOutcome } from "../support/meeting.ts";
import { middle, summarize } from "../support/meeting-summary.ts";
import { describeWith } from "../support/requirements.ts";

/** The short form of test/all/meeting.test.ts, for every change. */
const SECONDS = 20;

describeWith(["ffmpeg", "the sample clips", "Chromium"], "a meeting of two browsers, a file and a terminal", () => {
  let outcome: MeetingOutcome;
  beforeAll(async () => {
    outcome = await holdMeeting({ seconds: SECONDS });
  }, 200_000);

  test.each(["Anna → Bo", "Bo → Anna", "Clip → Anna", "Clip → Bo"])(
    "%s comes through, in sight, sound and step",
    (way) => {
      const reception = outcome.receptions[way];
      if (reception) console.log(`${way}: ${summarize(reception)}`);
      expect(reception?.decoded).toBeGreaterThanOrEqual(0.9);
      expect(reception?.displayed).toBeGreaterThanOrEqual(0.5);
      expect(reception?.freezesPerMinute).toBeLessThanOrEqual(3); // one in 20 seconds
      expect(reception?.beepsHeard).toBeGreaterThanOrEqual(0.9);
      expect(reception?.skewsMs.length).toBeGreaterThanOrEqual(SECONDS / 2);
      const skewMs = middle(reception?.skewsMs ?? []);
      expect(skewMs).toBeLessThanOrEqual(45);
      expect(skewMs).toBeGreaterThanOrEqual(-125);
    },
  );

  test("watch --json reports all three, and both commands end with 0", () => {
    const from = new Set(
      outcome.watchLines.filter(({ fps, width }) => fps > 20 && width === 640).map((line) => line.from),
    );
    expect([...from].sort()).toEqual(["Anna", "Bo", "Clip"]);
    expect([outcome.watchStatus, outcome.publishStatus]).toEqual([0, 0]);
  });
});
