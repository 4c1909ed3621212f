import { beforeAll, expect, test } from "vitest";
import { holdMeeting, type MeetingOutcome } from "../support/meeting.ts";
import { summarize } from "../support/meeting-summary.ts";
import { describeWith } from "../support/requirements.ts";

/**
 * That everybody sees and hears everybody. How well is measured by `npm run bench meeting`: two browsers that draw, encode
 * and decode without a GPU take both processors of a small machine, so figures of a shared one prove nothing.
 */
const SECONDS = 6;

describeWith(["ffmpeg", "the sample clips", "Chromium"], "a meeting of two browsers, a file and a terminal", () => {
  let outcome: MeetingOutcome;
  beforeAll(async () => {
    outcome = await holdMeeting({ twoS: 3, fourS: SECONDS });
  }, 600_000);

  test.each(["Anna → Bo", "Bo → Anna", "Clip → Anna", "Clip → Bo"])("%s comes through, in picture and sound", (way) => {
    const reception = outcome.four[way];
    if (reception) console.log(`${way}: ${summarize(reception)}`);
    expect(reception?.decoded).toBeGreaterThan(0);
    expect(reception?.displayed).toBeGreaterThan(0);
    expect(reception?.soundPackets).toBeGreaterThan(SECONDS * 10);
  });

  test("watch --json reports all three, and both commands end with 0", () => {
    // A machine that is too busy for a camera's larger size sends the smaller one (C8).
    const from = new Set(
      outcome.watchLines.filter(({ frames, width }) => frames > 0 && width > 0).map((line) => line.from),
    );
    expect([...from].sort()).toEqual(["Anna", "Bo", "Clip"]);
    expect([outcome.watchStatus, outcome.publishStatus]).toEqual([0, 0]);
  });
});
