import { MediaError } from "../media-error.ts";
import { avBackend } from "./av/av-backend.ts";
import { loadAvLibrary } from "./av/av-library.ts";
import type { NodeBackend } from "./node-backend.ts";

/**
 * The codecs of this machine: the optional package node-av, else the system's ffmpeg. Rejects with "backend-missing"
 * where there is neither.
 */
export async function openNodeBackend(options: { readonly prefer?: NodeBackend["name"] } = {}): Promise<NodeBackend> {
  const av = options.prefer === "ffmpeg" ? undefined : await loadAvLibrary();
  if (av) return avBackend(av);
  throw new MediaError("backend-missing", "Install the package node-av or the program ffmpeg: there is no codec here.");
}
