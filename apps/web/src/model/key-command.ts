/** What a key does in a meeting. */
export type KeyCommand =
  | "microphone"
  | "camera"
  | "share"
  | "chat"
  | "people"
  | "react"
  | "hand"
  | "view"
  | "next-page"
  | "previous-page"
  | "statistics"
  | "full-screen"
  | "keys";

/** In the order in which they are explained. */
export const KEYS: readonly { readonly key: string; readonly command: KeyCommand }[] = [
  { key: "M", command: "microphone" },
  { key: "E", command: "camera" },
  { key: "S", command: "share" },
  { key: "C", command: "chat" },
  { key: "P", command: "people" },
  { key: "R", command: "react" },
  { key: "H", command: "hand" },
  { key: "V", command: "view" },
  { key: "PageDown", command: "next-page" },
  { key: "PageUp", command: "previous-page" },
  { key: "D", command: "statistics" },
  { key: "F", command: "full-screen" },
  { key: "?", command: "keys" },
];

/** The parts of a keyboard event that matter. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly repeat: boolean;
  readonly isComposing: boolean;
  /** Whether the focus is where letters are typed or chosen. */
  readonly typing: boolean;
}

/** The command of a key press; undefined while somebody types, and with a modifier, which belongs to the browser. */
export function keyCommand(press: KeyPress): KeyCommand | undefined {
  if (!isOurs(press)) return undefined;
  const key = press.key.toUpperCase();
  return KEYS.find((entry) => entry.key.toUpperCase() === key)?.command;
}

/** The place of the tile that a digit pins, from 1; undefined for every other key press. */
export function pinPlace(press: KeyPress): number | undefined {
  return isOurs(press) && /^[1-9]$/.test(press.key) ? Number(press.key) : undefined;
}

/** Whether the key press means push-to-talk. */
export function isTalkKey(press: Omit<KeyPress, "repeat">): boolean {
  return press.key === " " && isOurs({ ...press, repeat: false });
}

function isOurs(press: KeyPress): boolean {
  if (press.typing || press.repeat || press.isComposing) return false;
  return !(press.ctrlKey || press.altKey || press.metaKey);
}
