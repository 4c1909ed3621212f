import { type Browser, chromium as browserType } from "playwright";
import { chromium } from "./requirements.ts";

/** What every Chromium of the tests gets: nothing that phones home, sound without a click, cameras without a question. */
export const CHROMIUM_ARGUMENTS: readonly string[] = [
  "--no-sandbox", // the tests of a container run as root
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--autoplay-policy=no-user-gesture-required",
  "--use-fake-ui-for-media-stream",
];

/** What a Chromium is to have. */
export interface LaunchOptions {
  /** Files that are its camera and its microphone; without it, both are made up. "real": what the machine has, in `env`. */
  readonly devices?: { readonly camera: string; readonly microphone: string } | "real";
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** A headless Chromium of its own. */
export async function launchChromium({ devices, args = [], env }: LaunchOptions = {}): Promise<Browser> {
  return await browserType.launch({
    ...(chromium ? { executablePath: chromium } : {}),
    ...(env ? { env: { ...process.env, ...env } } : {}),
    ignoreDefaultArgs: ["--mute-audio"],
    args: [...CHROMIUM_ARGUMENTS, ...deviceArguments(devices), ...args],
  });
}

function deviceArguments(devices: LaunchOptions["devices"]): readonly string[] {
  if (devices === "real") return [];
  const fake = "--use-fake-device-for-media-stream";
  if (devices === undefined) return [fake];
  const { camera, microphone } = devices;
  return [fake, `--use-file-for-fake-video-capture=${camera}`, `--use-file-for-fake-audio-capture=${microphone}`];
}
