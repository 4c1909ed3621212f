import { useSignal } from "@preact/signals";
import { useApp, useText } from "../app-context.ts";
import { classes } from "../components/classes.ts";
import { NameChip } from "../components/name-chip.tsx";
import { OwnVideo } from "../components/own-video.tsx";
import { PersonField } from "../components/person-field.tsx";
import type { Dictionary } from "../language/en.ts";
import { fitPicture } from "../model/fit-picture.ts";
import type { StageTile } from "../model/stage-tiles.ts";
import { MOST_CROPPED, type Rect } from "../model/tile-layout.ts";
import type { Meeting } from "../room/meeting.ts";
import { RemoteVideo } from "./remote-video.tsx";
import css from "./tile.module.css";
import { TileFigures } from "./tile-figures.tsx";

/** What a tile needs. */
export interface TileProps {
  readonly tile: StageTile;
  readonly rect: Rect;
  readonly meeting: Meeting;
  /** Tells the shape of the picture that is seen. */
  readonly onShape: (id: string, aspect: number) => void;
}

/** Somebody, or somebody's screen, at a place on the stage. */
export function Tile({ tile, rect, meeting, onShape }: TileProps) {
  const { meeting: text } = useText();
  const speaking = tile.kind !== "screen" && meeting.speaking.value.has(tile.peer);
  const name = tile.kind === "screen" ? text.screenOf(tile.name) : tile.name;
  return (
    <li
      class={classes(css["tile"], speaking && css["speaking"], tile.reconnecting && css["away"])}
      data-peer={tile.peer}
      data-kind={tile.kind}
      aria-label={describe(tile, { name, text })}
      style={{
        transform: `translate(${rect.x}px, ${rect.y}px)`,
        width: `${rect.width}px`,
        height: `${rect.height}px`,
      }}
    >
      {tile.own ? <OwnPicture tile={tile} rect={rect} meeting={meeting} /> : null}
      {tile.own ? null : <TheirPicture tile={tile} rect={rect} meeting={meeting} onShape={onShape} />}
      <div class={css["corner"]}>
        <TileFigures tile={tile} meeting={meeting} />
      </div>
      <div class={css["chip"]}>
        <NameChip name={name} muted={tile.microphone === "muted"} />
      </div>
      {tile.reconnecting && <p class={css["state"]}>{text.reconnecting}</p>}
      <div class={css["ring"]} />
    </li>
  );
}

function describe(tile: StageTile, { name, text }: { name: string; text: Dictionary["meeting"] }): string {
  const states = [tile.microphone === "muted" && text.muted, tile.reconnecting && text.reconnecting];
  return [name, ...states.filter(Boolean)].join(", ");
}

/** The initials, and on top of them the picture as soon as there is one. */
function TheirPicture({ tile, rect, meeting, onShape }: TileProps) {
  const aspect = useSignal<number | undefined>(undefined);
  const { video } = tile;
  if (!video) return <PersonField name={tile.name} waiting={false} />;
  const isScreen = tile.kind === "screen";
  const showAspect = (seen: number) => {
    aspect.value = seen;
    onShape(tile.id, seen);
  };
  const shown = aspect.value ?? video.widthPx / video.heightPx;
  const fit = fitPicture(shown, { ...rect, mostCropped: isScreen ? 0 : MOST_CROPPED });
  return (
    <>
      {aspect.value === undefined ? <PersonField name={tile.name} waiting /> : <div class={css["showing"]} />}
      <div class={css["picture"]} style={{ width: `${fit.width * 100}%`, height: `${fit.height * 100}%` }}>
        <RemoteVideo key={video.key} trackKey={video.key} room={meeting.room} onAspect={showAspect} />
      </div>
    </>
  );
}

/** Our own camera, as a mirror shows it. */
export function OwnPicture({
  tile,
  rect,
  meeting,
}: Pick<TileProps, "tile" | "meeting"> & { rect: Pick<Rect, "width" | "height"> }) {
  const { values } = useApp().settings;
  const { lobby } = useText();
  const track = meeting.camera.track.value;
  if (!track) return <PersonField name={values.value.name || tile.name} waiting={false} />;
  const { width = 16, height = 9 } = track.getSettings();
  const fit = fitPicture(width / height, { ...rect, mostCropped: 1 });
  return (
    <div
      class={classes(css["picture"], css["mirrored"])}
      style={{ width: `${fit.width * 100}%`, height: `${fit.height * 100}%` }}
    >
      <OwnVideo track={track} label={lobby.preview} />
    </div>
  );
}
