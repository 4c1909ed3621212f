import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stampOf } from "../../test/support/stamp.ts";
import { temporaryFolder } from "../../test/support/temporary-folder.ts";
import { Y4mReader } from "../../test/support/y4m-reader.ts";

const SIZE = "1280x720";

/** The mean SSIM of stamped picture files against the clip's pictures of the same numbers. */
export async function likeness({ clip, pictures: pattern }: { clip: string; pictures: string }): Promise<number> {
  return await likenessOf({ clip, pictures: await picturesOf(["-pattern_type", "glob", "-i", pattern], () => true) });
}

/** The mean SSIM (ffmpeg's, over luma and chroma) of planar pictures, by number, against the clip's. */
export async function likenessOf({
  clip,
  pictures,
}: {
  clip: string;
  pictures: ReadonlyMap<number, Uint8Array>;
}): Promise<number> {
  const originals = await picturesOf(["-i", clip], (number) => pictures.has(number));
  const numbers = [...pictures.keys()].filter((number) => originals.has(number));
  using folder = temporaryFolder();
  const files = [pictures, originals].map((of, i) => {
    const file = join(folder.path, `${i}.yuv`);
    writeFileSync(file, Buffer.concat(numbers.map((number) => of.get(number) ?? new Uint8Array())));
    return ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", SIZE, "-i", file];
  });
  const { stderr } = spawnSync("ffmpeg", [...files.flat(), "-lavfi", "ssim", "-f", "null", "-"], { encoding: "utf8" });
  const all = /SSIM .*All:([\d.]+)/.exec(stderr)?.[1];
  if (all === undefined) throw new Error(`ffmpeg did not tell the SSIM of ${numbers.length} pictures: ${stderr}`);
  return Number(all);
}

/** The stamped pictures of something that ffmpeg reads, by their numbers. */
async function picturesOf(
  input: readonly string[],
  wanted: (number: number) => boolean,
): Promise<Map<number, Uint8Array>> {
  const pictures = new Map<number, Uint8Array>();
  const reader = new Y4mReader((picture) => {
    const number = stampOf(picture);
    if (number !== undefined && wanted(number)) pictures.set(number, picture.data.slice());
  });
  const args = ["-v", "error", ...input, "-an", "-pix_fmt", "yuv420p", "-f", "yuv4mpegpipe", "pipe:1"];
  const decoder = spawn("ffmpeg", args, { stdio: ["ignore", "pipe", "inherit"] });
  decoder.stdout.on("data", (chunk: Buffer) => reader.push(chunk));
  await once(decoder, "close");
  return pictures;
}
