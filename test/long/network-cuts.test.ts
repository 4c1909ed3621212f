// The publisher's line is cut for 1, 5 and 30 s (a black hole: nobody is told), while two people talk across it.
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { isAllRead, numbersTo, told } from "../support/chatter-lines.ts";
import { MAX_WAITED_PART, ProcessorWait } from "../support/machine.ts";
import { CAMERA, NetworkMeeting, seesCamera, until } from "../support/network-meeting.ts";
import { knobArguments, PROFILES } from "../support/network-profiles.ts";
import { describeWith } from "../support/requirements.ts";
import { trackOf, type ViewerLine, viewerLines } from "../support/viewer-lines.ts";

/** How late others may notice, and pictures may come back, in ms; shorter cuts are not to be noticed at all. */
const CUTS = [
  { seconds: 1, backMs: 2_000, noticed: false },
  { seconds: 5, backMs: 2_000, noticed: false },
  { seconds: 30, backMs: 3_000, noticed: true },
] as const;
const RECONNECTING_MS = 8_000;
const LEFT_MS = 25_000;
/** After so long a line that is whole again carries as before. */
const CALM_MS = 8_000;

/** When the camera was first seen as something after a moment, in ms from then; undefined: never. */
function firstAfter(line: ViewerLine | undefined, sinceMs: number, is: (present: readonly string[]) => boolean) {
  const found = line?.presence.find(({ atMs, present }) => atMs >= sinceMs && is(present));
  return found && found.atMs - sinceMs;
}

/** How long after the cut pictures failed to come, in ms; 0 when none was missed for a second. */
function gapAcross(options: {
  readonly line: ViewerLine | undefined;
  readonly cutAtMs: number;
  readonly wholeAtMs: number;
}): number {
  const { line, cutAtMs, wholeAtMs } = options;
  const gaps = (line?.gaps ?? []).filter(({ fromMs, toMs }) => fromMs <= wholeAtMs && toMs > cutAtMs);
  return Math.max(0, ...gaps.map(({ toMs }) => toMs - wholeAtMs));
}

describeWith(["root and TUN", "ffmpeg", "the sample clips"], "a line that is cut", () => {
  test.for(CUTS)(
    "$seconds s: pictures are back, and no word is lost or doubled (R-CUT)",
    { timeout: 400_000 },
    async (cut, { skip }) => {
      await using meeting = await NetworkMeeting.open(knobArguments(PROFILES.P1));
      const viewer = meeting.view("hub", "viewer");
      const chatters = [meeting.chat("peer", "near"), meeting.chat("hub", "far")] as const;
      const publisher = meeting.publish("peer");
      await seesCamera(viewer);
      const wait = new ProcessorWait([viewer, publisher, meeting.server]);
      await delay(CALM_MS);
      const cutAtMs = Date.now();
      meeting.network.set("cut", cut.seconds);
      await delay(cut.seconds * 1000);
      const wholeAtMs = Date.now();
      const newest = () => viewerLines(viewer, { last: 1 })[0];
      // What a second tells was counted in it: this one began after the cut.
      const isSeen = () => (newest()?.t ?? 0) > wholeAtMs + 1_500 && (trackOf(newest(), CAMERA, "video")?.fps ?? 0) > 0;
      await until(isSeen, { what: "seen again", by: viewer });
      await delay(CALM_MS);
      for (const chatter of chatters) chatter.write("hush\n");
      await until(() => isAllRead(chatters), { what: "all read", by: chatters[1] });
      const line = newest();
      const backMs = gapAcross({ line, cutAtMs, wholeAtMs });
      const reconnectingMs = firstAfter(line, cutAtMs, (present) => present.includes(`${CAMERA} reconnecting`));
      const leftMs = firstAfter(line, cutAtMs, (present) => !present.some((who) => who.startsWith(CAMERA)));
      console.log(
        `${cut.seconds} s: back ${backMs} ms after it; reconnecting ${reconnectingMs ?? "–"} ms, left ${leftMs ?? "–"} ms`,
      );
      const [one, other] = chatters.map(told);
      expect(one?.read).toEqual(numbersTo(other?.said ?? 0));
      expect(other?.read).toEqual(numbersTo(one?.said ?? 0));
      if (!cut.noticed) {
        expect(leftMs).toBeUndefined();
        expect([one?.left, other?.left]).toEqual([[], []]);
      }
      if (wait.part > MAX_WAITED_PART) skip("no word was lost; how long it took says nothing, as the machine was busy");
      expect(backMs).toBeLessThanOrEqual(cut.backMs);
      if (cut.noticed) {
        expect(reconnectingMs).toBeLessThanOrEqual(RECONNECTING_MS);
        expect(leftMs).toBeLessThanOrEqual(LEFT_MS);
      }
    },
  );
});
