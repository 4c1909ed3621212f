/** A connected byte stream (TCP, TLS or WebSocket): the only thing that neutral code knows of a socket. */
export interface ByteStream {
  /** Never waits. The bytes must not change afterwards. Each call is one write or one WebSocket frame. */
  send(bytes: Uint8Array): void;
  /** Several packets at once: one system call where the transport can, one WebSocket frame each. */
  sendMany?(chunks: readonly Uint8Array[]): void;
  /** Bytes that `send` has accepted and the system has not. */
  readonly bufferedBytes: number;
  readonly remoteAddress?: string | undefined;
  /** Encrypted by TLS. */
  readonly secure?: boolean | undefined;
  readonly transport: "tcp" | "websocket";
  /** The chunk belongs to the receiver. Set once, by the owner, as are the next two. */
  onData: ((chunk: Uint8Array) => void) | undefined;
  /** Everything that was buffered has gone to the system. */
  onDrain: (() => void) | undefined;
  /** Called exactly once, also after `close` and `destroy`; with an error when it was not meant to end. */
  onClose: ((error?: Error) => void) | undefined;
  /** Stops reading, so that the sender sees the delay. */
  pause?(): void;
  resume?(): void;
  /** Sends what is buffered, then ends. */
  close(): void;
  /** Ends at once. */
  destroy(): void;
}

/** Opens a connection. Rejects with a `ConnectionError`, or with the signal's reason. */
export type Dial = (options: { readonly signal: AbortSignal }) => Promise<ByteStream>;
