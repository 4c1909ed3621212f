// Eight participants for hours on a line that loses 1 %, with clocks that run up to 100 ppm apart. MQTT_MEET_SOAK_MINUTES shortens it.
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { isAllRead, numbersTo, told } from "../support/chatter-lines.ts";
import { middle } from "../support/meeting-summary.ts";
import { CAMERA, NetworkMeeting, seesCamera, until, wrongClock } from "../support/network-meeting.ts";
import { knobArguments, PROFILES } from "../support/network-profiles.ts";
import { residentBytes } from "../support/processes.ts";
import type { Program } from "../support/program.ts";
import { projectRoot } from "../support/project-root.ts";
import { describeWith } from "../support/requirements.ts";
import { slopePerHour } from "../support/slope-per-hour.ts";
import { trackOf, viewerLines } from "../support/viewer-lines.ts";

/** In less than three minutes there is nothing to compare. */
const MINUTES = Math.max(3, Math.round(Number(process.env["MQTT_MEET_SOAK_MINUTES"] ?? 240)));
/** Programs grow until their code is compiled and their pools are full: what they grow by is judged after half an hour. */
const WARM_MINUTES = Math.min(30, MINUTES / 3);
/** Less says nothing of a slope: memory swings by some megabytes. */
const JUDGED_MINUTES = 60;
const MAX_MB_PER_HOUR = 2;
const MAX_DRIFT_MS = 20;
/** Of the delay, at the beginning and at the end. */
const WINDOW_MINUTES = Math.min(10, MINUTES / 5);
const PPM = 100;
const COLLECTING = `--import=${pathToFileURL(join(projectRoot, "test/support/collect-on-signal.mjs")).href}`;
/** Without, what is in use cannot be told from what only lies about. */
const COLLECT_MS = 5_000;

/** The memory of each program in MB and the delay of each viewer's sound in ms, by minute. */
interface Course {
  readonly memory: Map<string, number[]>;
  readonly delays: Map<string, number[]>;
}

function collecting(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, NODE_OPTIONS: `${env["NODE_OPTIONS"] ?? ""} ${COLLECTING}`.trim() };
}

async function watchCourse(
  programs: ReadonlyMap<string, Program>,
  viewers: ReadonlyMap<string, Program>,
): Promise<Course> {
  const course: Course = { memory: new Map(), delays: new Map() };
  const note = (series: Map<string, number[]>, name: string, value: number) =>
    series.set(name, [...(series.get(name) ?? []), value]);
  const beganMs = Date.now();
  for (let minute = 1; minute <= MINUTES; minute++) {
    for (const { pid } of programs.values()) process.kill(pid, "SIGUSR2");
    await delay(COLLECT_MS);
    for (const [name, program] of programs) {
      expect(program.running, `${name} has ended: ${program.stderr.slice(-2000)}`).toBe(true);
      note(course.memory, name, residentBytes(program.pid) / 1e6);
    }
    await delay(Math.max(0, beganMs + minute * 60_000 - Date.now()));
    for (const [name, viewer] of viewers) {
      const lines = viewerLines(viewer, { last: 60 });
      note(course.delays, name, middle(lines.flatMap((line) => trackOf(line, CAMERA, "audio")?.latencyMs?.p50 ?? [])));
    }
  }
  return course;
}

const WARM = Math.floor(WARM_MINUTES);

/** Prints how the memory of each went, and tells whose grew. */
function memoryFaults(memory: Course["memory"]): string[] {
  return [...memory].flatMap(([name, megabytes]) => {
    const slope = slopePerHour(megabytes.slice(WARM));
    const [first, last] = [megabytes[0]?.toFixed(0), megabytes.at(-1)?.toFixed(0)];
    console.log(`${name}: ${first} MB, then ${last} MB; ${slope.toFixed(1)} MB an hour`);
    const isFault = MINUTES - WARM >= JUDGED_MINUTES && slope > MAX_MB_PER_HOUR;
    return isFault ? [`the memory of ${name} grew by ${slope.toFixed(1)} MB an hour`] : [];
  });
}

/** Prints how the delay of each went, and tells whose grew. */
function delayFaults(delays: Course["delays"]): string[] {
  const window = Math.max(1, Math.floor(WINDOW_MINUTES));
  return [...delays].flatMap(([name, ms]) => {
    const drift = middle(ms.slice(-window)) - middle(ms.slice(WARM, WARM + window));
    console.log(`${name}: sound ${ms.map((value) => Math.round(value)).join(" ")} ms`);
    return drift <= MAX_DRIFT_MS ? [] : [`the delay of ${name} grew by ${drift.toFixed(0)} ms`];
  });
}

describeWith(["root and TUN", "ffmpeg", "the sample clips"], `a meeting of eight for ${MINUTES} minutes`, () => {
  test("nobody falls, nobody's memory grows, the sound is no later at the end, and every word is there (R-SOAK)", {
    timeout: (MINUTES + 15) * 60_000,
  }, async () => {
    await using meeting = await NetworkMeeting.open(knobArguments(PROFILES.P2));
    const clock = (ppm: number) => collecting(wrongClock({ ppm }));
    const small = ["--size", "320x180", "--fps", "15", "--bitrate", "150k"];
    const viewers = new Map([
      ["near viewer", meeting.view("peer", "near viewer", clock(PPM))],
      ["far viewer", meeting.view("hub", "far viewer", clock(-PPM))],
      ["third viewer", meeting.view("hub", "third viewer", clock(0))],
      ["fourth viewer", meeting.view("peer", "fourth viewer", clock(-PPM))],
    ]);
    const chatters = [meeting.chat("peer", "near", clock(PPM)), meeting.chat("hub", "far", clock(-PPM))] as const;
    const programs = new Map<string, Program>([
      ...viewers,
      ["near chatter", chatters[0]],
      ["far chatter", chatters[1]],
      ["near camera", meeting.publish("peer", { args: small, env: clock(PPM) })],
      ["far camera", meeting.publish("hub", { name: "second", args: small, env: clock(-PPM) })],
    ]);
    for (const viewer of viewers.values()) await seesCamera(viewer);
    const { memory, delays } = await watchCourse(programs, viewers);
    for (const chatter of chatters) chatter.write("hush\n");
    await until(() => isAllRead(chatters), { what: "all read", by: chatters[1] });
    const [one, other] = chatters.map(told);
    expect(one?.read).toEqual(numbersTo(other?.said ?? 0));
    expect(other?.read).toEqual(numbersTo(one?.said ?? 0));
    expect([...memoryFaults(memory), ...delayFaults(delays)]).toEqual([]);
  });
});
