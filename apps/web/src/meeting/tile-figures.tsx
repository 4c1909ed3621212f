import type { ParticipantQuality, TrackStatistics } from "@mqtt-meet/sdk";
import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useApp, useText } from "../app-context.ts";
import type { Dictionary } from "../language/en.ts";
import { appendRate, ratePoints } from "../model/rate-history.ts";
import type { StageTile } from "../model/stage-tiles.ts";
import type { Meeting } from "../room/meeting.ts";
import css from "./tile-figures.module.css";

const PLOT = { width: 64, height: 18 };

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
  const isShown = settings.values.value.showFrameRate || meeting.showStatistics.value;
  if (!isShown || key === undefined || (tile.own && !meeting.camera.track.value)) return null;
  return <Figures of={key} meeting={meeting} all={meeting.showStatistics.value && !small} />;
}

/** Only what is shown follows the statistics: a frame rate that stays the same draws nothing. */
function Figures({ of, meeting, all }: { of: string; meeting: Meeting; all: boolean }) {
  const statistics = useComputed(() => meeting.room.statistics.value.tracks.get(of));
  const fps = useComputed(() => statistics.value && Math.round(statistics.value.fps));
  const quality = useComputed(() => meeting.room.statistics.value.quality.get(of.slice(0, of.indexOf("/"))));
  if (all) return statistics.value ? <AllFigures statistics={statistics.value} quality={quality.value} /> : null;
  return fps.value === undefined ? null : <FrameRate fps={fps.value} />;
}

function FrameRate({ fps: shown }: { fps: number }) {
  const { statistics } = useText();
  return (
    <span class={css["rate"]} role="img" aria-label={`${shown} ${statistics.fps}`} title={`${shown} ${statistics.fps}`}>
      {shown}
    </span>
  );
}

interface Plotted {
  readonly fps: readonly number[];
  readonly kbps: readonly number[];
  readonly latencyMs: readonly number[];
}

/** Three lines over the last half minute, then the figures; made only while they are shown. */
function AllFigures({ statistics, quality }: { statistics: TrackStatistics; quality: ParticipantQuality | undefined }) {
  const { statistics: text, quality: words } = useText();
  const plotted = useSignal<Plotted>({ fps: [], kbps: [], latencyMs: [] });
  const latest = useSignal(statistics);
  latest.value = statistics;
  useSignalEffect(() => {
    const { fps, kbps, latencyMs } = latest.value;
    const before = plotted.peek();
    plotted.value = {
      fps: appendRate(before.fps, fps),
      kbps: appendRate(before.kbps, kbps),
      latencyMs: latencyMs ? appendRate(before.latencyMs, latencyMs.p50) : before.latencyMs,
    };
  });
  const { fps, kbps, latencyMs } = plotted.value;
  return (
    <div class={css["figures"]}>
      <Plot history={fps} value={statistics.fps.toFixed(1)} unit={text.fps} least={30} />
      <Plot history={kbps} value={statistics.kbps.toFixed(0)} unit={text.rate} least={100} />
      {statistics.latencyMs && (
        <Plot history={latencyMs} value={statistics.latencyMs.p50.toFixed(0)} unit={text.latency} least={50} />
      )}
      <dl>
        {[...figureRows(statistics, text), ...qualityRows(quality, words)].map(([label, value]) => (
          <div key={label} class={css["row"]}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function Plot(props: {
  readonly history: readonly number[];
  readonly value: string;
  readonly unit: string;
  /** What the top of the plot stands for, unless more was measured. */
  readonly least: number;
}) {
  const { history, value, unit, least } = props;
  const points = ratePoints(history, { ...PLOT, most: Math.max(least, ...history) });
  return (
    <div class={css["plot"]}>
      <span>
        <strong>{value}</strong> {unit}
      </span>
      <svg viewBox={`0 0 ${PLOT.width} ${PLOT.height}`} preserveAspectRatio="none" aria-hidden="true">
        <polyline points={points} />
      </svg>
    </div>
  );
}

function figureRows(of: TrackStatistics, text: Dictionary["statistics"]): [string, string][] {
  const rows: [string, string][] = [[text.size, `${of.widthPx}×${of.heightPx}`]];
  if (of.direction === "in") {
    rows.push([text.latest, of.latencyMs ? of.latencyMs.p95.toFixed(0) : "–"]);
    rows.push([text.jitter, of.jitterDelayMs.toFixed(0)]);
    rows.push([text.freezes, `${of.freezes}`]);
  }
  rows.push([text.dropped, `${of.dropped}`], [text.codec, of.codec]);
  if (of.limitedBy) rows.push([text.limitedBy, text.limits[of.limitedBy]]);
  return rows;
}

function qualityRows(quality: ParticipantQuality | undefined, text: Dictionary["quality"]): [string, string][] {
  if (quality === undefined) return [];
  const score: [string, string] = [text.score, quality.score.toFixed(1)];
  return quality.limitedBy === "none" ? [score] : [score, [text.limitedBy, text.limits[quality.limitedBy]]];
}

function ownCameraKey(meeting: Meeting): string | undefined {
  return meeting.room.localTracks.value.find((track) => track.source === "camera")?.key;
}
