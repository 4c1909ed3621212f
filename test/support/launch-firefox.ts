import puppeteer, { type Browser } from "puppeteer-core";
import { firefox } from "./requirements.ts";

/** A machine that others share may stand still for minutes. */
const PATIENCE_MS = 300_000;

/** Cameras and microphones that are made up, without a question; sound without a click; nothing that phones home. */
const PREFERENCES = {
  "media.navigator.streams.fake": true,
  "media.navigator.permission.disabled": true,
  "media.autoplay.default": 0,
  "media.autoplay.blocking_policy": 0,
  "media.navigator.video.default_fps": 5, // a busy machine encodes all of that
  // A mouse that can hover, as where people sit: headless, it has none.
  "ui.primaryPointerCapabilities": 6,
  "ui.allPointerCapabilities": 6,
  "intl.accept_languages": "en-GB",
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
} as const;

/** A headless Firefox of its own, driven over WebDriver BiDi. Without a loudspeaker in `env` it may have none. */
export async function launchFirefox(
  options: {
    readonly env?: NodeJS.ProcessEnv;
    readonly preferences?: Readonly<Record<string, boolean | number | string>>;
  } = {},
): Promise<Browser> {
  return await puppeteer.launch({
    browser: "firefox",
    executablePath: firefox ?? "firefox",
    headless: true,
    timeout: PATIENCE_MS,
    protocolTimeout: PATIENCE_MS,
    defaultViewport: { width: 1280, height: 720 },
    env: { ...process.env, ...options.env },
    extraPrefsFirefox: { ...PREFERENCES, ...options.preferences },
  });
}
