// Lines from good to hardly usable × which side of the meeting is behind them × how the broker's host sends, each cell for half a
// minute. MQTT_MEET_CELLS="P4 up cubic" measures only those whose name begins with it; several with commas.
import { expect, test } from "vitest";
import { MAX_WAITED_PART } from "../support/machine.ts";
import { CAMERA, NetworkMeeting, watchFor } from "../support/network-meeting.ts";
import {
  isWithin,
  knobArguments,
  NETWORK_LIMITS,
  type NetworkFigures,
  PROFILE_NAMES,
  PROFILES,
  type ProfileName,
} from "../support/network-profiles.ts";
import { describeWith } from "../support/requirements.ts";
import { figuresOf } from "../support/viewer-lines.ts";

const TIMES = { warmS: 5, seconds: 30 };
/** What was measured to hold, and has to. Everything else is listed, and is bold where it misses what is wanted. */
const CLAIMED: Readonly<Record<string, readonly (keyof NetworkFigures)[]>> = {
  "P4 down bbr": ["mouthToEarP95Ms", "concealedPercent", "silentSeconds", "pictureP95Ms", "inStepPercent"],
};

interface Cell {
  readonly name: string;
  readonly profile: ProfileName;
  /** "up": the publisher is behind the line; "down": the receiver is. */
  readonly direction: "up" | "down";
  readonly hub: "cubic" | "bbr";
}

const wanted = process.env["MQTT_MEET_CELLS"]?.split(",").map((name) => name.trim());
const CELLS: readonly Cell[] = PROFILE_NAMES.flatMap((profile) =>
  (["up", "down"] as const).flatMap((direction) =>
    (["cubic", "bbr"] as const).map((hub) => ({ name: `${profile} ${direction} ${hub}`, profile, direction, hub })),
  ),
).filter(({ name }) => wanted?.some((start) => name.startsWith(start)) ?? true);

describeWith(["root and TUN", "ffmpeg", "the sample clips"], "a meeting over bad lines", () => {
  const rows: string[] = [];

  for (const { name, profile, direction, hub } of CELLS) {
    test(name, { timeout: 400_000 }, async ({ skip }) => {
      await using meeting = await NetworkMeeting.open(knobArguments(PROFILES[profile], { hub }));
      const [from, to] = direction === "up" ? (["peer", "hub"] as const) : (["hub", "peer"] as const);
      const viewer = meeting.view(to, "viewer");
      const publisher = meeting.publish(from);
      const { lines, waitedPart } = await watchFor([viewer, publisher, meeting.server], TIMES);
      const figures = figuresOf(lines, CAMERA);
      const missed = NETWORK_LIMITS.filter((limit) => !isWithin(limit, profile, figures)).map(({ figure }) => figure);
      const isVoid = waitedPart > MAX_WAITED_PART;
      rows.push(
        row(`${name}${isVoid ? ", void" : ""}`, { ...figures, waitedPercent: Math.round(waitedPart * 100) }, missed),
      );
      console.log([HEAD, ...rows].join("\n"));
      if (isVoid) skip("the machine was busy with something else");
      expect(figures.picturesPerS + figures.kbps, "nothing came").toBeGreaterThan(0);
      expect(missed.filter((figure) => CLAIMED[name]?.includes(figure))).toEqual([]);
    });
  }
});

/** A cell's figures, and what part of their time its programs waited for a processor. */
type Row = NetworkFigures & { readonly waitedPercent: number };

const COLUMNS: readonly (keyof Row)[] = [
  ...NETWORK_LIMITS.map(({ figure }) => figure),
  ...(["picturesPerS", "kbps", "waitedPercent"] as const),
];
const HEAD = `| line, side, broker | ${COLUMNS.join(" | ")} |\n|---|${"---:|".repeat(COLUMNS.length)}`;

/** What misses its limit is bold. */
function row(name: string, figures: Row, missed: readonly (keyof Row)[]): string {
  const cells = COLUMNS.map((figure) => (missed.includes(figure) ? `**${figures[figure]}**` : String(figures[figure])));
  return `| ${name} | ${cells.join(" | ")} |`;
}
