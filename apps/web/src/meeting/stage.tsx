import { useComputed, useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useApp, useText } from "../app-context.ts";
import { type Size, useSize } from "../components/use-size.ts";
import { arrangeStage, type StageArrangement, type StageContent } from "../model/arrange-stage.ts";
import { ownPlace } from "../model/own-place.ts";
import { onlookers, type StageTile, stageTiles } from "../model/stage-tiles.ts";
import type { Meeting } from "../room/meeting.ts";
import { Invitation } from "./invitation.tsx";
import { OwnCorner } from "./own-corner.tsx";
import css from "./stage.module.css";
import { PAGER_HEIGHT_PX, StagePager } from "./stage-pager.tsx";
import { Tile } from "./tile.tsx";

/** Everybody, as large as can be. */
export function Stage({ meeting }: { readonly meeting: Meeting }) {
  const frame = useRef<HTMLDivElement>(null);
  const size = useSignal<Size>({ width: 0, height: 0 });
  const shapes = useSignal<ReadonlyMap<string, number>>(new Map());
  useSize(frame, size);
  const { others, own, place } = useTiles(meeting);
  const { stage } = meeting;
  const view = stage.view.value;
  const arrangement = arrange(size.value, {
    others,
    own: place === "grid" ? own : undefined,
    view,
    pinned: stage.pinned.value,
    speaker: view === "speaker" ? stage.speaker.value : undefined,
    page: stage.page.value,
    aspectOf: (tile) => aspectOf(tile, shapes.value),
  });
  const { placed, page, pages, perPage } = arrangement;
  const ids = placed.map(({ tile }) => tile.id);
  const isMeasured = size.value.width > 0;
  useLayoutEffect(() => {
    if (!isMeasured) return;
    stage.page.value = page;
    stage.shows(ids, perPage);
  }, [isMeasured, page, perPage, ids.join()]);
  const onShape = (id: string, aspect: number) => {
    if (shapes.peek().get(id) !== aspect) shapes.value = new Map([...shapes.peek(), [id, aspect]]);
  };
  return (
    <div ref={frame} class={css["stage"]}>
      {others.length === 0 && <Alone meeting={meeting} />}
      <ul class={css["tiles"]} style={{ height: `${contentHeight(arrangement)}px` }}>
        {isMeasured &&
          placed.map(({ tile, rect, featured }) => (
            <Tile key={tile.id} tile={tile} rect={rect} featured={featured} meeting={meeting} onShape={onShape} />
          ))}
      </ul>
      {pages > 1 && <StagePager page={page} pages={pages} onTurn={(by) => stage.turnPage(by)} />}
      {place === "corner" && (
        <OwnCorner
          meeting={meeting}
          tile={own}
          stage={size.value}
          other={others.length > 1 ? undefined : placed[0]?.rect}
        />
      )}
    </div>
  );
}

function Alone({ meeting }: { meeting: Meeting }) {
  const { link, rights, name, participants } = meeting.room;
  return (
    <Invitation link={rights.invite ? link : undefined} name={name} watching={onlookers(participants.value).length} />
  );
}

function useTiles(meeting: Meeting) {
  const { settings } = useApp();
  const { common } = useText();
  const { stage } = meeting;
  const tiles = useComputed(() => stageTiles(stage.people.value, { undecryptable: stage.undecryptable.value }));
  const others = tiles.value;
  const place = ownPlace({
    others: others.length,
    screens: others.filter((tile) => tile.kind === "screen").length,
    choice: stage.ownPicture.value,
  });
  return { others, place, own: ownTile(meeting, { name: settings.values.value.name || common.you }) };
}

/** Where there are several pages, the stage is lower by what turns them. */
function arrange(size: Size, content: StageContent): StageArrangement {
  const whole = arrangeStage(content, size);
  if (whole.pages === 1) return whole;
  return arrangeStage(content, { ...size, height: Math.max(0, size.height - PAGER_HEIGHT_PX) });
}

function contentHeight({ placed }: StageArrangement): number {
  return Math.max(0, ...placed.map(({ rect }) => rect.y + rect.height));
}

function ownTile(meeting: Meeting, { name }: { name: string }): StageTile {
  const isMuted = meeting.microphone.state.value.status !== "on";
  const microphone = isMuted ? "muted" : "on";
  const { peer } = meeting.room;
  return {
    id: peer,
    peer,
    name,
    kind: "person",
    video: undefined,
    microphone,
    trouble: undefined,
    hand: meeting.handRaised,
    own: true,
  };
}

/** The shape that was seen is truer than the one that was announced: a phone may be turned. */
function aspectOf(tile: StageTile, shapes: ReadonlyMap<string, number>): number | undefined {
  if (tile.own) return 16 / 9;
  if (!tile.video) return undefined;
  const { widthPx, heightPx } = tile.video;
  return shapes.get(tile.id) ?? (widthPx > 0 && heightPx > 0 ? widthPx / heightPx : 16 / 9);
}
