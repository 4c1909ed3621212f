import {
  Activity,
  Captions,
  CircleDot,
  Eye,
  EyeOff,
  Grid2x2,
  Hand,
  Keyboard,
  Link,
  ListChecks,
  Maximize,
  MonitorUp,
  PictureInPicture2,
  Settings as SettingsIcon,
  Shrink,
  UserRound,
  Users,
} from "lucide";
import type { MenuItem, MenuSection } from "../components/menu.tsx";
import type { Dictionary } from "../language/en.ts";
import type { Meeting } from "../room/meeting.ts";
import { Recording } from "../room/recording.ts";
import type { Settings } from "../settings.ts";
import { endItems } from "./host-actions.tsx";
import type { MeetingCommands } from "./meeting-commands.ts";
import { reactionSection } from "./reactions.tsx";

/** The menu behind the three dots. What the bar has no room for on a phone is here too. */
export function moreSections(
  meeting: Meeting,
  options: {
    readonly commands: MeetingCommands;
    readonly settings: Settings;
    readonly text: Dictionary;
    /** Opens or closes a small window above all others; undefined where there are none. */
    readonly onFloat: (() => void) | undefined;
    /** The host has ended the meeting. */
    readonly onEnded: () => void;
  },
): readonly MenuSection[] {
  const { commands, text } = options;
  const words = text.meeting;
  const sections: MenuSection[] = [
    {
      items: [
        ...(meeting.room.rights.invite
          ? [{ icon: Link, label: words.invite, onChoose: () => meeting.openPanel("invite") }]
          : []),
        { icon: ListChecks, label: text.polls.title, onChoose: () => meeting.openPanel("polls") },
        viewItem(meeting, options),
        ...ownItems(meeting, text),
        captionItem(meeting, text),
        ...recordItems(meeting, text),
        { icon: Activity, label: words.statistics, keyHint: "D", onChoose: commands.statistics },
        { icon: Maximize, label: words.fullScreen, keyHint: "F", onChoose: commands["full-screen"] },
        ...(options.onFloat ? [{ icon: PictureInPicture2, label: words.float, onChoose: options.onFloat }] : []),
      ],
    },
    {
      items: [
        { icon: SettingsIcon, label: words.settings, onChoose: () => meeting.openPanel("settings") },
        { icon: Keyboard, label: words.keys, keyHint: "?", onChoose: commands.keys },
      ],
    },
  ];
  const end = endItems(meeting, options);
  const ending: readonly MenuSection[] = end.length > 0 ? [{ items: end }] : [];
  if (!isCramped()) return [...sections, ...ending];
  // A phone shows the upper half of all this: what a host must find there is in it.
  return [reactionSection(meeting, text), { items: crampedItems(meeting, options) }, ...ending, ...sections];
}

function viewItem(
  meeting: Meeting,
  { commands, text: { stage } }: { readonly commands: MeetingCommands; readonly text: Dictionary },
): MenuItem {
  const isGrid = meeting.stage.view.peek() === "grid";
  const look = isGrid ? { icon: UserRound, label: stage.speakerView } : { icon: Grid2x2, label: stage.gridView };
  return { ...look, keyHint: "V", onChoose: commands.view };
}

/** Our own picture can be small, away, or wherever the page puts it. */
function ownItems({ stage }: Meeting, { meeting: words, stage: text }: Dictionary): MenuItem[] {
  const { ownPicture } = stage;
  const choose = (choice: "auto" | "small" | "hidden") => () => {
    ownPicture.value = choice;
  };
  if (ownPicture.peek() !== "auto") return [{ icon: Eye, label: words.showSelf, onChoose: choose("auto") }];
  return [
    { icon: Shrink, label: text.smallSelf, onChoose: choose("small") },
    { icon: EyeOff, label: words.hideSelf, onChoose: choose("hidden") },
  ];
}

function captionItem({ captions }: Meeting, { captions: words }: Dictionary): MenuItem {
  const isWanted = captions.wanted.peek();
  return { icon: Captions, label: isWanted ? words.hide : words.show, onChoose: () => captions.setWanted(!isWanted) };
}

function recordItems({ recording }: Meeting, { recording: words }: Dictionary): MenuItem[] {
  if (!Recording.possible) return [];
  const label = recording.status.peek() === "off" ? words.start : words.stop;
  return [{ icon: CircleDot, label, onChoose: () => recording.toggle() }];
}

function crampedItems(
  meeting: Meeting,
  { commands, text: { meeting: words } }: { readonly commands: MeetingCommands; readonly text: Dictionary },
): MenuItem[] {
  const people = { icon: Users, label: words.people, onChoose: commands.people };
  const isSharing = meeting.screen.status.peek() === "on";
  const share = { icon: MonitorUp, label: isSharing ? words.stopSharing : words.share, onChoose: commands.share };
  const handLabel = meeting.handRaised ? words.lowerHand : words.raiseHand;
  const hand = { icon: Hand, label: handLabel, onChoose: commands.hand };
  return meeting.canShare ? [people, hand, share] : [people, hand];
}

/** The same sizes at which the bar leaves buttons out. */
function isCramped(): boolean {
  return matchMedia("(max-width: 720px) and (orientation: portrait), (max-height: 500px) and (orientation: landscape)")
    .matches;
}
