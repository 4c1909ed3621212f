import type { TrackStatistics } from "@mqtt-meet/sdk";
import { useSignal, useSignalEffect } from "@preact/signals";
import { useApp, useText } from "../app-context.ts";
import type { Dictionary } from "../language/en.ts";
import { appendRate, ratePoints } from "../model/rate-history.ts";
import type { StageTile } from "../model/stage-tiles.ts";
import type { Meeting } from "../room/meeting.ts";
import css from "./tile-figures.module.css";

const PLOT = { width: 120, height: 22 };

/** The frame rate of a picture; on demand, everything that is known of it. */
export function TileFigures(props: {
  readonly tile: StageTile;
  readonly meeting: Meeting;
  /** There is room for the frame rate only. */
  readonly small?: boolean;
}) {
  const { tile, meeting, small = false } = props;
  const { settings } = useApp();
  const key = tile.own ? ownCameraKey(meeting) : tile.video?.key;
  const statistics = key === undefined ? undefined : meeting.room.statistics.value.tracks.get(key);
  if (!statistics || (tile.own && !meeting.camera.track.value)) return null;
  if (meeting.showStatistics.value && !small) return <AllFigures statistics={statistics} />;
  if (!settings.values.value.showFrameRate && !meeting.showStatistics.value) return null;
  return <FrameRate fps={statistics.fps} />;
}

function FrameRate({ fps }: { fps: number }) {
  const { statistics } = useText();
  const shown = Math.round(fps);
  return (
    <span class={css["rate"]} role="img" aria-label={`${shown} ${statistics.fps}`} title={`${shown} ${statistics.fps}`}>
      {shown}
    </span>
  );
}

function AllFigures({ statistics }: { statistics: TrackStatistics }) {
  const { statistics: text } = useText();
  const history = useSignal<readonly number[]>([]);
  const latest = useSignal(statistics);
  latest.value = statistics;
  useSignalEffect(() => {
    history.value = appendRate(history.peek(), latest.value.fps);
  });
  const points = ratePoints(history.value, { ...PLOT, most: Math.max(30, ...history.value) });
  return (
    <div class={css["figures"]}>
      <strong>{statistics.fps.toFixed(1)}</strong> {text.fps}
      <svg viewBox={`0 0 ${PLOT.width} ${PLOT.height}`} preserveAspectRatio="none" aria-hidden="true">
        <polyline points={points} />
      </svg>
      <dl>
        {figureRows(statistics, text).map(([label, value]) => (
          <div key={label} class={css["row"]}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function figureRows(of: TrackStatistics, text: Dictionary["statistics"]): [string, string][] {
  const rows: [string, string][] = [
    [text.size, `${of.widthPx}×${of.heightPx}`],
    [text.rate, of.kbps.toFixed(0)],
  ];
  if (of.direction === "in") {
    rows.push([text.latency, of.latencyMs ? `${of.latencyMs.p50.toFixed(0)} / ${of.latencyMs.p95.toFixed(0)}` : "–"]);
    rows.push([text.jitter, of.jitterDelayMs.toFixed(0)]);
    rows.push([text.freezes, `${of.freezes}`]);
  }
  rows.push([text.dropped, `${of.dropped}`], [text.codec, of.codec]);
  if (of.limitedBy) rows.push([text.limitedBy, text.limits[of.limitedBy]]);
  return rows;
}

function ownCameraKey(meeting: Meeting): string | undefined {
  return meeting.room.localTracks.value.find((track) => track.source === "camera")?.key;
}
