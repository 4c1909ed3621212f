import type { ByteStream } from "@mqtt-meet/mqtt";

/** Two streams of which each receives what the other sends: a connection inside the process. */
export function memoryStreams(): readonly [ByteStream, ByteStream] {
  const one = new MemoryStream();
  const other = new MemoryStream();
  one.peer = other;
  other.peer = one;
  return [one, other];
}

class MemoryStream implements ByteStream {
  readonly transport = "tcp";
  readonly bufferedBytes = 0;
  onData: ((chunk: Uint8Array) => void) | undefined;
  onDrain: (() => void) | undefined;
  onClose: ((error?: Error) => void) | undefined;
  peer: MemoryStream | undefined;
  #closed = false;

  /** What is sent arrives in a turn of its own, as from a socket. */
  send(bytes: Uint8Array): void {
    const { peer } = this;
    queueMicrotask(() => {
      if (peer && !peer.#closed) peer.onData?.(bytes.slice());
    });
  }

  close(): void {
    queueMicrotask(() => {
      if (this.peer) this.peer.#end();
      this.#end();
    });
  }

  destroy(): void {
    this.close();
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.onClose?.();
  }
}
