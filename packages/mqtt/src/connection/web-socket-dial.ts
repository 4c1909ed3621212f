import type { ByteStream, Dial } from "./byte-stream.ts";
import { ConnectionError } from "./connection-error.ts";

/** Dials with the platform's own WebSocket. Browsers never call the stream's `onDrain`: they do not tell. */
export function webSocketDial(url: string): Dial {
  return async ({ signal }) => {
    signal.throwIfAborted();
    const socket = openSocket(url);
    socket.binaryType = "arraybuffer";
    return new Promise((resolve, reject) => {
      const dialing = new AbortController();
      const listener = { signal: dialing.signal };
      const settle = (outcome: () => void) => {
        dialing.abort();
        outcome();
      };
      socket.addEventListener("open", () => settle(() => resolve(new PlatformStream(socket))), listener);
      socket.addEventListener("close", () => settle(() => reject(unreachable(url))), listener);
      signal.addEventListener(
        "abort",
        () => {
          socket.close();
          settle(() => reject(signal.reason));
        },
        listener,
      );
    });
  };
}

/** The same for several addresses of one broker, in their order. */
export function webSocketDials([first, ...others]: readonly [string, ...string[]]): readonly [Dial, ...Dial[]] {
  return [webSocketDial(first), ...others.map(webSocketDial)];
}

function openSocket(url: string): WebSocket {
  try {
    const address = new URL(url);
    address.username = "";
    address.password = "";
    address.hash = "";
    return new WebSocket(address, "mqtt");
  } catch (error) {
    throw new ConnectionError("invalid-address", "The browser does not allow a WebSocket to this address.", {
      cause: error,
    });
  }
}

/** Why a WebSocket cannot be opened is kept from pages. */
function unreachable(url: string): ConnectionError {
  const { host, pathname } = new URL(url);
  return new ConnectionError("unreachable", `No WebSocket connection to ${host}${pathname}.`);
}

/** Closing codes that mean nothing but the end: normal, going away, none given. */
const PLAIN_CODES: ReadonlySet<number> = new Set([1000, 1001, 1005]);

class PlatformStream implements ByteStream {
  readonly transport = "websocket";
  readonly secure: boolean;
  onDrain: (() => void) | undefined;
  onClose: ((error?: Error) => void) | undefined;
  readonly #socket: WebSocket;
  #onData: ((chunk: Uint8Array) => void) | undefined;
  #early: Uint8Array[] = [];
  #closed = false;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    this.secure = socket.url.startsWith("wss:");
    socket.addEventListener("message", ({ data }) => this.#receive(data));
    socket.addEventListener("close", ({ code, reason }) => {
      const why = reason === "" ? `code ${code}` : `code ${code}, ${reason}`;
      this.#end(PLAIN_CODES.has(code) ? undefined : new ConnectionError("closed", `The WebSocket closed (${why}).`));
    });
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  get onData(): ((chunk: Uint8Array) => void) | undefined {
    return this.#onData;
  }

  set onData(receive: ((chunk: Uint8Array) => void) | undefined) {
    this.#onData = receive;
    const early = this.#early;
    this.#early = [];
    for (const chunk of early) receive?.(chunk);
  }

  send(bytes: Uint8Array): void {
    // All our bytes are in plain memory; sharing it is what the cast rules out.
    this.#socket.send(bytes as Uint8Array<ArrayBuffer>);
  }

  close(): void {
    this.#socket.close(1000);
  }

  /** A WebSocket of the platform cannot end at once; we stop listening to it. */
  destroy(): void {
    this.#socket.close();
    this.#end();
  }

  #receive(data: unknown): void {
    if (this.#closed) return;
    if (!(data instanceof ArrayBuffer)) {
      this.#socket.close();
      this.#end(new ConnectionError("protocol", "The other side sent text where MQTT is binary."));
    } else if (this.#onData) {
      this.#onData(new Uint8Array(data));
    } else {
      this.#early.push(new Uint8Array(data));
    }
  }

  #end(error?: Error): void {
    if (this.#closed) return;
    this.#closed = true;
    this.onClose?.(error);
  }
}
