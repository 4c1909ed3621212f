/** What a key does in a meeting. */
export type KeyCommand = "microphone" | "camera" | "share" | "chat" | "people" | "statistics" | "full-screen" | "keys";

/** In the order in which they are explained. */
export const KEYS: readonly { readonly key: string; readonly command: KeyCommand }[] = [
  { key: "M", command: "microphone" },
  { key: "E", command: "camera" },
  { key: "S", command: "share" },
  { key: "C", command: "chat" },
  { key: "P", command: "people" },
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
  if (press.typing || press.repeat || press.isComposing) return undefined;
  if (press.ctrlKey || press.altKey || press.metaKey) return undefined;
  const key = press.key.toUpperCase();
  return KEYS.find((entry) => entry.key === key)?.command;
}
