import {
  Activity,
  Camera,
  Ellipsis,
  EyeOff,
  Fullscreen,
  PictureInPicture2,
  Pin,
  PinOff,
  Scaling,
  Shrink,
  Volume2,
  VolumeX,
} from "lucide";
import type { RefObject } from "preact";
import { useApp, useText } from "../app-context.ts";
import type { App } from "../app-state.ts";
import { Icon } from "../components/icon.tsx";
import { MenuButton, type MenuItem, type MenuSection } from "../components/menu.tsx";
import type { Dictionary } from "../language/en.ts";
import { fileName } from "../model/file-name.ts";
import type { StageTile } from "../model/stage-tiles.ts";
import type { Meeting } from "../room/meeting.ts";
import { hostItems } from "./host-actions.tsx";
import { saveSnapshot } from "./save-snapshot.ts";
import css from "./tile.module.css";
import { useShownWhole } from "./tile-picture.tsx";

interface TileMenuProps {
  readonly tile: StageTile;
  /** As it stands on the tile. */
  readonly name: string;
  readonly meeting: Meeting;
  readonly element: RefObject<HTMLElement | null>;
}

/** What can be done with one tile. */
export function TileMenu(props: TileMenuProps) {
  const { tile, name, meeting } = props;
  const app = useApp();
  const text = useText();
  const isWhole = useShownWhole(tile, meeting);
  const sections = () => tileSections(props, { app, text, isWhole });
  return (
    <MenuButton class={css["menu"]} label={text.meeting.openMenu(name)} tip={false} sections={sections}>
      <Icon node={Ellipsis} size={18} />
    </MenuButton>
  );
}

function tileSections(
  { tile, name, meeting, element }: TileMenuProps,
  { app, text, isWhole }: { app: App; text: Dictionary; isWhole: boolean },
): readonly MenuSection[] {
  const words = text.stage;
  const { stage } = meeting;
  const isPinned = stage.pinned.peek() === tile.id;
  const items: MenuItem[] = [
    {
      icon: isPinned ? PinOff : Pin,
      label: isPinned ? words.unpin : words.pin,
      onChoose: () => stage.togglePin(tile.id),
    },
  ];
  if (tile.kind !== "screen") {
    items.push({ icon: Scaling, label: isWhole ? words.crop : words.whole, onChoose: () => stage.toggleFit(tile.id) });
  }
  items.push({ icon: Fullscreen, label: words.fullScreen, onChoose: () => void showFullScreen(element.current) });
  if (tile.video && document.pictureInPictureEnabled) {
    items.push({ icon: PictureInPicture2, label: words.float, onChoose: () => void float(element.current) });
  }
  if (tile.video || (tile.own && meeting.camera.track.peek())) {
    items.push({ icon: Camera, label: words.snapshot, onChoose: () => void save(element.current, name) });
  }
  const toggleStatistics = () => {
    meeting.showStatistics.value = !meeting.showStatistics.peek();
  };
  const rest: MenuItem[] = tile.own ? ownItems(meeting, text) : voiceItems({ tile, meeting }, text);
  rest.push({ icon: Activity, label: text.meeting.tileStatistics, keyHint: "D", onChoose: toggleStatistics });
  const asked = hostItems(tile.peer, { app, meeting }, text);
  return [{ items }, { items: rest }, { items: asked }].filter((section) => section.items.length > 0);
}

function voiceItems({ tile, meeting }: Pick<TileMenuProps, "tile" | "meeting">, text: Dictionary): MenuItem[] {
  if (tile.microphone === undefined) return [];
  const isSilent = meeting.volumes.of(tile.peer) === 0;
  return [
    {
      icon: isSilent ? Volume2 : VolumeX,
      label: isSilent ? text.stage.hear : text.stage.silence,
      onChoose: () => meeting.volumes.toggle(tile.peer),
    },
  ];
}

function ownItems({ stage }: Meeting, text: Dictionary): MenuItem[] {
  const choose = (choice: "small" | "hidden") => () => {
    stage.ownPicture.value = choice;
  };
  return [
    { icon: Shrink, label: text.stage.smallSelf, onChoose: choose("small") },
    { icon: EyeOff, label: text.meeting.hideSelf, onChoose: choose("hidden") },
  ];
}

async function showFullScreen(element: HTMLElement | null): Promise<void> {
  try {
    if (document.fullscreenElement) await document.exitFullscreen();
    else await element?.requestFullscreen();
  } catch {
    // Not every browser and frame allows it.
  }
}

async function save(element: HTMLElement | null, name: string): Promise<void> {
  await saveSnapshot(element?.querySelector("video"), fileName(name, { at: new Date(), extension: "png" }));
}

/** The picture in a small window above all others. */
async function float(element: HTMLElement | null): Promise<void> {
  try {
    if (document.pictureInPictureElement) await document.exitPictureInPicture();
    else await element?.querySelector("video")?.requestPictureInPicture();
  } catch {
    // Before the first picture there is nothing to float.
  }
}
