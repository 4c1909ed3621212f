import { useComputed } from "@preact/signals";
import { Hand, Pin } from "lucide";
import { useRef } from "preact/hooks";
import { useText } from "../app-context.ts";
import { classes } from "../components/classes.ts";
import { Icon } from "../components/icon.tsx";
import { NameChip } from "../components/name-chip.tsx";
import type { Dictionary } from "../language/en.ts";
import type { StageTile } from "../model/stage-tiles.ts";
import type { Rect } from "../model/tile-layout.ts";
import type { Meeting } from "../room/meeting.ts";
import { QualityMark } from "./quality-mark.tsx";
import css from "./tile.module.css";
import { TileFigures } from "./tile-figures.tsx";
import { TileMenu } from "./tile-menu.tsx";
import { OwnPicture, TheirPicture } from "./tile-picture.tsx";

/** What a tile needs. */
export interface TileProps {
  readonly tile: StageTile;
  readonly rect: Rect;
  /** It has the large place. */
  readonly featured: boolean;
  readonly meeting: Meeting;
  /** Tells the shape of the picture that is seen. */
  readonly onShape: (id: string, aspect: number) => void;
}

/** Somebody, or somebody's screen, at a place on the stage. */
export function Tile({ tile, rect, meeting, onShape }: TileProps) {
  const { meeting: text, stage: words, rules } = useText();
  const element = useRef<HTMLLIElement>(null);
  const speaking = useComputed(() => tile.kind !== "screen" && meeting.speaking.value.has(tile.peer)).value;
  const pinned = useComputed(() => meeting.stage.pinned.value === tile.id).value;
  const held = useComputed(() => isMutedByHost(tile, meeting)).value;
  const name = tile.kind === "screen" ? text.screenOf(tile.name) : tile.name;
  return (
    <li
      ref={element}
      class={classes(css["tile"], speaking && css["speaking"], tile.trouble && css["away"])}
      data-peer={tile.peer}
      data-kind={tile.kind}
      aria-label={describe(tile, { name, pinned, text: words, muted: held ? rules.mark : text.muted })}
      style={{
        transform: `translate(${rect.x}px, ${rect.y}px)`,
        width: `${rect.width}px`,
        height: `${rect.height}px`,
      }}
      onDblClick={() => meeting.stage.togglePin(tile.id)}
    >
      {tile.own ? <OwnPicture tile={tile} rect={rect} meeting={meeting} /> : null}
      {tile.own ? null : <TheirPicture tile={tile} rect={rect} meeting={meeting} onShape={onShape} />}
      <div class={css["veil"]} />
      <div class={css["corner"]}>
        {tile.kind !== "screen" && <QualityMark peer={tile.peer} meeting={meeting} />}
        <TileFigures tile={tile} meeting={meeting} />
      </div>
      <div class={css["chip"]}>
        {tile.hand && (
          <span class={css["mark"]}>
            <Icon node={Hand} size={14} />
          </span>
        )}
        {pinned && (
          <span class={css["mark"]}>
            <Icon node={Pin} size={14} />
          </span>
        )}
        <NameChip name={name} muted={tile.microphone === "muted"} held={held} />
      </div>
      {tile.trouble && (
        <p class={css["state"]} title={words.troubleHint[tile.trouble]}>
          {words.trouble[tile.trouble]}
        </p>
      )}
      <div class={css["ring"]} />
      <TileMenu tile={tile} name={name} meeting={meeting} element={element} />
    </li>
  );
}

/** Whether a host lets nobody hear who is on the tile. */
export function isMutedByHost({ peer, own }: StageTile, { door }: Meeting): boolean {
  return own ? door.isHeld("microphone") : door.heldOf(peer).includes("microphone");
}

function describe(
  tile: StageTile,
  { name, pinned, text, muted }: { name: string; pinned: boolean; text: Dictionary["stage"]; muted: string },
): string {
  const states = [
    tile.microphone === "muted" && muted,
    pinned && text.pinned,
    tile.hand && text.handUp,
    tile.trouble && text.trouble[tile.trouble],
  ];
  return [name, ...states.filter(Boolean)].join(", ");
}
