import { MediaError } from "../media-error.ts";
import { avBackend } from "./av/av-backend.ts";
import { loadAvLibrary } from "./av/av-library.ts";
import { ffmpegBackend, findFfmpeg } from "./ffmpeg/ffmpeg-backend.ts";
import type { NodeBackend } from "./node-backend.ts";

/**
 * The codecs of this machine: the optional package node-av, else the program ffmpeg of the system; the other way round
 * with `prefer: "ffmpeg"`. Rejects with "backend-missing" where there is neither.
 */
export async function openNodeBackend(options: { readonly prefer?: NodeBackend["name"] } = {}): Promise<NodeBackend> {
  const openers = [openAv, openFfmpeg];
  if (options.prefer === "ffmpeg") openers.reverse();
  for (const open of openers) {
    const backend = await open();
    if (backend) return backend;
  }
  throw new MediaError("backend-missing", "Install the package node-av or the program ffmpeg: there is no codec here.");
}

async function openAv(): Promise<NodeBackend | undefined> {
  const av = await loadAvLibrary();
  return av && avBackend(av);
}

async function openFfmpeg(): Promise<NodeBackend | undefined> {
  const program = await findFfmpeg();
  return program && ffmpegBackend(program);
}
