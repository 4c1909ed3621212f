import { type BenchResult, inTurn, sayFailure, shareText } from "./bench-result.ts";
import { figureText, markdownTable } from "./markdown-table.ts";
import { type MeetingFigures, meetingTable, meetingVerdicts } from "./meeting-figures.ts";
import type { ContenderName } from "./page/contender.ts";
import { prepareFiles, quietRoom } from "./prepare-files.ts";
import { TITLES } from "./result-table.ts";
import { type MeetingCell, runMeeting } from "./run-meeting.ts";

/** What is measured: the same meeting through each contender, so many times. */
export interface MeetingOptions
  extends Pick<MeetingCell, "people" | "speaking" | "seconds" | "settleSeconds" | "codec" | "bitrateBps"> {
  readonly contenders: readonly ContenderName[];
  readonly runs: number;
}

interface Outcome extends MeetingFigures {
  readonly contender: MeetingCell["contender"];
  readonly run: number;
}

/** A tile of six on a laptop. At half of a camera's rate the processors that a meeting of six is to fit in carry it. */
const SHAPE = { widthPx: 320, heightPx: 180, fps: 15 };

/** What a meeting of many costs the processor. */
export async function benchMeeting(options: MeetingOptions): Promise<BenchResult> {
  const { contenders, runs, people, speaking, seconds, codec, bitrateBps } = options;
  const files = { ...(await prepareFiles(SHAPE)), quiet: await quietRoom() };
  const outcomes: Outcome[] = [];
  const failures: { contender: ContenderName; run: number; error: string }[] = [];
  for (let run = 0; run < runs; run++) {
    for (const contender of inTurn(contenders, run)) {
      if (contender === "webrtc") continue; // a mesh of so many encodes every picture for each of the others
      const title = `meeting of ${people}, run ${run + 1}, ${TITLES[contender]}`;
      try {
        const figures = await runMeeting({ ...files, ...options, contender });
        outcomes.push({ ...figures, contender, run });
        console.error(`${title}: ${inShort(figures)}`);
      } catch (error) {
        failures.push({ contender, run, error: sayFailure(title, error) });
      }
    }
  }
  const of = (name: ContenderName) => outcomes.filter(({ contender }) => contender === name);
  const result = { ours: of("ours"), janus: of("janus") };
  const verdicts = meetingVerdicts(result).map(({ what, limit, value, reached }) => [
    ...[`${people} people`, what, figureText(limit, 2), figureText(value, 2)],
    reached ? "reached" : "not reached",
  ]);
  const { widthPx, heightPx, fps } = SHAPE;
  return {
    measured: outcomes.length > 0,
    kept: { outcomes, failures },
    tables: [meetingTable(result), markdownTable(["", "aim", "limit", "measured", ""], verdicts)].join("\n\n"),
    about: [
      `${runs} run(s) of ${seconds} s; ${people} people, each sends ${widthPx} × ${heightPx} at ${fps} pictures a second and sound, and watches all others,`,
      `at most ${bitrateBps / 1000} kbit/s of ${codec}; ${speaking} of them speak(s) all the time; ${shareText(outcomes.map(({ machineShare }) => machineShare))}`,
      ...failures.map(({ contender, run }) => `Failed and left out: ${TITLES[contender]}, run ${run + 1}.`),
    ].join("\n"),
  };
}

function inShort(of: MeetingFigures): string {
  const given = of.machineShare < 0.95 ? `, of which the host gave ${(of.machineShare * 100).toFixed(0)} %` : "";
  return (
    `${(of.shownPart * 100).toFixed(0)} % shown, ${of.shownPerS.toFixed(0)} pictures/s of ${of.heightPx} lines, ` +
    `${of.cpuMsPerPicture.toFixed(2)} ms each; ${of.processors.toFixed(2)} processors${given}`
  );
}
