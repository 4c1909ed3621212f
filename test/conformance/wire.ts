import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** One TCP connection whose bytes are read in pieces of a known length. Disposing of it cuts it. */
export class Wire implements Disposable {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  #hasEnded = false;
  #onNews: (() => void) | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#onNews?.();
    });
    // A reset ends a connection like any other end.
    socket.on("error", () => undefined);
    socket.on("close", () => this.#end());
    socket.on("end", () => this.#end());
  }

  static async open(port: number): Promise<Wire> {
    const socket = connect({ host: "127.0.0.1", port, noDelay: true });
    const wire = new Wire(socket);
    await once(socket, "connect");
    return wire;
  }

  /** Whether the other end has ended the connection. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** What has come and was not taken. */
  get waiting(): Uint8Array {
    return this.#received;
  }

  /** A failed write is no verdict: what is read next tells. */
  send(bytes: Uint8Array): void {
    if (this.#socket.writable) this.#socket.write(bytes);
  }

  take(size: number): Uint8Array {
    const taken = this.#received.subarray(0, size);
    this.#received = this.#received.subarray(size);
    return taken;
  }

  /** Resolves when `isEnough` holds, the connection has ended, or the time is over. */
  async until(isEnough: () => boolean, timeoutMs: number): Promise<void> {
    const deadlineMs = performance.now() + timeoutMs;
    while (!isEnough() && !this.#hasEnded) {
      const leftMs = deadlineMs - performance.now();
      if (leftMs <= 0) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.#onNews = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#onNews = undefined;
    }
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  #end(): void {
    this.#hasEnded = true;
    this.#onNews?.();
  }
}
