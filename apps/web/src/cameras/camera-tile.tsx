import type { CameraTopicFigures } from "@mqtt-meet/sdk";
import type { CameraTopic } from "@mqtt-meet/sdk/browser";
import { type ReadonlySignal, useSignal } from "@preact/signals";
import { ChartNoAxesColumn, Download, type IconNode, Maximize, X } from "lucide";
import { useEffect, useRef } from "preact/hooks";
import { useApp, useText } from "../app-context.ts";
import { Button } from "../components/button.tsx";
import { classes } from "../components/classes.ts";
import { Icon } from "../components/icon.tsx";
import { NameChip } from "../components/name-chip.tsx";
import { saveFile } from "../components/save-file.ts";
import type { Dictionary } from "../language/en.ts";
import { fileName } from "../model/file-name.ts";
import type { Rect } from "../model/tile-layout.ts";
import { cameraLook } from "./camera-look.ts";
import css from "./camera-tile.module.css";

/** One camera: its newest picture, how many come, and what there is to say of it. */
export function CameraTile(props: {
  readonly camera: CameraTopic;
  readonly rect: Rect;
  readonly nowMs: ReadonlySignal<number>;
  readonly onRemove: () => void;
  /** Its address is to be typed once more, with an account. */
  readonly onAccount: () => void;
}) {
  const { camera, rect, nowMs, onRemove, onAccount } = props;
  const { locale } = useApp();
  const { cameras: text } = useText();
  const element = useRef<HTMLLIElement>(null);
  const showsFigures = useSignal(false);
  const [state, figures] = [camera.state.value, camera.figures.value];
  const look = cameraLook({ topic: camera.topic, state, figures }, { text, nowMs: nowMs.value, locale: locale.value });
  const hasPicture = figures.shown > 0;
  const needsAccount = state.status === "failed" && state.problem.startsWith("account-");
  return (
    <li
      ref={element}
      class={classes(css["tile"], look.mark && css["stale"], !hasPicture && css["bare"])}
      aria-label={camera.name}
      style={{ transform: `translate(${rect.x}px, ${rect.y}px)`, width: `${rect.width}px`, height: `${rect.height}px` }}
    >
      <Picture camera={camera} />
      {look.message && (
        <div class={css["message"]}>
          <p role="status">{look.message}</p>
          {needsAccount && <Button onClick={onAccount}>{text.enterAccount}</Button>}
        </div>
      )}
      <div class={css["corner"]}>{hasPicture && <Rate figures={figures} all={showsFigures.value} />}</div>
      {look.mark && <p class={css["mark"]}>{look.mark}</p>}
      <div class={css["chip"]}>
        <NameChip name={camera.name} muted={false} />
      </div>
      <div class={css["actions"]}>
        {hasPicture && (
          <>
            <Action
              icon={ChartNoAxesColumn}
              label={text.ofCamera(text.figures, camera.topic)}
              pressed={showsFigures.value}
              onClick={() => {
                showsFigures.value = !showsFigures.value;
              }}
            />
            <Action
              icon={Download}
              label={text.ofCamera(text.snapshot, camera.topic)}
              onClick={() => void save(camera)}
            />
            <Action
              icon={Maximize}
              label={text.ofCamera(text.fullScreen, camera.topic)}
              onClick={() => toggleFullScreen(element.current)}
            />
          </>
        )}
        <Action icon={X} label={text.ofCamera(text.remove, camera.topic)} onClick={onRemove} />
      </div>
    </li>
  );
}

/** The canvas on which the camera's worker draws. */
function Picture({ camera }: { readonly camera: CameraTopic }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (canvas.current) camera.attach(canvas.current);
  }, [camera]);
  return <canvas ref={canvas} class={css["picture"]} />;
}

/** The frame rate; on demand, all that was counted. */
function Rate({ figures, all }: { readonly figures: CameraTopicFigures; readonly all: boolean }) {
  const { statistics, cameras } = useText();
  const rate = figures.frameRate === undefined ? "–" : figures.frameRate.toFixed(figures.frameRate < 9.95 ? 1 : 0);
  return (
    <div class={css["figures"]}>
      <strong>{rate}</strong> {statistics.fps}
      {all && (
        <dl>
          {rows(figures, { statistics, cameras }).map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}

function rows(
  { size, bitrateBps, shown, skipped, notPictures, damaged }: CameraTopicFigures,
  { statistics, cameras }: Pick<Dictionary, "statistics" | "cameras">,
): readonly (readonly [string, string])[] {
  return [
    [statistics.size, size === undefined ? "–" : `${size.widthPx}×${size.heightPx}`],
    [statistics.rate, (bitrateBps / 1_000).toFixed(0)],
    [cameras.shown, `${shown}`],
    [cameras.skipped, `${skipped}`],
    [cameras.notPictures, `${notPictures}`],
    [cameras.damaged, `${damaged}`],
  ];
}

function Action(props: {
  readonly icon: IconNode;
  readonly label: string;
  readonly pressed?: boolean;
  readonly onClick: () => void;
}) {
  const { icon, label, pressed, onClick } = props;
  return (
    <button type="button" aria-label={label} title={label} aria-pressed={pressed} onClick={onClick}>
      <Icon node={icon} size={18} />
    </button>
  );
}

async function save(camera: CameraTopic): Promise<void> {
  const jpeg = await camera.snapshot();
  if (jpeg) saveFile(jpeg, fileName(camera.topic, { at: new Date(), extension: "jpg" }));
}

function toggleFullScreen(element: HTMLElement | null): void {
  const done = document.fullscreenElement ? document.exitFullscreen() : element?.requestFullscreen?.();
  // A browser may refuse, and then the picture stays as large as it is.
  done?.catch(() => undefined);
}
