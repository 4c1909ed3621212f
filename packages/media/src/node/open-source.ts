import { MediaError } from "../media-error.ts";
import { loadAvLibrary } from "./av/av-library.ts";
import { openAvCapture } from "./av/open-av-capture.ts";
import { captureRequest } from "./capture-request.ts";
import { findFfmpeg } from "./ffmpeg/ffmpeg-backend.ts";
import { openFfmpegCapture } from "./ffmpeg/ffmpeg-source.ts";
import { type MediaClock, SYSTEM_CLOCK } from "./media-clock.ts";
import type { MediaSource, SourceOptions } from "./media-source.ts";
import type { NodeBackend } from "./node-backend.ts";
import { parseSourceSpec } from "./source-spec.ts";

/** What {@link openSource} takes beside the source. */
export interface OpenSourceOptions extends SourceOptions {
  /** Left out: node-av where it is installed. */
  readonly prefer?: NodeBackend["name"];
  /** Left out: the clock of this process. */
  readonly clock?: MediaClock;
}

/**
 * Opens `camera[:N|:PATH]`, `screen`, `test`, a file or a URL. Rejects with a `MediaError` whose sentence says what is
 * the matter.
 */
export async function openSource(spec: string, options: OpenSourceOptions): Promise<MediaSource> {
  options.signal?.throwIfAborted();
  const request = captureRequest(parseSourceSpec(spec), options, { platform: process.platform, env: process.env });
  const clock = options.clock ?? SYSTEM_CLOCK;
  const av = options.prefer === "ffmpeg" ? undefined : await loadAvLibrary();
  if (av) return openAvCapture(av, request, { ...options, clock });
  if (await findFfmpeg()) return openFfmpegCapture(request, { ...options, clock });
  throw new MediaError("backend-missing", "Install the package node-av or the program ffmpeg: there is no codec here.");
}
