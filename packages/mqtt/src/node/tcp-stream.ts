import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { ByteStream } from "../connection/byte-stream.ts";
import { translateError } from "./translate-error.ts";

/** How long `close` waits for a peer that does not read, before it ends the connection anyway. */
export const FLUSH_TIMEOUT_MS = 5_000;

/** A connected TCP or TLS socket as a {@link ByteStream}. Turns Nagle's algorithm off. */
export function tcpStream(socket: Socket): ByteStream {
  return new TcpStream(socket);
}

class TcpStream implements ByteStream {
  readonly transport = "tcp";
  readonly remoteAddress: string | undefined;
  readonly secure: boolean;
  onDrain: (() => void) | undefined;
  onClose: ((error?: Error) => void) | undefined;
  readonly #socket: Socket;
  #onData: ((chunk: Uint8Array) => void) | undefined;
  #waits = false;
  #error: Error | undefined;
  #flushTimer: NodeJS.Timeout | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.remoteAddress = socket.remoteAddress;
    this.secure = socket instanceof TLSSocket;
    socket.setNoDelay(true);
    socket.on("error", (error) => {
      this.#error = translateError(error, this.remoteAddress ?? "the peer");
    });
    socket.on("close", () => {
      clearTimeout(this.#flushTimer);
      this.onClose?.(this.#error);
    });
  }

  get bufferedBytes(): number {
    return this.#socket.writableLength;
  }

  get onData(): ((chunk: Uint8Array) => void) | undefined {
    return this.#onData;
  }

  /** Reading begins when there is somebody to read. */
  set onData(receive: ((chunk: Uint8Array) => void) | undefined) {
    if (!this.#onData && receive) {
      // A plain view: a Buffer's `slice` shares memory where everybody expects a copy.
      this.#socket.on("data", (chunk: Buffer) =>
        this.#onData?.(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length)),
      );
    }
    this.#onData = receive;
  }

  send(bytes: Uint8Array): void {
    if (!this.#socket.writable) return;
    this.#socket.write(bytes, this.#written);
    this.#waits = this.#socket.writableLength > 0;
  }

  sendMany(chunks: readonly Uint8Array[]): void {
    this.#socket.cork();
    for (const chunk of chunks) this.send(chunk);
    this.#socket.uncork();
    this.#waits = this.#socket.writableLength > 0;
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    if (this.#socket.destroyed || this.#flushTimer) return;
    this.#flushTimer = setTimeout(() => this.#socket.destroy(), FLUSH_TIMEOUT_MS).unref();
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** Node's own `drain` event comes only after its high-water mark was passed. */
  readonly #written = (): void => {
    if (!this.#waits || this.#socket.writableLength > 0) return;
    this.#waits = false;
    this.onDrain?.();
  };
}
