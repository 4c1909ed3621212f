import { type Signal, useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useApp, useText } from "../app-context.ts";
import { ownPlace } from "../model/own-place.ts";
import { onlookers, type StageTile, stageTiles } from "../model/stage-tiles.ts";
import { layoutStage } from "../model/tile-layout.ts";
import type { Meeting } from "../room/meeting.ts";
import { Invitation } from "./invitation.tsx";
import { OwnCorner } from "./own-corner.tsx";
import css from "./stage.module.css";
import { Tile } from "./tile.tsx";

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Everybody, as large as can be. */
export function Stage({ meeting }: { readonly meeting: Meeting }) {
  const { settings } = useApp();
  const { common } = useText();
  const frame = useRef<HTMLDivElement>(null);
  const size = useSignal<Size>({ width: 0, height: 0 });
  const shapes = useSignal<ReadonlyMap<string, number>>(new Map());
  useSize(frame, size);
  const others = stageTiles(meeting.room.participants.value);
  const place = ownPlace({
    others: others.length,
    screens: others.filter((tile) => tile.kind === "screen").length,
    hidden: meeting.hideSelf.value,
  });
  const name = settings.values.value.name;
  const own = ownTile(meeting, { name: name || common.you });
  const tiles = place === "grid" ? [...others, own] : others;
  const layout = layoutStage(
    tiles.map((tile) => ({ aspect: aspectOf(tile, shapes.value), featured: tile.kind === "screen" })),
    size.value,
  );
  const onShape = (id: string, aspect: number) => {
    if (shapes.peek().get(id) !== aspect) shapes.value = new Map([...shapes.peek(), [id, aspect]]);
  };
  return (
    <div ref={frame} class={css["stage"]}>
      {others.length === 0 && <Alone meeting={meeting} />}
      <ul class={css["tiles"]} style={{ height: `${layout.contentHeight}px` }}>
        {size.value.width > 0 &&
          tiles.map((tile, index) => {
            const rect = layout.rects[index];
            return rect && <Tile key={tile.id} tile={tile} rect={rect} meeting={meeting} onShape={onShape} />;
          })}
      </ul>
      {place === "corner" && <OwnCorner meeting={meeting} tile={own} stage={size.value} other={layout.rects[0]} />}
    </div>
  );
}

function Alone({ meeting }: { meeting: Meeting }) {
  return <Invitation link={meeting.room.link} watching={onlookers(meeting.room.participants.value).length} />;
}

function ownTile(meeting: Meeting, { name }: { name: string }): StageTile {
  const isMuted = meeting.microphone.state.value.status !== "on";
  const microphone = isMuted ? "muted" : "on";
  const { peer } = meeting.room;
  return { id: peer, peer, name, kind: "person", video: undefined, microphone, reconnecting: false, own: true };
}

/** The shape that was seen is truer than the one that was announced: a phone may be turned. */
function aspectOf(tile: StageTile, shapes: ReadonlyMap<string, number>): number | undefined {
  if (tile.own) return 16 / 9;
  if (!tile.video) return undefined;
  const { widthPx, heightPx } = tile.video;
  return shapes.get(tile.id) ?? (widthPx > 0 && heightPx > 0 ? widthPx / heightPx : 16 / 9);
}

function useSize(element: { readonly current: HTMLElement | null }, size: Signal<Size>): void {
  useLayoutEffect(() => {
    const target = element.current;
    if (!target) return;
    const measure = () => {
      size.value = { width: target.clientWidth, height: target.clientHeight };
    };
    const observer = new ResizeObserver(measure);
    observer.observe(target);
    measure();
    return () => observer.disconnect();
  }, [element, size]);
}
