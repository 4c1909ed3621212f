import { useComputed } from "@preact/signals";
import { useText } from "../app-context.ts";
import { classes } from "../components/classes.ts";
import type { Meeting } from "../room/meeting.ts";
import css from "./quality-mark.module.css";

const BARS = [4, 8, 12];
/** So many of the bars. */
const LIT = { fair: 2, bad: 1 };

/** A mark on who comes through badly, and in its words why; nothing on everybody else. */
export function QualityMark({ peer, meeting }: { readonly peer: string; readonly meeting: Meeting }) {
  const { quality: text } = useText();
  // Only what is shown follows the statistics: a score that moves a little draws nothing.
  const level = useComputed(() => meeting.room.statistics.value.quality.get(peer)?.level ?? "good").value;
  const limit = useComputed(() => meeting.room.statistics.value.quality.get(peer)?.limitedBy ?? "none").value;
  if (level === "good") return null;
  const mark = (peer === meeting.room.peer ? text.ownMarks : text.marks)[level];
  const words = limit === "none" ? mark : text.because(mark, text.limits[limit]);
  return (
    <span class={classes(css["mark"], level === "bad" && css["bad"])} role="img" aria-label={words} title={words}>
      <svg width="16" height="14" viewBox="0 0 16 14" aria-hidden="true">
        {BARS.map((height, index) => (
          <rect
            key={height}
            class={index < LIT[level] ? undefined : css["unlit"]}
            {...{ x: 1 + 5 * index, y: 13 - height, width: 4, height, rx: 1 }}
          />
        ))}
      </svg>
    </span>
  );
}
