import { readFileSync } from "node:fs";
import { loadAvLibrary } from "./av/av-library.ts";
import { videoDevices } from "./capture-request.ts";

/** One device: what `--source` calls it, and its name for people. */
export interface ListedDevice {
  readonly id: string;
  readonly label: string;
}

/** What can be captured here. */
export interface DeviceList {
  readonly cameras: readonly ListedDevice[];
  readonly microphones: readonly ListedDevice[];
  readonly screens: readonly ListedDevice[];
}

/** Looks for cameras, microphones and screens. A kind that cannot be looked for is empty. */
export async function listDevices(options: { readonly env: NodeJS.ProcessEnv }): Promise<DeviceList> {
  return process.platform === "linux" ? linuxDevices(options.env) : otherDevices();
}

function linuxDevices(env: NodeJS.ProcessEnv): DeviceList {
  const cameras = videoDevices().map((path) => {
    const name = readText(`/sys/class/video4linux/${path.slice("/dev/".length)}/name`);
    return { id: `camera:${path}`, label: name ?? path };
  });
  const display = env["DISPLAY"] ?? env["WAYLAND_DISPLAY"];
  return {
    cameras,
    microphones: linuxMicrophones(),
    screens: display ? [{ id: "screen", label: display }] : [],
  };
}

/** ALSA's capture devices: lines like `00-00: ALC257 Analog : ALC257 Analog : playback 1 : capture 1`. */
function linuxMicrophones(): readonly ListedDevice[] {
  const lines = readText("/proc/asound/pcm")?.split("\n") ?? [];
  return lines.flatMap((line) => {
    const match = /^(\d+)-(\d+): ([^:]+?) :.*capture/.exec(line);
    return match ? [{ id: `hw:${Number(match[1])},${Number(match[2])}`, label: match[3] ?? "" }] : [];
  });
}

async function otherDevices(): Promise<DeviceList> {
  const av = await loadAvLibrary();
  const devices = (await av?.lib.Device.list().catch(() => [])) ?? [];
  const of = (type: "video" | "audio" | "screen") =>
    devices.filter((device) => device.type === type).map(({ name, description }) => ({ id: name, label: description }));
  return {
    cameras: of("video").map(({ id, label }) => ({ id: `camera:${id}`, label })),
    microphones: of("audio"),
    screens: of("screen").map(({ label }) => ({ id: "screen", label })),
  };
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return undefined;
  }
}
