import { saveFile } from "../components/save-file.ts";

/** Saves what `video` shows now as a PNG file called `name`. Resolves with false when it shows nothing yet. */
export async function saveSnapshot(video: HTMLVideoElement | null | undefined, name: string): Promise<boolean> {
  if (!video || video.videoWidth === 0 || video.videoHeight === 0) return false;
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
  const context = canvas.getContext("2d");
  if (!context) return false;
  context.drawImage(video, 0, 0);
  saveFile(await canvas.convertToBlob({ type: "image/png" }), name);
  return true;
}
