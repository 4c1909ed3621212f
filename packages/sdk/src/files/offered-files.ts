import {
  encodeBase64Url,
  FILE_PART_BYTES,
  filePartBytes,
  filePartCount,
  type PeerId,
  type Request,
  type TopicLevel,
} from "@mqtt-meet/protocol";

/** Files of ours that can still be had; the oldest go. The browser holds them, on the disk where it can. */
const MAX_OFFERED = 50;
/** Who waits for parts; who asks above it asks again. */
const MAX_WAITING = 256;
/** As many as one fetches at once. */
const MAX_OF_ONE = 4;
/**
 * Between two parts, whoever they are for: a broker may let 20 messages a second through (A9), and others have something to
 * say as well. 12 parts are 200 KB.
 */
const INTERVAL_MS = 80;

type FileGet = Extract<Request, { type: "file-get" }>;

/** What giving files away needs of its room. */
export interface OfferedFilesOptions {
  /** Resolves when the broker has it, or cannot. */
  readonly request: (to: PeerId, request: Request) => Promise<void>;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** The files that we offer. Parts go out one at a time, in turn to all who ask, each once the broker has the one before. */
export class OfferedFiles {
  readonly #options: OfferedFilesOptions;
  readonly #files = new Map<string, Blob>();
  /** What is still to be sent, by peer and file. A new request takes the place of the one before. */
  readonly #waiting = new Map<string, { readonly to: PeerId; readonly get: FileGet }>();
  #busy = false;

  constructor(options: OfferedFilesOptions) {
    this.#options = options;
  }

  add(id: TopicLevel, file: Blob): void {
    this.#files.set(id, file);
    for (const oldest of this.#files.keys()) {
      if (this.#files.size <= MAX_OFFERED) return;
      this.#files.delete(oldest);
    }
  }

  get(id: string): Blob | undefined {
    return this.#files.get(id);
  }

  /** `to` asks for parts of a file, which it may not have been offered. */
  ask(to: PeerId, get: FileGet): void {
    const key = `${to}/${get.id}`;
    const file = this.#files.get(get.id);
    if (file !== undefined && get.from >= filePartCount(file.size)) return;
    const ofPeer = [...this.#waiting.values()].filter((waiting) => waiting.to === to).length;
    if (!this.#waiting.has(key) && (ofPeer >= MAX_OF_ONE || this.#waiting.size >= MAX_WAITING)) return;
    this.#waiting.set(key, { to, get });
    if (!this.#busy) void this.#serve();
  }

  /** `peer` is gone. */
  drop(peer: PeerId): void {
    for (const [key, { to }] of this.#waiting) if (to === peer) this.#waiting.delete(key);
  }

  async #serve(): Promise<void> {
    const { signal } = this.#options;
    this.#busy = true;
    for (const [key, { to, get }] of this.#waiting) {
      this.#waiting.delete(key);
      await Promise.all([this.#send(to, get), pause(INTERVAL_MS)]);
      if (signal.aborted) return;
      // At the end of the map, so after everybody else who waits; unless something else was asked for meanwhile.
      const rest: FileGet = { ...get, from: get.from + 1, count: get.count - 1 };
      const size = this.#files.get(get.id)?.size ?? 0;
      const isMore = rest.count > 0 && rest.from < filePartCount(size) && !this.#waiting.has(key);
      if (isMore) this.#waiting.set(key, { to, get: rest });
    }
    this.#busy = false;
  }

  async #send(to: PeerId, { id, from: part }: FileGet): Promise<void> {
    const { request } = this.#options;
    const file = this.#files.get(id);
    const begin = part * FILE_PART_BYTES;
    const bytes = file && (await bytesOf(file.slice(begin, begin + filePartBytes(file.size, part))));
    if (bytes === undefined) {
      this.#files.delete(id);
      await request(to, { type: "file-gone", id });
    } else await request(to, { type: "file-part", id, part, data: encodeBase64Url(bytes) });
  }
}

/** Undefined for a file that was changed or deleted on the disk meanwhile. */
async function bytesOf(part: Blob): Promise<Uint8Array | undefined> {
  try {
    return new Uint8Array(await part.arrayBuffer());
  } catch {
    return undefined;
  }
}

function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, durationMs);
  });
}
