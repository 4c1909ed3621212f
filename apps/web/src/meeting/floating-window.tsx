import { signal } from "@preact/signals";
import { type IconNode, LogOut, Mic, MicOff, Video, VideoOff } from "lucide";
import { render } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { AppContext, useText } from "../app-context.ts";
import type { App } from "../app-state.ts";
import { classes } from "../components/classes.ts";
import { HeldMark } from "../components/held-mark.tsx";
import { Icon } from "../components/icon.tsx";
import { NameChip } from "../components/name-chip.tsx";
import type { Dictionary } from "../language/en.ts";
import { floatingTile } from "../model/floating-tile.ts";
import { stageTiles } from "../model/stage-tiles.ts";
import type { LocalDevice } from "../room/local-device.ts";
import type { Meeting } from "../room/meeting.ts";
import type { Visit } from "../room/visit.ts";
import css from "./floating-window.module.css";
import { isMutedByHost } from "./tile.tsx";
import { TheirPicture } from "./tile-picture.tsx";

/** Document picture-in-picture: a window of our own above all others (Chromium 116 and its relatives). */
interface FloatingWindows {
  readonly window: Window | null;
  requestWindow(size: { width: number; height: number }): Promise<Window>;
}

const SIZE = { width: 400, height: 260 };

/** Whether this browser has such windows. */
export function canFloat(): boolean {
  return windows() !== undefined;
}

/** Opens the small window, or closes it. To be called for a gesture of the user. */
export async function toggleFloatingWindow(app: App, parts: { meeting: Meeting; visit: Visit }): Promise<void> {
  const open = windows()?.window;
  if (open) {
    open.close();
    return;
  }
  try {
    const opened = await windows()?.requestWindow(SIZE);
    if (opened) fill(opened, app, parts);
  } catch {
    // Not every frame allows it; nothing is lost.
  }
}

/** The window goes with the meeting. */
export function closeFloatingWindow(): void {
  windows()?.window?.close();
}

function windows(): FloatingWindows | undefined {
  return (globalThis as { documentPictureInPicture?: FloatingWindows }).documentPictureInPicture;
}

function fill(opened: Window, app: App, { meeting, visit }: { meeting: Meeting; visit: Visit }): void {
  const { documentElement: root, head, body } = opened.document;
  for (const { name, value } of document.documentElement.attributes) root.setAttribute(name, value);
  opened.document.title = document.title;
  // The styles of the page, by address where they have one: the page's policy permits no others.
  for (const style of document.querySelectorAll("link[rel=stylesheet], style")) {
    const clone = style.cloneNode(true);
    // A whole address: the window has another base than the page.
    if (clone instanceof HTMLLinkElement && style instanceof HTMLLinkElement) clone.href = style.href;
    head.append(clone);
  }
  const view = (
    <AppContext.Provider value={app}>
      <FloatingMeeting meeting={meeting} visit={visit} host={opened} />
    </AppContext.Provider>
  );
  render(view, body);
  opened.addEventListener("pagehide", () => render(null, body), { once: true });
}

/** One place and three buttons: enough to follow a meeting beside other work. */
export function FloatingMeeting(props: { readonly meeting: Meeting; readonly visit: Visit; readonly host: Window }) {
  const { meeting, visit, host } = props;
  const { meeting: text } = useText();
  const size = useSizeOf(host);
  const { stage, room } = meeting;
  const tiles = stageTiles(stage.people.value, { undecryptable: stage.undecryptable.value });
  const tile = floatingTile(tiles, { pinned: stage.pinned.value, speaker: stage.speaker.value });
  return (
    <main class={css["window"]}>
      {tile === undefined ? (
        <p class={css["empty"]}>{text.nobodyHere}</p>
      ) : (
        <>
          <TheirPicture key={tile.id} tile={tile} rect={size} meeting={meeting} onShape={() => undefined} />
          <div class={css["chip"]}>
            <NameChip name={tile.name} muted={tile.microphone === "muted"} held={isMutedByHost(tile, meeting)} />
          </div>
        </>
      )}
      <div class={css["bar"]}>
        {room.rights.microphone && <Toggle device={meeting.microphone} door={meeting.door} />}
        {room.rights.camera && <Toggle device={meeting.camera} door={meeting.door} />}
        <button type="button" class={css["leave"]} aria-label={text.leave} onClick={() => void visit.leave()}>
          <Icon node={LogOut} />
        </button>
      </div>
    </main>
  );
}

function Toggle({ device, door }: { readonly device: LocalDevice; readonly door: Meeting["door"] }) {
  const text = useText();
  const isOn = device.state.value.status === "on";
  const isHeld = door.isHeld(device.kind);
  const { icon, wish } = lookOf(device.kind, isOn, text.devices);
  const label = isHeld ? text.rules.held[device.kind] : wish;
  return (
    <button
      type="button"
      class={classes(!isOn && css["off"])}
      aria-label={label}
      aria-disabled={isHeld ? true : undefined}
      title={label}
      onClick={() => door.refuses(device.kind) || void device.toggle()}
    >
      <Icon node={icon} />
      {isHeld && <HeldMark />}
    </button>
  );
}

function lookOf(
  kind: LocalDevice["kind"],
  isOn: boolean,
  text: Dictionary["devices"],
): { readonly icon: IconNode; readonly wish: string } {
  if (kind === "microphone") {
    return isOn ? { icon: Mic, wish: text.microphoneOff } : { icon: MicOff, wish: text.microphoneOn };
  }
  return isOn ? { icon: Video, wish: text.cameraOff } : { icon: VideoOff, wish: text.cameraOn };
}

function useSizeOf(host: Window): { readonly width: number; readonly height: number } {
  const [size] = useState(() => signal({ width: host.innerWidth, height: host.innerHeight }));
  useLayoutEffect(() => {
    const lifetime = new AbortController();
    const measure = () => {
      size.value = { width: host.innerWidth, height: host.innerHeight };
    };
    measure();
    host.addEventListener("resize", measure, { signal: lifetime.signal });
    return () => lifetime.abort();
  }, [host]);
  return size.value;
}
