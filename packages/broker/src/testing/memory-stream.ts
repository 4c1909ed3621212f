import type { ByteStream } from "@mqtt-meet/mqtt";

/** The broker's end of a connection without a socket. What the broker sends is kept in `sent`. */
export class MemoryStream implements ByteStream {
  readonly transport: "tcp" | "websocket";
  readonly sent: Uint8Array[] = [];
  onData: ((chunk: Uint8Array) => void) | undefined;
  onDrain: (() => void) | undefined;
  onClose: ((error?: Error) => void) | undefined;
  /** How it ended; undefined while it is open. */
  ended: "closed" | "destroyed" | undefined;
  isPaused = false;
  /** Nobody reads at the other end: what is sent stays in the socket's own queue. */
  isStalled = false;
  #bufferedBytes = 0;

  constructor(transport: "tcp" | "websocket" = "tcp") {
    this.transport = transport;
  }

  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  send(bytes: Uint8Array): void {
    if (this.ended) throw new Error("The stream has ended.");
    this.sent.push(bytes);
    if (this.isStalled) this.#bufferedBytes += bytes.length;
  }

  sendMany(chunks: readonly Uint8Array[]): void {
    for (const chunk of chunks) this.send(chunk);
  }

  /** The other end reads again, and takes everything. */
  drain(): void {
    this.isStalled = false;
    this.#bufferedBytes = 0;
    this.onDrain?.();
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  close(): void {
    this.ended ??= "closed";
  }

  destroy(): void {
    this.ended = "destroyed";
  }
}
