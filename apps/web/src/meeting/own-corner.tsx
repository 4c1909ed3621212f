import { useSignal } from "@preact/signals";
import { EyeOff } from "lucide";
import { useText } from "../app-context.ts";
import { classes } from "../components/classes.ts";
import { Icon } from "../components/icon.tsx";
import { NameChip } from "../components/name-chip.tsx";
import { type Corner, cornerPlace, nearestCorner } from "../model/corner.ts";
import type { StageTile } from "../model/stage-tiles.ts";
import type { Rect } from "../model/tile-layout.ts";
import type { Meeting } from "../room/meeting.ts";
import css from "./own-corner.module.css";
import { QualityMark } from "./quality-mark.tsx";
import { TileFigures } from "./tile-figures.tsx";
import { OwnPicture } from "./tile-picture.tsx";

interface Drag {
  readonly fromX: number;
  readonly fromY: number;
  readonly x: number;
  readonly y: number;
}

/** Our own picture, small, in a corner of the stage: it can be drawn to another one, and hidden. */
export function OwnCorner(props: {
  readonly meeting: Meeting;
  readonly tile: StageTile;
  readonly stage: { readonly width: number; readonly height: number };
  /** The only other tile, if any. */
  readonly other: Rect | undefined;
}) {
  const { meeting, tile, stage, other } = props;
  const { meeting: text, common } = useText();
  const corner = useSignal<Corner>("bottom-right");
  const drag = useSignal<Drag | undefined>(undefined);
  const place = cornerPlace(stage, other);
  const begin = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    if (event.target instanceof Element && event.target.closest("button")) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.value = { fromX: event.clientX, fromY: event.clientY, x: 0, y: 0 };
  };
  const move = (event: PointerEvent) => {
    const from = drag.value;
    if (from) drag.value = { ...from, x: event.clientX - from.fromX, y: event.clientY - from.fromY };
  };
  const end = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    const parent = event.currentTarget.offsetParent?.getBoundingClientRect();
    if (!drag.value || !parent) return;
    const own = event.currentTarget.getBoundingClientRect();
    const middle = { x: own.left + own.width / 2 - parent.left, y: own.top + own.height / 2 - parent.top };
    corner.value = nearestCorner(middle, stage);
    drag.value = undefined;
  };
  const offset = drag.value;
  return (
    <section
      class={classes(css["own"], css[corner.value], offset && css["dragged"])}
      aria-label={common.you}
      data-peer={tile.peer}
      data-kind="own"
      style={{
        "--inset-x": `${place.insetX}px`,
        "--inset-y": `${place.insetY}px`,
        width: `${place.width}px`,
        height: `${place.height}px`,
        translate: offset ? `${offset.x}px ${offset.y}px` : "0 0",
      }}
      onPointerDown={begin}
      onPointerMove={move}
      onPointerUp={end}
      onPointerCancel={end}
    >
      <OwnPicture tile={tile} rect={place} meeting={meeting} />
      <div class={css["figures"]}>
        <QualityMark peer={tile.peer} meeting={meeting} />
        <TileFigures tile={tile} meeting={meeting} small />
      </div>
      <div class={css["chip"]}>
        <NameChip name={common.you} muted={tile.microphone === "muted"} held={meeting.door.isHeld("microphone")} />
      </div>
      <button
        type="button"
        class={css["hide"]}
        aria-label={text.hideSelf}
        title={text.hideSelf}
        onClick={() => {
          meeting.stage.ownPicture.value = "hidden";
        }}
      >
        <Icon node={EyeOff} size={15} />
      </button>
    </section>
  );
}
