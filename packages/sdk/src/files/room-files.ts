import {
  cleanFileName,
  decodeBase64Url,
  encodeBase64Url,
  MAX_FILE_BYTES,
  type PeerId,
  type Request,
  type SharedFile,
  type TopicLevel,
  topicLevel,
} from "@mqtt-meet/protocol";
import { type ReadonlySignal, signal } from "@preact/signals-core";
import { SdkError } from "../sdk-error.ts";
import { FileAssembly } from "./file-assembly.ts";
import { OfferedFiles } from "./offered-files.ts";

/** More at once are no faster, and each may hold a file in memory. */
const MAX_DOWNLOADS = 4;

type FileRequest = Extract<Request, { type: "file-get" | "file-part" | "file-gone" }>;

/** A file that a chat message offers. */
export interface Offer {
  readonly from: PeerId;
  readonly id: TopicLevel;
  readonly file: SharedFile;
}

/** What files need of the chat, which tells of them. */
export interface RoomFilesOptions {
  readonly own: PeerId;
  /** Resolves when the broker has it. */
  readonly send: (entry: {
    readonly text: string;
    readonly file: SharedFile;
    readonly id: TopicLevel;
  }) => Promise<void>;
  /** What the message with this id in {@link ChatMessage} offers. */
  readonly offerOf: (message: string) => Offer | undefined;
  readonly request: (to: PeerId, request: Request) => Promise<void>;
  readonly nowMs: () => number;
}

interface Download {
  readonly message: string;
  readonly offer: Offer;
  readonly assembly: FileAssembly;
  readonly resolve: (file: Blob) => void;
  readonly reject: (error: unknown) => void;
}

/** Files in the chat (M9, R8): a message tells of one, and whoever wants it asks its sender for the parts. */
export class RoomFiles {
  readonly #options: RoomFilesOptions;
  readonly #lifetime = new AbortController();
  readonly #offered: OfferedFiles;
  /** By peer and id of the message. */
  readonly #downloads = new Map<string, Download>();
  readonly #progress = signal<ReadonlyMap<string, number>>(new Map());
  /** How many bytes there are of what is being fetched, by message. */
  readonly progress: ReadonlySignal<ReadonlyMap<string, number>> = this.#progress;

  constructor(options: RoomFilesOptions) {
    this.#options = options;
    this.#offered = new OfferedFiles({ request: options.request, signal: this.#lifetime.signal });
  }

  /** See {@link Room.sendFile}. */
  async send(file: Blob, { name }: { readonly name: string }): Promise<void> {
    if (file.size > MAX_FILE_BYTES) {
      throw new SdkError("file-too-large", `A file has at most ${MAX_FILE_BYTES / 1024 / 1024} MB.`);
    }
    const hash = await hashOf(file).catch((cause: unknown) => {
      throw new SdkError("file-gone", "The file cannot be read.", { cause });
    });
    const clean = cleanFileName(name);
    const id = topicLevel(encodeBase64Url(crypto.getRandomValues(new Uint8Array(12))));
    this.#offered.add(id, file);
    await this.#options.send({ id, text: clean, file: { name: clean, sizeBytes: file.size, hash } });
  }

  /** See {@link Room.fetchFile}. */
  async fetch(message: string, { signal: abort }: { readonly signal?: AbortSignal | undefined } = {}): Promise<Blob> {
    abort?.throwIfAborted();
    const offer = this.#options.offerOf(message);
    if (offer === undefined) throw new TypeError("This message has no file.");
    const key = `${offer.from}/${offer.id}`;
    if (offer.from === this.#options.own) return this.#ownFile(offer);
    if (this.#downloads.has(key)) throw new TypeError("The file is being fetched already.");
    if (this.#downloads.size >= MAX_DOWNLOADS) {
      throw new SdkError("too-many-files", `At most ${MAX_DOWNLOADS} files are fetched at once.`);
    }
    const assembly = new FileAssembly(offer.file.sizeBytes);
    const parts = new Promise<Blob>((resolve, reject) => {
      const download: Download = { message, offer, assembly, resolve, reject };
      this.#downloads.set(key, download);
      abort?.addEventListener("abort", () => reject(abort.reason), { once: true });
      this.#advance(download);
      this.#show();
    });
    try {
      const file = await parts;
      if ((await hashOf(file)) === offer.file.hash) return file;
      throw new SdkError("file-damaged", "The file is not the one that was offered.");
    } finally {
      this.#downloads.delete(key);
      this.#show();
    }
  }

  /** Somebody asks, or answers. What was not asked for is dropped. */
  handle(from: PeerId, request: FileRequest): void {
    if (request.type === "file-get") {
      this.#offered.ask(from, request);
      return;
    }
    const download = this.#downloads.get(`${from}/${request.id}`);
    if (download === undefined) return;
    if (request.type === "file-gone") download.reject(gone());
    else {
      const data = decodeBase64Url(request.data);
      if (data !== undefined && download.assembly.receive(request.part, data, this.#options.nowMs())) {
        this.#advance(download);
        this.#show();
      }
    }
  }

  /** Asks again for what did not come; to be called a few times a second while connected. */
  check(reachable: (peer: PeerId) => boolean): void {
    for (const download of this.#downloads.values()) if (reachable(download.offer.from)) this.#advance(download);
  }

  /** Our connection is new. */
  restart(): void {
    for (const { assembly } of this.#downloads.values()) assembly.restart();
  }

  /** `peer` is gone for good, and its files with it. */
  end(peer: PeerId): void {
    this.#offered.drop(peer);
    for (const { offer, reject } of this.#downloads.values()) if (offer.from === peer) reject(gone());
  }

  close(): void {
    this.#lifetime.abort();
    for (const { reject } of this.#downloads.values()) reject(new SdkError("room-closed", "The room was left."));
  }

  #ownFile({ id }: Offer): Blob {
    const file = this.#offered.get(id);
    if (file === undefined) throw gone();
    return file;
  }

  #advance({ offer, assembly, resolve, reject }: Download): void {
    const { complete } = assembly;
    // Whatever it is, nothing that opens it takes it for more than bytes.
    if (complete !== undefined) resolve(new Blob([...complete], { type: "application/octet-stream" }));
    const range = assembly.ask(this.#options.nowMs());
    if (range === "lost") reject(gone());
    else if (range !== undefined) {
      void this.#options.request(offer.from, { type: "file-get", id: offer.id, ...range });
    }
  }

  #show(): void {
    const downloads = [...this.#downloads.values()];
    this.#progress.value = new Map(downloads.map(({ message, assembly }) => [message, assembly.receivedBytes]));
  }
}

function gone(): SdkError {
  return new SdkError("file-gone", "The sender no longer has the file, or has left.");
}

async function hashOf(file: Blob): Promise<string> {
  return encodeBase64Url(new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer())));
}
