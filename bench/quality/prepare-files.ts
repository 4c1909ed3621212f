import { statSync } from "node:fs";
import { join } from "node:path";
import { CLIP_FPS, fakeDevices, ffmpeg, made, REAL_CLIP } from "../../test/support/clips.ts";
import { projectRoot } from "../../test/support/project-root.ts";
import { buildPage } from "../support/serve-page.ts";
import type { RawClip } from "./reference-pictures.ts";

/** What every contender's pages are given. */
export interface BenchFiles {
  readonly clip: RawClip;
  readonly fps: number;
  /** A WAV file that beeps once a second. */
  readonly sound: string;
  readonly beepHz: number;
  /** The built page. */
  readonly output: string;
}

/** What is sent. */
export interface ClipShape {
  readonly widthPx: number;
  readonly heightPx: number;
  /** The clip's own rate, or a part of it. */
  readonly fps: number;
}

/** So much of the clip is played over and over. */
const CLIP_SECONDS = 8;
/** As of a camera in a room, so that the bits that a line carries make a difference: without, 160 kbit/s are enough for all of it. */
const NOISE = 8;
const BEEP_HZ = 5000;
const SOUND_SIZE = { widthPx: 640, heightPx: 360 };

/** What the microphone of somebody hears who listens: noise of 80 dB below full scale. A WAV file. */
export async function quietRoom(): Promise<string> {
  const source = "anoisesrc=r=48000:a=0.0005:c=pink:s=1:d=10";
  return await made("quiet-room.wav", (path) =>
    ffmpeg(["-f", "lavfi", "-i", source, "-ac", "1", "-c:a", "pcm_s16le", "-f", "wav", path]),
  );
}

/** Makes the clip and the sound where they are not there yet, and builds the page. */
export async function prepareFiles({ widthPx, heightPx, fps }: ClipShape): Promise<BenchFiles> {
  const frames = CLIP_SECONDS * fps;
  const filter = `fps=${fps},scale=${widthPx}:${heightPx},noise=alls=${NOISE}:allf=t`;
  const rate = fps === CLIP_FPS ? "" : `-${fps}-fps`;
  const path = await made(`pictures-${frames}-${heightPx}${rate}-noise-${NOISE}.yuv`, (file) =>
    ffmpeg(
      ["-i", REAL_CLIP, "-frames:v", String(frames), "-vf", filter, "-f", "rawvideo", "-pix_fmt", "yuv420p"].concat(
        file,
      ),
    ),
  );
  const pictures = Math.floor(statSync(path).size / ((widthPx * heightPx * 3) / 2));
  const { microphone } = await fakeDevices({ ...SOUND_SIZE, seconds: 30, beepHz: BEEP_HZ });
  const output = join(projectRoot, "node_modules", ".cache", "mqtt-meet", "quality-page");
  await buildPage({ folder: join(import.meta.dirname, "page"), output });
  return { clip: { path, frames: pictures, widthPx, heightPx }, fps, sound: microphone, beepHz: BEEP_HZ, output };
}
