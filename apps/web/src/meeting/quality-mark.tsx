import { useComputed } from "@preact/signals";
import { SignalLow, SignalMedium } from "lucide";
import { useText } from "../app-context.ts";
import { classes } from "../components/classes.ts";
import { Icon } from "../components/icon.tsx";
import type { Meeting } from "../room/meeting.ts";
import css from "./quality-mark.module.css";

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
      <Icon node={level === "bad" ? SignalLow : SignalMedium} size={15} />
    </span>
  );
}
