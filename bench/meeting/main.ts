// npm run bench meeting: meetings at 640x360 of two Chromium with a camera and a microphone, a minute each; then joined by a
// file through `publish` and a terminal through `watch`, for another minute. Prints every way and the medians beside what is wanted.

import { parseArgs } from "node:util";
import { holdMeeting, type MeetingOutcome, type Reception } from "../../test/support/meeting.ts";
import { MEETING_LIMITS, middle, summarize } from "../../test/support/meeting-summary.ts";
import { writeResult } from "../support/write-result.ts";

const { values } = parseArgs({
  options: { runs: { type: "string", default: "3" }, seconds: { type: "string", default: "60" } },
});
const seconds = Number(values.seconds);

const outcomes: MeetingOutcome[] = [];
for (let run = 1; run <= Number(values.runs); run++) {
  const outcome = await holdMeeting({ twoS: seconds, fourS: seconds });
  outcomes.push(outcome);
  for (const part of ["two", "four"] as const) {
    for (const [way, reception] of Object.entries(outcome[part])) {
      console.log(`run ${run}, ${part}, ${way}: ${summarize(reception)}`);
    }
  }
}

let missed = 0;
for (const part of ["two", "four"] as const) {
  for (const way of Object.keys(outcomes[0]?.[part] ?? {})) {
    console.log(`\nmeeting of ${part}, ${way}, medians of ${outcomes.length} runs:`);
    missed += judge(outcomes.flatMap((outcome) => outcome[part][way] ?? []));
  }
}
writeResult("meeting", { options: values, missed, outcomes });
process.exitCode = missed === 0 ? 0 : 1;

function judge(receptions: readonly Reception[]): number {
  let missedHere = 0;
  for (const { name, of, holds } of MEETING_LIMITS) {
    const median = middle(receptions.map(of));
    if (!holds(median)) missedHere++;
    console.log(`  ${median.toFixed(2).padStart(7)}  ${name}  ${holds(median) ? "met" : "MISSED"}`);
  }
  return missedHere;
}
