import { personLook } from "../model/person-look.ts";
import { cropTo, SCENE_SIZE, type SceneTile } from "./scene.ts";

/** As on the stage at night, whatever the page's theme: a recording is watched elsewhere. */
const GROUND = "oklch(0.165 0.011 250)";
const SHADE = "oklch(0.17 0.012 250 / 0.72)";
const ON_SHADE = "oklch(0.97 0.004 250)";
const SPEAKING = "oklch(0.81 0.14 168)";
const MUTED = "oklch(0.8 0.12 25)";
const FONT = 'system-ui, "Noto Sans", "PingFang SC", "Microsoft YaHei", sans-serif';
const RADIUS = 12;
const CHIP_PX = 28;
const NAME_PX = 15;

type Context = CanvasRenderingContext2D;

/** Draws the whole picture. `videoOf` has the elements on which the tracks play. */
export function paintScene(
  context: Context,
  tiles: readonly SceneTile[],
  videoOf: (key: string) => HTMLVideoElement | undefined,
): void {
  context.fillStyle = GROUND;
  context.fillRect(0, 0, SCENE_SIZE.width, SCENE_SIZE.height);
  for (const tile of tiles) paintTile(context, tile, tile.video === undefined ? undefined : videoOf(tile.video));
}

function paintTile(context: Context, tile: SceneTile, video: HTMLVideoElement | undefined): void {
  const { x, y, width, height } = tile.rect;
  if (width < 1 || height < 1) return;
  context.save();
  context.beginPath();
  context.roundRect(x, y, width, height, RADIUS);
  context.clip();
  if (video !== undefined && video.videoWidth > 0) paintPicture(context, tile, video);
  else paintPerson(context, tile);
  paintName(context, tile);
  context.restore();
  if (tile.speaking) paintRing(context, tile);
}

function paintPicture(context: Context, { rect, isWhole }: SceneTile, video: HTMLVideoElement): void {
  const { videoWidth, videoHeight } = video;
  const { part, place } = cropTo(rect, { aspect: videoWidth / videoHeight, isWhole });
  const from = [part.x * videoWidth, part.y * videoHeight, part.width * videoWidth, part.height * videoHeight] as const;
  context.drawImage(video, ...from, place.x, place.y, place.width, place.height);
}

/** Initials on a colour. */
function paintPerson(context: Context, { name, rect }: SceneTile): void {
  const { initials, hue } = personLook(name);
  context.fillStyle = `oklch(0.315 0.05 ${hue})`;
  context.fillRect(rect.x, rect.y, rect.width, rect.height);
  context.fillStyle = `oklch(0.83 0.075 ${hue})`;
  context.font = `600 ${Math.round(Math.min(rect.width, rect.height) * 0.26)}px ${FONT}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(initials, rect.x + rect.width / 2, rect.y + rect.height / 2);
}

function paintName(context: Context, { name, rect, muted }: SceneTile): void {
  context.font = `500 ${NAME_PX}px ${FONT}`;
  context.textAlign = "left";
  context.textBaseline = "middle";
  const most = rect.width - 40;
  if (most < 30) return;
  const text = shorten(context, name, most);
  const width = context.measureText(text).width + (muted ? 36 : 20);
  const [x, y] = [rect.x + 8, rect.y + rect.height - CHIP_PX - 8];
  context.fillStyle = SHADE;
  context.beginPath();
  context.roundRect(x, y, width, CHIP_PX, CHIP_PX / 2);
  context.fill();
  context.fillStyle = ON_SHADE;
  context.fillText(text, x + 10, y + CHIP_PX / 2 + 1);
  if (!muted) return;
  context.fillStyle = MUTED;
  context.beginPath();
  context.arc(x + width - 14, y + CHIP_PX / 2, 4, 0, 2 * Math.PI);
  context.fill();
}

function paintRing(context: Context, { rect: { x, y, width, height } }: SceneTile): void {
  context.strokeStyle = SPEAKING;
  context.lineWidth = 3;
  context.beginPath();
  context.roundRect(x + 1.5, y + 1.5, width - 3, height - 3, RADIUS - 1);
  context.stroke();
}

/** As much of `text` as `mostPx` allow. */
function shorten(context: Context, text: string, mostPx: number): string {
  if (context.measureText(text).width <= mostPx) return text;
  const letters = [...text];
  while (letters.length > 1 && context.measureText(`${letters.join("")}…`).width > mostPx) letters.pop();
  return `${letters.join("")}…`;
}
