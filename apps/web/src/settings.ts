import type { Reception } from "@mqtt-meet/sdk/browser";
import { type ReadonlySignal, signal } from "@preact/signals";
import { BACKGROUND_CHOICES, type BackgroundChoice } from "./background/background-choice.ts";
import type { Language } from "./language/choose-language.ts";
import { NOISE_CHOICES, type NoiseChoice } from "./noise/noise-choice.ts";

/** What this browser remembers of its user; nothing of it is secret. */
export interface SettingValues {
  readonly name: string;
  readonly language: Language | "auto";
  readonly theme: "auto" | "light" | "dark";
  /** Device ids; "" is the system's choice. */
  readonly cameraId: string;
  readonly microphoneId: string;
  readonly speakerId: string;
  readonly cameraOn: boolean;
  readonly microphoneOn: boolean;
  /** Small figures on every picture. */
  readonly showFrameRate: boolean;
  /** Faces fill their tiles, and a little of the picture's edges is cut away. */
  readonly cropFaces: boolean;
  /** What stands behind us in what the camera sends. */
  readonly background: BackgroundChoice;
  /** A picture for it is kept in this browser. */
  readonly hasOwnPicture: boolean;
  /** Who takes noise out of the microphone; music wants nobody to. */
  readonly noise: NoiseChoice;
  /** A message is heard when the chat is not open. */
  readonly chatSound: boolean;
  /** Single keys do something in a meeting. */
  readonly keysOn: boolean;
  /** What is let in of the others' pictures. */
  readonly reception: Reception;
}

/** The part of `Storage` that is used. */
export interface SmallStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

const KEY = "mqtt-meet.settings";
const DEFAULTS: SettingValues = {
  name: "",
  language: "auto",
  theme: "auto",
  cameraId: "",
  microphoneId: "",
  speakerId: "",
  cameraOn: true,
  microphoneOn: true,
  showFrameRate: true,
  cropFaces: true,
  background: "none",
  hasOwnPicture: false,
  noise: "browser",
  chatSound: true,
  keysOn: true,
  reception: "automatic",
};
const CHOICES: Readonly<Record<string, readonly unknown[]>> = {
  language: ["auto", "en", "zh"],
  theme: ["auto", "light", "dark"],
  background: BACKGROUND_CHOICES,
  noise: NOISE_CHOICES,
  reception: ["automatic", "saving", "sound-only"],
};

/** Settings that outlive the page, where the browser lets it remember anything. */
export class Settings {
  readonly #storage: SmallStorage | undefined;
  readonly #values;
  readonly values: ReadonlySignal<SettingValues>;

  /** `given` stands in the place of what is remembered. */
  constructor(storage: SmallStorage | undefined, given: Partial<SettingValues> = {}) {
    this.#storage = storage;
    this.#values = signal({ ...readSettings(readText(storage, KEY)), ...given });
    this.values = this.#values;
  }

  update(part: Partial<SettingValues>): void {
    this.#values.value = { ...this.#values.peek(), ...part };
    writeText(this.#storage, { key: KEY, text: JSON.stringify(this.#values.peek()) });
  }
}

/** Takes over what has the right type; the rest is as on the first day. */
export function readSettings(text: string | undefined): SettingValues {
  const stored = parseObject(text);
  const known = Object.entries(DEFAULTS).filter(([key, usual]) => {
    const value = stored[key];
    return typeof value === typeof usual && (CHOICES[key]?.includes(value) ?? true);
  });
  return { ...DEFAULTS, ...Object.fromEntries(known.map(([key]) => [key, stored[key]])) };
}

function parseObject(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? "{}");
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** Undefined when there is nothing, or the browser refuses. */
export function readText(storage: SmallStorage | undefined, key: string): string | undefined {
  try {
    return storage?.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

/** A full or forbidden storage forgets; the page works on. */
export function writeText(storage: SmallStorage | undefined, entry: { key: string; text: string }): void {
  try {
    storage?.setItem(entry.key, entry.text);
  } catch {
    // Remembering is a convenience.
  }
}
