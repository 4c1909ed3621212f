import type { Participant } from "@mqtt-meet/sdk";
import { fitPicture } from "../model/fit-picture.ts";
import { type StageTile, stageTiles } from "../model/stage-tiles.ts";
import { layoutStage, MOST_CROPPED, type Rect } from "../model/tile-layout.ts";

/** The picture of a recording, in pixels. */
export const SCENE_SIZE = { width: 1280, height: 720 } as const;
/** More faces on one picture are not recognised. */
const MOST_TILES = 25;
/** Around everything, in pixels. */
const MARGIN = 8;

/** One place in the picture of a recording. */
export interface SceneTile {
  readonly id: string;
  readonly name: string;
  readonly rect: Rect;
  /** What is shown there: the key of a track of somebody else, or one of our own; undefined for initials. */
  readonly video: string | undefined;
  /** Nothing of it is cut away. */
  readonly isWhole: boolean;
  readonly muted: boolean;
  readonly speaking: boolean;
}

/** Where a recording's own pictures come from. */
export const OWN_CAMERA = "own camera";
export const OWN_SCREEN = "own screen";

/** What a recording shows of a meeting at one moment. */
export interface SceneSource {
  readonly participants: readonly Participant[];
  readonly undecryptable: ReadonlySet<string>;
  readonly speaking: ReadonlySet<string>;
  /** Ourselves: what is on. */
  readonly own: {
    readonly peer: string;
    readonly name: string;
    readonly camera: boolean;
    readonly screen: boolean;
    readonly microphone: boolean;
  };
  /** The shapes of the pictures that have been seen, width by height. */
  readonly aspects: ReadonlyMap<string, number>;
}

/** Everybody in the picture, we at the end, screens large. Of very many, those who speak and then the first are shown. */
export function arrangeScene(source: SceneSource): SceneTile[] {
  const { speaking, aspects } = source;
  const everybody = [...stageTiles(source.participants, source), ...ownTiles(source.own)];
  const isHeard = (tile: StageTile) => tile.kind === "screen" || speaking.has(tile.peer);
  const ranked = [...everybody.filter(isHeard), ...everybody.filter((tile) => !isHeard(tile))].slice(0, MOST_TILES);
  const shown = everybody.filter((tile) => ranked.includes(tile));
  const shapes = shown.map((tile) => ({ aspect: aspects.get(videoOf(tile) ?? ""), featured: tile.kind === "screen" }));
  const inner = { width: SCENE_SIZE.width - 2 * MARGIN, height: SCENE_SIZE.height - 2 * MARGIN };
  const { rects } = layoutStage(shapes, inner);
  return shown.map((tile, index) => {
    const rect = rects[index] ?? { x: 0, y: 0, width: 0, height: 0 };
    return {
      id: tile.id,
      name: tile.name,
      rect: { ...rect, x: rect.x + MARGIN, y: rect.y + MARGIN },
      video: tile.trouble === undefined ? videoOf(tile) : undefined,
      isWhole: tile.kind === "screen",
      muted: tile.microphone === "muted",
      speaking: tile.kind !== "screen" && speaking.has(tile.peer),
    };
  });
}

/** The part of a picture of shape `aspect` that is shown on `rect`, in parts of the picture, and where. */
export function cropTo(
  rect: Rect,
  { aspect, isWhole }: { readonly aspect: number; readonly isWhole: boolean },
): { readonly part: Rect; readonly place: Rect } {
  const fit = fitPicture(aspect, { width: rect.width, height: rect.height, mostCropped: isWhole ? 0 : MOST_CROPPED });
  const part = { width: Math.min(1, 1 / fit.width), height: Math.min(1, 1 / fit.height) };
  const width = rect.width * Math.min(1, fit.width);
  const height = rect.height * Math.min(1, fit.height);
  return {
    part: { x: (1 - part.width) / 2, y: (1 - part.height) / 2, ...part },
    place: { x: rect.x + (rect.width - width) / 2, y: rect.y + (rect.height - height) / 2, width, height },
  };
}

function ownTiles({ peer, name, camera, screen, microphone }: SceneSource["own"]): StageTile[] {
  const base = { peer, name, video: undefined, trouble: undefined, hand: false, own: true } as const;
  const self: StageTile = {
    ...base,
    id: camera ? OWN_CAMERA : peer,
    kind: "person",
    microphone: microphone ? "on" : "muted",
  };
  return screen ? [self, { ...base, id: OWN_SCREEN, kind: "screen", microphone: undefined }] : [self];
}

function videoOf({ own, id, video }: StageTile): string | undefined {
  if (!own) return video?.key;
  return id === OWN_CAMERA || id === OWN_SCREEN ? id : undefined;
}
