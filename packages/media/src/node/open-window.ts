import { existsSync } from "node:fs";
import { MediaError } from "../media-error.ts";
import { openFfplayWindow } from "./ffplay-window.ts";
import type { PictureWindow, PictureWindowOptions } from "./picture-window.ts";
import { loadSdlLibrary } from "./sdl/sdl-library.ts";
import { openSdlSpeaker, type Speaker } from "./sdl/sdl-speaker.ts";
import { openSdlWindow } from "./sdl/sdl-window.ts";

/** Whether this process has a screen to open windows on. */
export function hasDisplay(env: NodeJS.ProcessEnv): boolean {
  if (process.platform === "darwin" || process.platform === "win32") return true;
  return Boolean(env["DISPLAY"] || env["WAYLAND_DISPLAY"]);
}

/** Opens a window: of SDL, or of ffplay where there is no SDL. Rejects with `MediaError` where there is no display. */
export async function openWindow(
  options: PictureWindowOptions & { readonly env: NodeJS.ProcessEnv },
): Promise<PictureWindow> {
  if (!hasDisplay(options.env)) {
    throw new MediaError("device-missing", "No window can be opened: there is no display (DISPLAY is not set).");
  }
  const sdl = await loadSdlLibrary();
  if (sdl) return openSdlWindow(sdl, options);
  return new Promise((resolve, reject) => {
    const onMissing = () => {
      reject(new MediaError("backend-missing", "No window can be opened: install SDL 2 (libsdl2-2.0-0) or ffplay."));
    };
    const window = openFfplayWindow({ ...options, onMissing });
    // A program that is not there is told in the next turn.
    setImmediate(() => resolve(window));
  });
}

/** Opens the default speaker, or returns undefined where there is none. */
export async function openSpeaker(options: { readonly env: NodeJS.ProcessEnv }): Promise<Speaker | undefined> {
  if (!hasSoundSystem(options.env)) return undefined;
  const sdl = await loadSdlLibrary();
  if (!sdl) return undefined;
  try {
    return openSdlSpeaker(sdl);
  } catch (error) {
    if (error instanceof MediaError) return undefined;
    throw error;
  }
}

/** Asked first, because ALSA writes half a page to standard error where there is no device. */
function hasSoundSystem(env: NodeJS.ProcessEnv): boolean {
  if (process.platform !== "linux" || env["SDL_AUDIODRIVER"] || env["PULSE_SERVER"]) return true;
  const runtime = env["XDG_RUNTIME_DIR"] ?? "/nonexistent";
  return ["/dev/snd", "/dev/dsp", `${runtime}/pulse/native`, `${runtime}/pipewire-0`].some((path) => existsSync(path));
}
