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

/** A headless Chromium of its own. With `devices`, its camera and microphone are these files. */
export async function launchChromium(
  options: { devices?: { camera: string; microphone: string }; args?: readonly string[] } = {},
): Promise<Browser> {
  const { devices, args = [] } = options;
  const fake = devices
    ? [`--use-file-for-fake-video-capture=${devices.camera}`, `--use-file-for-fake-audio-capture=${devices.microphone}`]
    : [];
  return await browserType.launch({
    ...(chromium ? { executablePath: chromium } : {}),
    ignoreDefaultArgs: ["--mute-audio"],
    args: [...CHROMIUM_ARGUMENTS, "--use-fake-device-for-media-stream", ...fake, ...args],
  });
}
