import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { webSocketStream } from "@mqtt-meet/mqtt/node";
import { WebSocketServer } from "ws";
import type { Broker } from "./broker.ts";
import { DEFAULT_LIMITS } from "./limits.ts";

/** Which WebSockets a broker takes. */
export interface WebSocketOptions {
  /** Whether a page of this origin may connect; `origin` is undefined for programs. Default: {@link isSameHost}. */
  readonly allowOrigin?: ((origin: string | undefined, request: IncomingMessage) => boolean) | undefined;
  /** Whether a connection counts as local, see `ConnectionInfo`. Default: none does. */
  readonly isLocal?: ((request: IncomingMessage) => boolean) | undefined;
  /** Whom a trusted proxy speaks for. Default, and where it is undefined: the other end of the connection. */
  readonly addressOf?: ((request: IncomingMessage) => string | undefined) | undefined;
  /** A message, which need not be one packet. Default: the broker's packet limit. */
  readonly maxMessageBytes?: number | undefined;
}

/** Takes WebSocket connections from an HTTP server. */
export interface WebSocketAcceptor {
  /** To be called for the server's `upgrade` event, when the path is the broker's. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /**
   * To be called just before the broker's `close`: from now on WebSockets are closed with "going away". Resolves when
   * the broker's are gone, or after a second; then the HTTP server can cut the rest off.
   */
  leave(): Promise<void>;
}

const SUB_PROTOCOL = "mqtt";

/** Far more than any client uses; what they could hold back in memory is what matters. */
const MAX_FRAGMENTS = 64;
const MAX_BUFFERED_CHUNKS = 1024;

const NORMAL = 1000;
const GOING_AWAY = 1001;
const LEAVE_TIMEOUT_MS = 1000;

/** Upgrades HTTP requests to WebSockets that carry MQTT, and hands them to a broker. */
export function acceptWebSockets(broker: Pick<Broker, "accept">, options: WebSocketOptions = {}): WebSocketAcceptor {
  const { allowOrigin = isSameHost, isLocal = () => false, addressOf } = options;
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: true,
    perMessageDeflate: false,
    maxPayload: options.maxMessageBytes ?? DEFAULT_LIMITS.maxPacketBytes,
    maxFragments: MAX_FRAGMENTS,
    maxBufferedChunks: MAX_BUFFERED_CHUNKS,
    handleProtocols: () => SUB_PROTOCOL,
  });
  let isLeaving = false;
  const closeCode = () => (isLeaving ? GOING_AWAY : NORMAL);
  return {
    async leave() {
      isLeaving = true;
      const { clients } = server;
      const ends = [...clients].map((client) => new Promise<void>((resolve) => client.once("close", () => resolve())));
      await Promise.race([Promise.all(ends), delay(LEAVE_TIMEOUT_MS, undefined, { ref: false })]);
    },
    handleUpgrade(request, socket, head) {
      const { origin } = request.headers;
      // Between the upgrade and the WebSocket nobody else listens, and an unheard error would end the process.
      const ignore = () => undefined;
      socket.on("error", ignore);
      const refusal = refusalOf(request, () => allowOrigin(origin, request));
      if (refusal !== undefined) {
        refuse(socket, refusal);
        return;
      }
      const local = isLocal(request);
      server.handleUpgrade(request, socket, head, (webSocket) => {
        socket.off("error", ignore);
        const remoteAddress = addressOf?.(request);
        broker.accept(webSocketStream(webSocket, socket as Socket, { closeCode }), { local, origin, remoteAddress });
      });
    },
  };
}

/** Pages of this very server, and programs, which send no origin. */
export function isSameHost(origin: string | undefined, request: IncomingMessage): boolean {
  if (origin === undefined) return true;
  try {
    return new URL(origin).host === request.headers.host;
  } catch {
    return false;
  }
}

function refusalOf(request: IncomingMessage, isOriginAllowed: () => boolean): number | undefined {
  const offered = request.headers["sec-websocket-protocol"]?.split(",").map((name) => name.trim());
  if (!offered?.includes(SUB_PROTOCOL)) return 400;
  return isOriginAllowed() ? undefined : 403;
}

function refuse(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
