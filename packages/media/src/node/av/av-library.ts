import type * as AvConstants from "node-av/constants";
import type * as AvLib from "node-av/lib";

/** The FFmpeg libraries inside this process. */
export interface AvLibrary {
  readonly lib: typeof AvLib;
  readonly constants: typeof AvConstants;
}

/** The optional package node-av, or undefined where it is not installed or does not load (e.g. on musl). */
export async function loadAvLibrary(): Promise<AvLibrary | undefined> {
  // SVT-AV1 reads this once and prints a banner on stderr without it.
  process.env["SVT_LOG"] ??= "1";
  try {
    const [lib, constants] = await Promise.all([import("node-av/lib"), import("node-av/constants")]);
    lib.Log.setLevel(constants.AV_LOG_QUIET);
    return { lib, constants };
  } catch {
    return undefined;
  }
}
