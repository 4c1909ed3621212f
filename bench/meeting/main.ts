// npm run bench meeting: three meetings of a minute at 640x360, each of two Chromium with a camera and a microphone, a file
// by `publish` and a terminal by `watch`, all on this machine. Prints every way and the medians beside what is wanted.

import { parseArgs } from "node:util";
import { holdMeeting, type MeetingOutcome, type Reception } from "../../test/support/meeting.ts";
import { middle, summarize } from "../../test/support/meeting-summary.ts";
import { writeResult } from "../support/write-result.ts";

const { values } = parseArgs({
  options: { runs: { type: "string", default: "3" }, seconds: { type: "string", default: "60" } },
});
const WAYS = ["Anna → Bo", "Bo → Anna", "Clip → Anna", "Clip → Bo"];

/** The limits are of this project; the skew is BT.1359-1's limit of detectability. */
const WANTED: readonly { name: string; of: (reception: Reception) => number; holds: (median: number) => boolean }[] = [
  { name: "decoded, at least 0.9 of what was captured", of: ({ decoded }) => decoded, holds: (x) => x >= 0.9 },
  { name: "freezes, at most 1 a minute", of: ({ freezesPerMinute }) => freezesPerMinute, holds: (x) => x <= 1 },
  { name: "beeps heard, at least 0.9 of them", of: ({ beepsHeard }) => beepsHeard, holds: (x) => x >= 0.9 },
  {
    name: "in step (sound early by -125 to 45 ms), at least 0.95 of the time",
    of: ({ skewsMs }) => skewsMs.filter((ms) => ms <= 45 && ms >= -125).length / skewsMs.length,
    holds: (x) => x >= 0.95,
  },
];

const outcomes: MeetingOutcome[] = [];
for (let run = 1; run <= Number(values.runs); run++) {
  const outcome = await holdMeeting({ seconds: Number(values.seconds) });
  outcomes.push(outcome);
  for (const way of WAYS) {
    const reception = outcome.receptions[way];
    if (reception) console.log(`run ${run}, ${way}: ${summarize(reception)}`);
  }
}

let missed = 0;
for (const way of WAYS) {
  console.log(`\n${way}, medians of ${outcomes.length} runs:`);
  for (const { name, of, holds } of WANTED) {
    const median = middle(outcomes.flatMap(({ receptions }) => (receptions[way] ? [of(receptions[way])] : [])));
    if (!holds(median)) missed++;
    console.log(`  ${median.toFixed(2).padStart(7)}  ${name}  ${holds(median) ? "met" : "MISSED"}`);
  }
}
writeResult("meeting", { options: values, missed, outcomes });
process.exitCode = missed === 0 ? 0 : 1;
