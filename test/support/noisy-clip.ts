import { ffmpeg, made, REAL_CLIP } from "./clips.ts";

/** The real clip at 640 × 360 with the noise of a dim room, so that an encoder needs every bit that it may have. Without sound. */
export async function noisyClip(seconds: number): Promise<string> {
  return await made(`noisy-640x360-${seconds}s.mp4`, (path) =>
    ffmpeg([
      ...["-stream_loop", "-1", "-i", REAL_CLIP, "-an", "-t", String(seconds), "-r", "30"],
      ...["-vf", "scale=640:360,noise=alls=18:allf=t"],
      ...["-c:v", "libx264", "-preset", "veryfast", "-b:v", "5M", "-f", "mp4", path],
    ]),
  );
}
