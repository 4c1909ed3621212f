import { LevelMeter } from "@mqtt-meet/sdk/browser";
import { useEffect, useRef } from "preact/hooks";
import css from "./level-meter-bar.module.css";

/** How fast the bar falls back, in parts of its length a second: peaks are seen, and nothing flickers. */
const FALL_PER_SECOND = 1.6;

/** Shows how loud `track` is; nothing without one. */
export function LevelMeterBar({
  track,
  label,
}: {
  readonly track: MediaStreamTrack | undefined;
  readonly label: string;
}) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const bar = element.current;
    if (!bar || !track) return;
    return follow(track, (level) => bar.style.setProperty("--level", level.toFixed(3)));
  }, [track]);
  return (
    <div ref={element} class={css["meter"]} role="img" aria-label={label}>
      <div class={css["fill"]} />
    </div>
  );
}

function follow(track: MediaStreamTrack, show: (level: number) => void): () => void {
  const meter = new LevelMeter(track);
  let shown = 0;
  let lastMs = performance.now();
  let request = 0;
  const step = (nowMs: number) => {
    shown = Math.max(meter.level, shown - ((nowMs - lastMs) / 1000) * FALL_PER_SECOND, 0);
    lastMs = nowMs;
    show(shown);
    request = requestAnimationFrame(step);
  };
  request = requestAnimationFrame(step);
  return () => {
    cancelAnimationFrame(request);
    meter.close();
    show(0);
  };
}
