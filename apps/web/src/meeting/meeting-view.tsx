import { useEffect, useRef } from "preact/hooks";
import { useText } from "../app-context.ts";
import type { Meeting } from "../room/meeting.ts";
import type { Visit } from "../room/visit.ts";
import { CaptionLines } from "./caption-lines.tsx";
import { ControlBar } from "./control-bar.tsx";
import { closeFloatingWindow } from "./floating-window.tsx";
import { KeySheet } from "./key-sheet.tsx";
import { KnockCard } from "./knock-card.tsx";
import { meetingCommands } from "./meeting-commands.ts";
import css from "./meeting-view.module.css";
import { NoticeLines } from "./notice-lines.tsx";
import { Reactions } from "./reactions.tsx";
import { SidePanel } from "./side-panel.tsx";
import { Stage } from "./stage.tsx";
import { StatusStrips } from "./status-strips.tsx";
import { useKeys } from "./use-keys.ts";
import { useNewDevices } from "./use-new-devices.ts";

/** The meeting itself: stage, bar, and what is open beside it. */
export function MeetingView({ meeting, visit }: { readonly meeting: Meeting; readonly visit: Visit }) {
  const { meeting: text } = useText();
  const keySheet = useRef<HTMLDialogElement>(null);
  const commands = meetingCommands(meeting, { visit, showKeys: () => keySheet.current?.showModal() });
  useKeys(meeting, commands);
  useNewDevices(meeting, visit);
  useScreenAwake();
  useEffect(() => closeFloatingWindow, []);
  useTitle(meeting);
  return (
    <div class={css["meeting"]}>
      <header class={css["top"]}>
        <StatusStrips meeting={meeting} css={css} />
      </header>
      <main class={css["stage"]} aria-label={text.stage}>
        <Stage meeting={meeting} />
        <CaptionLines meeting={meeting} />
        <Reactions meeting={meeting} />
      </main>
      <div class={css["notices"]}>
        <KnockCard meeting={meeting} />
        <NoticeLines />
      </div>
      <footer class={css["bar"]}>
        <ControlBar meeting={meeting} visit={visit} commands={commands} />
      </footer>
      {meeting.panel.value && (
        <div class={css["panel"]}>
          <SidePanel panel={meeting.panel.value} meeting={meeting} visit={visit} />
        </div>
      )}
      <KeySheet dialog={keySheet} />
    </div>
  );
}

/** What is unread shows on the tab, where people look who are elsewhere. */
function useTitle(meeting: Meeting): void {
  const unread = meeting.unread.value;
  useEffect(() => {
    const title = document.title.replace(/^\(\d+\) /, "");
    document.title = unread > 0 ? `(${unread}) ${title}` : title;
  }, [unread]);
}

/** A phone that goes dark in the middle of a meeting loses its camera. */
function useScreenAwake(): void {
  useEffect(() => {
    const lifetime = new AbortController();
    let lock: WakeLockSentinel | undefined;
    const ask = async () => {
      if (document.visibilityState !== "visible") return;
      try {
        lock = await navigator.wakeLock?.request("screen");
        if (lifetime.signal.aborted) await lock?.release();
      } catch {
        // Low battery, or not allowed: the meeting goes on.
      }
    };
    void ask();
    document.addEventListener("visibilitychange", () => void ask(), { signal: lifetime.signal });
    return () => {
      lifetime.abort();
      void lock?.release();
    };
  }, []);
}
