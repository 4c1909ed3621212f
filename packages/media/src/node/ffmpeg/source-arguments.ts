import type { InputRequest } from "../capture-request.ts";
import type { SourceOptions } from "../media-source.ts";

/** Pictures as y4m to standard output, sound as 32-bit stereo to descriptor 3. */
export function sourceArguments(
  input: InputRequest,
  options: SourceOptions & { readonly video: boolean; readonly audio: boolean },
): string[] {
  const format = input.format === undefined ? [] : ["-f", input.format];
  const inputOptions = Object.entries(input.options ?? {}).flatMap(([name, value]) => [`-${name}`, value]);
  const loop = options.loop ? ["-stream_loop", "-1"] : [];
  return [
    ...loop,
    ...format,
    ...inputOptions,
    ...["-i", input.url],
    ...(options.video ? videoArguments(options) : []),
    ...(options.audio ? audioArguments() : []),
  ];
}

/** Never more than the source's own frames, never larger than it is. */
function videoArguments({ widthPx, heightPx, frameRate }: SourceOptions): string[] {
  const filters = [
    `fps=fps='min(source_fps,${frameRate})':start_time=0`,
    `scale=w='min(${widthPx},iw)':h='min(${heightPx},ih)':force_original_aspect_ratio=decrease:force_divisible_by=2`,
    "format=yuv420p|yuvj420p",
  ];
  // Capital V: no covers of songs.
  return ["-map", "0:V:0", "-vf", filters.join(","), "-strict", "-1", "-f", "yuv4mpegpipe", "pipe:1"];
}

function audioArguments(): string[] {
  const filter = "aresample=48000:async=1:first_pts=0";
  return ["-map", "0:a:0", "-af", filter, "-ac", "2", "-c:a", "pcm_f32le", "-f", "f32le", "pipe:3"];
}
