import { useSignal } from "@preact/signals";
import { useApp, useText } from "../app-context.ts";
import { classes } from "../components/classes.ts";
import { OwnVideo } from "../components/own-video.tsx";
import { PersonField } from "../components/person-field.tsx";
import { fitPicture } from "../model/fit-picture.ts";
import type { StageTile } from "../model/stage-tiles.ts";
import { MOST_CROPPED, type Rect } from "../model/tile-layout.ts";
import type { Meeting } from "../room/meeting.ts";
import { PosterField } from "./poster-field.tsx";
import { RemoteVideo } from "./remote-video.tsx";
import css from "./tile.module.css";

interface PictureProps {
  readonly tile: StageTile;
  readonly rect: Pick<Rect, "width" | "height">;
  readonly meeting: Meeting;
}

/** The initials, or what was seen last, and on top of that the picture as soon as there is one. */
export function TheirPicture(props: PictureProps & { readonly onShape: (id: string, aspect: number) => void }) {
  const { tile, rect, meeting, onShape } = props;
  const aspect = useSignal<number | undefined>(undefined);
  const isWhole = useShownWhole(tile, meeting);
  const { video } = tile;
  if (!video) return <PersonField name={tile.name} waiting={false} />;
  // What cannot be decrypted is received all the same: the key may come.
  const isSeen = aspect.value !== undefined && tile.trouble !== "cannot-decrypt";
  const showAspect = (seen: number) => {
    aspect.value = seen;
    onShape(tile.id, seen);
  };
  const shown = aspect.value ?? video.widthPx / video.heightPx;
  const fit = fitPicture(shown, { ...rect, mostCropped: isWhole ? 0 : MOST_CROPPED });
  return (
    <>
      {isSeen ? <div class={css["showing"]} /> : <BeforePicture tile={tile} poster={meeting.posters.of(video.key)} />}
      <div
        class={classes(css["picture"], tile.trouble === "cannot-decrypt" && css["unseen"])}
        style={{ "--fit-width": `${fit.width * 100}%`, "--fit-height": `${fit.height * 100}%` }}
      >
        <RemoteVideo key={video.key} trackKey={video.key} meeting={meeting} onAspect={showAspect} />
      </div>
    </>
  );
}

/** What cannot be received or decrypted has its own sign: nothing old is shown as if it were coming back. */
function BeforePicture({ tile, poster }: { readonly tile: StageTile; readonly poster: HTMLCanvasElement | undefined }) {
  if (poster !== undefined && tile.trouble === undefined) return <PosterField poster={poster} />;
  return <PersonField name={tile.name} waiting={tile.trouble === undefined} />;
}

/** Our own camera, as a mirror shows it. */
export function OwnPicture({ tile, rect, meeting }: PictureProps) {
  const { values } = useApp().settings;
  const { lobby } = useText();
  const isWhole = useShownWhole(tile, meeting);
  const track = meeting.camera.track.value;
  if (!track) return <PersonField name={values.value.name || tile.name} waiting={false} />;
  const { width = 16, height = 9 } = track.getSettings();
  const fit = fitPicture(width / height, { ...rect, mostCropped: isWhole ? 0 : 1 });
  return (
    <div
      class={classes(css["picture"], css["mirrored"])}
      style={{ "--fit-width": `${fit.width * 100}%`, "--fit-height": `${fit.height * 100}%` }}
    >
      <OwnVideo track={track} label={lobby.preview} />
    </div>
  );
}

/** A screen always is; for faces there is a setting, and a choice for each. */
export function useShownWhole(tile: StageTile, meeting: Meeting): boolean {
  const { cropFaces } = useApp().settings.values.value;
  if (tile.kind === "screen") return true;
  return cropFaces === meeting.stage.otherwiseFitted.value.has(tile.id);
}
