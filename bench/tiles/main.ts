// npm run bench tiles: what a meeting of 16 others, each a real encrypted picture of 180p at 30 a second with its sound, takes of the
// page's main thread: the part of the time, and the longest task, during which nothing that people do is answered. In processor
// time of the thread, so that what else the machine does is not counted. --tiles N, --rounds N, --seconds N. Needs ffmpeg and the sample clips.
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { recordClip } from "../capacity/recording.ts";
import { median } from "../support/statistics.ts";
import { writeResult } from "../support/write-result.ts";
import { type MainThread, traceMainThread } from "./main-thread.ts";
import { TilesMeeting } from "./tiles-meeting.ts";

/** Of the main thread: of a task, and of the whole. A blocked page is noticed from about 50 ms on (W3C Long Tasks). */
const LIMITS = { longestMs: 50, busyPart: 0.25 } as const;
const PATIENCE_MS = 120_000;
const SETTLE_MS = 5_000;

const { values } = parseArgs({
  options: {
    tiles: { type: "string", default: "16" },
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "8" },
  },
});
const [tiles, seconds] = [Number(values.tiles), Number(values.seconds)];

interface Round extends MainThread {
  /** Of all tiles. */
  readonly picturesPerS: number;
}

const recording = await recordClip("180p");
const rounds: Round[] = [];
console.log(
  "| pictures/s | main thread, % of a processor | longest task, ms of it | by the clock, ms |\n|---:|---:|---:|---:|",
);
while (rounds.length < Number(values.rounds)) rounds.push(await measure());
const of = (figure: keyof Round) => median(rounds.map((round) => round[figure]));
const [busyPart, longestMs] = [of("busyPart"), of("longestMs")];
const met = busyPart < LIMITS.busyPart && longestMs < LIMITS.longestMs;
console.log(
  `\n${tiles} tiles, medians: ${(busyPart * 100).toFixed(1)} % of a processor (below ${LIMITS.busyPart * 100}), ` +
    `longest task ${longestMs.toFixed(1)} ms (below ${LIMITS.longestMs}) at ${of("picturesPerS").toFixed(0)} pictures/s  ${met ? "met" : "MISSED"}`,
);
writeResult("tiles", { options: values, limits: LIMITS, busyPart, longestMs, rounds });
process.exitCode = met ? 0 : 1;

/** A meeting of its own for each round. Throws an Error when a tile does not play. */
async function measure(): Promise<Round> {
  await using meeting = await TilesMeeting.open(recording, tiles);
  await meeting.play({ tiles, pictures: recording.frameRate, patienceMs: PATIENCE_MS });
  await delay(SETTLE_MS);
  const { mainThread, result } = await traceMainThread(meeting, async () => {
    const [before, beganMs] = [await sum(meeting), performance.now()];
    await delay(seconds * 1000);
    const picturesPerS = (1000 * ((await sum(meeting)) - before)) / (performance.now() - beganMs);
    await meeting.play({ tiles, pictures: 1, patienceMs: PATIENCE_MS });
    return picturesPerS;
  });
  const round = { ...mainThread, picturesPerS: result };
  const { busyPart: busy, longestMs: longest, longestByClockMs } = round;
  const figures = [
    round.picturesPerS.toFixed(0),
    (busy * 100).toFixed(1),
    longest.toFixed(1),
    longestByClockMs.toFixed(1),
  ];
  console.log(`| ${figures.join(" | ")} |`);
  return round;
}

async function sum(meeting: TilesMeeting): Promise<number> {
  return [...(await meeting.shown()).values()].reduce((total, count) => total + count, 0);
}
