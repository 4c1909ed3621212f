import { readFile, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { getMimeType } from "hono/utils/mime";

/** A file as it goes to a browser. */
export interface StaticFile {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
  readonly etag: string;
}

type Encoding = "br" | "gzip" | "identity";

interface CachedFile {
  readonly version: string;
  readonly bodies: Map<Encoding, Promise<Uint8Array<ArrayBuffer>>>;
}

/** Letters, digits, `.`, `_`, `-`, not beginning with a dot: no segment can leave the folder or name something hidden. */
const SEGMENT = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/;
/** What the page's build names by its content. */
const HASHED = /^\/assets\/.*-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$/;
const COMPRESSIBLE = /^(?:text\/|image\/svg|application\/(?:javascript|json|wasm|manifest))/;
/** Smaller files do not get smaller. */
const MIN_COMPRESSED_BYTES = 1024;

const compressors = {
  br: promisify(brotliCompress),
  gzip: promisify(gzip),
};

/** The files below one folder, compressed once and kept in memory; what changes on disk is noticed. */
export class StaticFiles {
  readonly #root: string;
  readonly #cache = new Map<string, CachedFile>();

  constructor(root: string) {
    this.#root = root;
  }

  /** The file at `path` of a URL; undefined when there is none. `accept` is the browser's Accept-Encoding. */
  async find(path: string, accept = ""): Promise<StaticFile | undefined> {
    const file = await this.#locate(path);
    if (!file) return undefined;
    const type = getMimeType(path) ?? "application/octet-stream";
    const isCompressible = COMPRESSIBLE.test(type) && file.sizeBytes >= MIN_COMPRESSED_BYTES;
    const encoding = isCompressible ? chooseEncoding(accept) : "identity";
    const body = await this.#body(path, file, encoding);
    const etag = `"${file.version}-${encoding}"`;
    return {
      body,
      etag,
      headers: {
        "Content-Type": type,
        "Cache-Control": HASHED.test(path) ? "public, max-age=31536000, immutable" : "no-cache",
        ETag: etag,
        ...(isCompressible ? { Vary: "Accept-Encoding" } : {}),
        ...(encoding === "identity" ? {} : { "Content-Encoding": encoding }),
      },
    };
  }

  async #locate(path: string): Promise<{ location: string; version: string; sizeBytes: number } | undefined> {
    const segments = path.slice(1).split("/");
    if (!path.startsWith("/") || !segments.every((segment) => SEGMENT.test(segment))) return undefined;
    try {
      const location = await realpath(join(this.#root, ...segments));
      if (!location.startsWith((await realpath(this.#root)) + sep)) return undefined;
      const { mtimeMs, size } = await stat(location);
      const version = `${Math.floor(mtimeMs).toString(36)}-${size.toString(36)}`;
      return (await stat(location)).isFile() ? { location, version, sizeBytes: size } : undefined;
    } catch {
      return undefined; // not there, or not readable: the same to a browser
    }
  }

  #body(
    path: string,
    { location, version }: { location: string; version: string },
    encoding: Encoding,
  ): Promise<Uint8Array<ArrayBuffer>> {
    let cached = this.#cache.get(path);
    if (cached?.version !== version) {
      cached = { version, bodies: new Map() };
      this.#cache.set(path, cached);
    }
    let body = cached.bodies.get(encoding);
    if (!body) {
      body = readEncoded(location, encoding);
      cached.bodies.set(encoding, body);
      body.catch(() => this.#cache.delete(path));
    }
    return body;
  }
}

async function readEncoded(location: string, encoding: Encoding): Promise<Uint8Array<ArrayBuffer>> {
  const raw = await readFile(location);
  if (encoding === "identity") return new Uint8Array(raw);
  const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 }, level: 9 };
  return new Uint8Array(await compressors[encoding](raw, options));
}

function chooseEncoding(accept: string): Encoding {
  const accepted = new Set(
    accept
      .split(",")
      .map((entry) => entry.trim().toLowerCase())
      .filter((entry) => !/;\s*q=0(?:\.0*)?$/.test(entry))
      .map((entry) => entry.split(";")[0]?.trim()),
  );
  if (accepted.has("br")) return "br";
  return accepted.has("gzip") ? "gzip" : "identity";
}
