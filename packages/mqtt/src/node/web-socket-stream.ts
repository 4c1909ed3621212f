import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type WebSocket from "ws";
import type { ByteStream } from "../connection/byte-stream.ts";
import { ConnectionError } from "../connection/connection-error.ts";
import { FLUSH_TIMEOUT_MS } from "./tcp-stream.ts";
import { translateError } from "./translate-error.ts";

/**
 * An open WebSocket of the package `ws`, from a client or a server, as a {@link ByteStream}. `socket` is the one below:
 * it tells the peer's address, and several frames can then go out in one system call. Open the WebSocket without
 * `perMessageDeflate`.
 */
export function webSocketStream(socket: WebSocket, below?: Socket, options: WebSocketStreamOptions = {}): ByteStream {
  return new WebSocketStream(socket, below, options);
}

/** How a WebSocket stream ends. */
export interface WebSocketStreamOptions {
  /** Asked when we close: 1000 (the default), or 1001 when a server goes away. */
  readonly closeCode?: () => number;
}

/** Closing codes that mean nothing but the end: normal, going away, none given. */
const PLAIN_CODES: ReadonlySet<number> = new Set([1000, 1001, 1005]);
const ONLY_BINARY_CODE = 1003;

class WebSocketStream implements ByteStream {
  readonly transport = "websocket";
  readonly remoteAddress: string | undefined;
  readonly secure: boolean;
  onDrain: (() => void) | undefined;
  onClose: ((error?: Error) => void) | undefined;
  readonly #socket: WebSocket;
  readonly #below: Socket | undefined;
  #onData: ((chunk: Uint8Array) => void) | undefined;
  #waits = false;
  #error: ConnectionError | undefined;
  #flushTimer: NodeJS.Timeout | undefined;
  readonly #closeCode: () => number;

  constructor(socket: WebSocket, below: Socket | undefined, { closeCode = () => 1000 }: WebSocketStreamOptions) {
    this.#socket = socket;
    this.#closeCode = closeCode;
    this.#below = below;
    this.remoteAddress = below?.remoteAddress;
    this.secure = below instanceof TLSSocket;
    socket.pause();
    socket.on("message", (data: Buffer, isBinary: boolean) => this.#receive(data, isBinary));
    socket.on("error", (error) => {
      this.#error ??= translateError(error, this.remoteAddress ?? "the peer");
    });
    socket.on("close", (code, reason) => {
      clearTimeout(this.#flushTimer);
      this.onClose?.(this.#error ?? closeError(code, reason.toString()));
    });
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  get onData(): ((chunk: Uint8Array) => void) | undefined {
    return this.#onData;
  }

  /** Reading begins when there is somebody to read. */
  set onData(receive: ((chunk: Uint8Array) => void) | undefined) {
    if (!this.#onData && receive) this.#socket.resume();
    this.#onData = receive;
  }

  send(bytes: Uint8Array): void {
    this.#socket.send(bytes, { binary: true, compress: false }, this.#written);
    this.#waits = this.#socket.bufferedAmount > 0;
  }

  sendMany(chunks: readonly Uint8Array[]): void {
    this.#below?.cork();
    for (const chunk of chunks) this.send(chunk);
    this.#below?.uncork();
    this.#waits = this.#socket.bufferedAmount > 0;
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    if (this.#socket.readyState === this.#socket.CLOSED || this.#flushTimer) return;
    this.#flushTimer = setTimeout(() => this.#socket.terminate(), FLUSH_TIMEOUT_MS).unref();
    this.#socket.close(this.#closeCode());
  }

  destroy(): void {
    this.#socket.terminate();
  }

  #receive(data: Buffer, isBinary: boolean): void {
    if (isBinary) {
      // A plain view: a Buffer's `slice` shares memory where everybody expects a copy.
      this.#onData?.(new Uint8Array(data.buffer, data.byteOffset, data.length));
      return;
    }
    this.#error = new ConnectionError("protocol", "The other side sent text where MQTT is binary.");
    this.#socket.close(ONLY_BINARY_CODE);
  }

  readonly #written = (): void => {
    if (!this.#waits || this.#socket.bufferedAmount > 0) return;
    this.#waits = false;
    this.onDrain?.();
  };
}

function closeError(code: number, reason: string): ConnectionError | undefined {
  if (PLAIN_CODES.has(code)) return undefined;
  const why = reason === "" ? `code ${code}` : `code ${code}, ${reason}`;
  return new ConnectionError(code === 1009 ? "packet-too-large" : "closed", `The WebSocket was closed (${why}).`);
}
