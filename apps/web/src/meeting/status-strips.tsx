import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { useApp, useText } from "../app-context.ts";
import { Button } from "../components/button.tsx";
import { classes } from "../components/classes.ts";
import { lackingCodecs } from "../room/browser-problem.ts";
import type { Meeting } from "../room/meeting.ts";
import { RecordingStrips } from "./recording-strips.tsx";

type Css = Readonly<Record<string, string>>;

/** Thin lines above the stage: what is wrong with the connection or the sound, and that we share. */
export function StatusStrips({ meeting, css }: { readonly meeting: Meeting; readonly css: Css }) {
  const { meeting: text } = useText();
  const { room, screen } = meeting;
  return (
    <>
      <ConnectionStrip meeting={meeting} css={css} />
      {room.audioBlocked.value && (
        <div class={css["strip"]} role="alert">
          <span>{room.audioMissing.value ? text.speakerMissing : text.soundBlocked}</span>
          {!room.audioMissing.value && (
            <Button tone="accent" onClick={() => void room.resumeAudio()}>
              {text.playSound}
            </Button>
          )}
        </div>
      )}
      <CodecStrip css={css} />
      <RecordingStrips recording={meeting.recording} css={css} />
      {screen.status.value === "on" && (
        <div class={css["strip"]} role="status">
          <span>{text.youShare}</span>
          <ContentButton screen={screen} />
          <Button onClick={() => screen.stop()}>{text.stopSharing}</Button>
        </div>
      )}
    </>
  );
}

/** Text is sharp unless somebody shows a film. */
function ContentButton({ screen }: { readonly screen: Meeting["screen"] }) {
  const { meeting: text } = useText();
  const isFilm = screen.content.value === "motion";
  return (
    <Button onClick={() => void screen.setContent(isFilm ? "detail" : "motion")}>
      {isFilm ? text.shareSharp : text.shareSmooth}
    </Button>
  );
}

/** What a browser without WebCodecs misses, until it was read. */
function CodecStrip({ css }: { css: Css }) {
  const { meeting: text, common } = useText();
  const isRead = useSignal(false);
  const lacking = lackingCodecs();
  if (!lacking || isRead.value) return null;
  const onClick = () => {
    isRead.value = true;
  };
  return (
    <div class={css["strip"]} role="status">
      <span>{text.lacksCodecs[lacking]}</span>
      <Button onClick={onClick}>{common.close}</Button>
    </div>
  );
}

function ConnectionStrip({ meeting, css }: { meeting: Meeting; css: Css }) {
  const { nowMs } = useApp();
  const { meeting: text } = useText();
  const now = useSignal(nowMs());
  const connection = meeting.room.connection.value;
  const isWaiting = connection.status === "waiting";
  useEffect(() => {
    if (!isWaiting) return;
    const tick = () => {
      now.value = nowMs();
    };
    tick();
    const timer = setInterval(tick, 500);
    return () => clearInterval(timer);
  }, [isWaiting, now, nowMs]);
  if (connection.status === "connected" || connection.status === "closed") return null;
  const seconds = isWaiting ? Math.max(0, Math.ceil((connection.retryAtMs - now.value) / 1000)) : 0;
  return (
    <div class={classes(css["strip"], css["lost"])} role="status">
      <span>{text.connectionLost(seconds)}</span>
      <Button disabled={seconds === 0} onClick={() => meeting.room.reconnectNow()}>
        {text.tryNow}
      </Button>
    </div>
  );
}
