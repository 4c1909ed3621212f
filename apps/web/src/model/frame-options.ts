import type { SettingValues } from "../settings.ts";

/** What the page around a frame wants of the meeting in it. */
export interface FrameOptions {
  /** In the place of what this browser remembers. */
  readonly settings: Partial<SettingValues>;
  /** Straight in, without the lobby, where there is a name. */
  readonly joins: boolean;
}

/**
 * `#1.SECRET&name=Ada&join`: the options stand behind the link's fragment, so no server is told either. Returns the link and the
 * options.
 */
export function splitAddress(href: string): { readonly link: string; readonly options: string } {
  const fragment = href.indexOf("#");
  const end = fragment < 0 ? -1 : href.indexOf("&", fragment);
  if (end < 0) return { link: href, options: "" };
  return { link: href.slice(0, end).replace(/#$/, ""), options: href.slice(end + 1) };
}

/** Reads `name=Ada&language=zh&theme=dark&camera=off&microphone=off&join`; what it does not know says nothing. */
export function readFrameOptions(options: string): FrameOptions {
  const given = new URLSearchParams(options);
  const name = given.get("name")?.trim();
  const language = oneOf(["en", "zh"] as const, given.get("language"));
  const theme = oneOf(["light", "dark"] as const, given.get("theme"));
  const settings = {
    ...(name ? { name } : {}),
    ...(language ? { language } : {}),
    ...(theme ? { theme } : {}),
    ...(given.has("camera") ? { cameraOn: given.get("camera") !== "off" } : {}),
    ...(given.has("microphone") ? { microphoneOn: given.get("microphone") !== "off" } : {}),
  };
  return { settings, joins: given.has("join") && given.get("join") !== "off" };
}

function oneOf<T extends string>(words: readonly T[], text: string | null): T | undefined {
  return words.find((word) => word === text);
}
