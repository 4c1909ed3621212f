import { MediaError } from "../../media-error.ts";
import type { CaptureRequest } from "../capture-request.ts";
import { joinSources } from "../join-sources.ts";
import type { MediaClock } from "../media-clock.ts";
import type { MediaSource, SourceOptions } from "../media-source.ts";
import { type AvInput, openAvInput } from "./av-input.ts";
import type { AvLibrary } from "./av-library.ts";
import { openAvSource } from "./av-source.ts";

/** Opens a device, file or stream with the FFmpeg libraries. */
export async function openAvCapture(
  av: AvLibrary,
  request: CaptureRequest,
  options: SourceOptions & { readonly clock: MediaClock },
): Promise<MediaSource> {
  const { clock } = options;
  const input = await openFirst(av, request);
  const { subject } = request.inputs[0];
  if (!input.video) {
    await input.context.closeInput();
    throw new MediaError("source-unreadable", `${subject} is no video.`);
  }
  // What has an end is paced by its timestamps, even when it comes over the network.
  const live = request.live && input.durationUs === undefined;
  const source = await openAvSource(av, { ...request, input, subject, live, clock }, options);
  const microphone = await openMicrophone(av, request, options);
  return microphone ? joinSources(source, microphone) : source;
}

async function openFirst(av: AvLibrary, { inputs }: CaptureRequest): Promise<AvInput> {
  let first: unknown;
  for (const input of inputs) {
    try {
      return await openAvInput(av, input);
    } catch (error) {
      first ??= error;
      // Only a wish that the device does not know is worth another try.
      if (!(error instanceof MediaError) || error.code !== "source-unreadable") break;
    }
  }
  throw first;
}

/** Undefined where there is none: a camera without sound is a camera. */
async function openMicrophone(
  av: AvLibrary,
  request: CaptureRequest,
  options: SourceOptions & { readonly clock: MediaClock },
): Promise<MediaSource | undefined> {
  if (!request.microphone || options.audio !== true) return undefined;
  const { subject } = request.microphone;
  try {
    const input = { ...(await openAvInput(av, request.microphone)), video: undefined };
    return await openAvSource(av, { ...request, input, subject, live: true, clock: options.clock }, options);
  } catch (error) {
    if (error instanceof MediaError) return undefined;
    throw error;
  }
}
