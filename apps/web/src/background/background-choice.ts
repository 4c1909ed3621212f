/** What stands behind a person; `own` is a picture of theirs, the three before it are drawn by the page. */
export const BACKGROUND_CHOICES = ["none", "blur", "hills", "sea", "wall", "own"] as const;
export type BackgroundChoice = (typeof BACKGROUND_CHOICES)[number];

/** What the page draws by itself. */
export type DrawnScene = Extract<BackgroundChoice, "hills" | "sea" | "wall">;

/** Whether this browser has what it takes: pictures of a camera one by one, and a track to make of them. */
export function canReplaceBackground(): boolean {
  const needed = ["MediaStreamTrackProcessor", "MediaStreamTrackGenerator", "OffscreenCanvas", "VideoFrame"];
  return needed.every((name) => name in globalThis);
}
