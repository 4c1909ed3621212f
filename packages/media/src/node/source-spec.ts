import { MediaError } from "../media-error.ts";

/** What `--source` names. */
export type SourceSpec =
  /** `device`: a number or a path; left out: the first one. */
  | { readonly kind: "camera"; readonly device?: string }
  | { readonly kind: "screen" }
  | { readonly kind: "test" }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "url"; readonly url: string };

const URL_SCHEMES = new Set(["rtsp", "rtsps", "rtmp", "rtmps", "http", "https", "srt", "udp"]);

/** Reads `camera[:N|:PATH]`, `screen`, `test`, a URL or the path of a file. Throws a `MediaError`. */
export function parseSourceSpec(text: string): SourceSpec {
  if (text === "camera") return { kind: "camera" };
  if (text.startsWith("camera:")) return { kind: "camera", device: text.slice("camera:".length) };
  if (text === "screen") return { kind: "screen" };
  if (text === "test") return { kind: "test" };
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return { kind: "file", path: text };
  if (URL_SCHEMES.has(scheme)) return { kind: "url", url: text };
  const known = [...URL_SCHEMES].join(", ");
  throw new MediaError("source-unreadable", `A source cannot be read over ${scheme}://, only over ${known}.`);
}
