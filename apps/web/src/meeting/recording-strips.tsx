import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { useApp, useText } from "../app-context.ts";
import { Button } from "../components/button.tsx";
import { clockText } from "../language/duration-text.ts";
import type { Recording } from "../room/recording.ts";
import strips from "./recording-strips.module.css";

type Css = Readonly<Record<string, string>>;

/** Lines that say as long as it lasts that somebody records, we or others. */
export function RecordingStrips({ recording, css }: { readonly recording: Recording; readonly css: Css }) {
  const { recording: text } = useText();
  const { locale } = useApp();
  const others = recording.others.value.map(({ name }) => name);
  const names = new Intl.ListFormat(locale.value).format(others);
  return (
    <>
      <OwnRecording recording={recording} css={css} />
      {others.length > 0 && (
        <div class={css["strip"]} role="status">
          <span class={strips["records"]}>{text.recordedBy(names, others.length)}</span>
        </div>
      )}
    </>
  );
}

function OwnRecording({ recording, css }: { readonly recording: Recording; readonly css: Css }) {
  const { recording: text } = useText();
  const status = recording.status.value;
  if (status === "off") return null;
  return (
    <div class={css["strip"]}>
      <span class={strips["records"]} role="status">
        {status === "saving" ? text.saving : text.youRecord}
      </span>
      {status === "on" && <Elapsed sinceMs={recording.startedAtMs} />}
      {status === "on" && <Button onClick={() => void recording.stop()}>{text.stop}</Button>}
    </div>
  );
}

function Elapsed({ sinceMs }: { readonly sinceMs: number }) {
  const { nowMs } = useApp();
  const now = useSignal(nowMs());
  useEffect(() => {
    const timer = setInterval(() => {
      now.value = nowMs();
    }, 1000);
    return () => clearInterval(timer);
  }, [now, nowMs]);
  return <time class={strips["elapsed"]}>{clockText(now.value - sinceMs)}</time>;
}
