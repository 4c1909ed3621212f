import {
  createServer as createHttpServer,
  type Server as HttpServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { createServer as createHttpsServer, Server as HttpsServer } from "node:https";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { getRequestListener } from "@hono/node-server";
import type { HandshakeGate } from "@mqtt-meet/broker";
import { belowBasePath } from "./base-path.ts";
import type { ServerCertificate } from "./certificates.ts";
import { checkedHost } from "./security-headers.ts";
import { translateListenError } from "./server-error.ts";

/** Takes an upgrade request over, and its socket. */
export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** What a {@link WebListener} answers with. */
export interface WebListenerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** `incoming` is the same request as Node has it. */
  readonly fetch: (request: Request, node: { readonly incoming: IncomingMessage }) => Response | Promise<Response>;
  readonly upgrade: Upgrade;
  /** Under which the pages are; empty for the root. What `fetch` and `upgrade` see begins below it. */
  readonly basePath: string;
  /** With it the port speaks TLS, and whoever comes in clear is sent there. */
  readonly certificate?: ServerCertificate | undefined;
  /** Who may begin the handshake of TLS. */
  readonly gate: HandshakeGate;
}

/** Rule of the handshake: nobody holds a connection without saying what it is for. */
const HANDSHAKE_MS = 5_000;
const LIMITS = {
  maxHeaderSize: 8 * 1024,
  headersTimeout: HANDSHAKE_MS,
  requestTimeout: 2 * HANDSHAKE_MS,
  keepAliveTimeout: HANDSHAKE_MS,
  connectionsCheckingInterval: 1_000,
};
const TLS_HANDSHAKE = 0x16;

/** The port on which pages and WebSockets are served. */
export interface WebListener {
  readonly port: number;
  /** From the next connection on, this certificate is shown. */
  renew(certificate: ServerCertificate): void;
  /** Ends everything that is still open. */
  close(): Promise<void>;
}

/** Opens the port. Throws a ServerError. */
export async function openWebListener(options: WebListenerOptions): Promise<WebListener> {
  const { host, port, certificate } = options;
  const sockets = new Set<Socket>();
  const pages = pageServer(options);
  const server = certificate ? splitByFirstByte(pages, { clear: redirectServer(), gate: options.gate }) : pages;
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", () => {}); // said by its close; must not end the process
  });
  await listen(server, { host, port });
  return {
    port: (server.address() as AddressInfo).port,
    renew: (next) => {
      if (pages instanceof HttpsServer) pages.setSecureContext(tlsOptions(next));
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function pageServer({ fetch, upgrade, certificate, basePath }: WebListenerOptions): HttpServer {
  const listener = getRequestListener((request, node) =>
    fetch(request, { incoming: node.incoming as IncomingMessage }),
  );
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    const below = belowBasePath(request.url ?? "/", basePath);
    if (below === undefined) {
      response.writeHead(308, { Location: `${basePath}/`, "Content-Length": 0 }).end();
      return;
    }
    request.url = below;
    listener(request, response).catch(() => response.destroy());
  };
  const server = certificate
    ? createHttpsServer(
        {
          ...LIMITS,
          ...tlsOptions(certificate),
          handshakeTimeout: HANDSHAKE_MS,
        },
        handle,
      )
    : createHttpServer(LIMITS, handle);
  return server.on("upgrade", (request, socket, head) => {
    request.url = belowBasePath(request.url ?? "/", basePath) ?? "/";
    upgrade(request, socket, head);
  });
}

function tlsOptions({ key, chain }: ServerCertificate) {
  return { key, cert: chain, minVersion: "TLSv1.2" } as const;
}

/** Answers in clear only where to go. */
function redirectServer(): HttpServer {
  const server = createHttpServer(LIMITS, (request, response) => {
    const host = checkedHost(request.headers.host);
    const path = request.url?.startsWith("/") ? request.url : "/";
    const isReading = request.method === "GET" || request.method === "HEAD";
    if (host === undefined || !isReading) {
      response.writeHead(400, { "Content-Type": "text/plain", Connection: "close" });
      response.end("This port speaks HTTPS only: use https:// instead of http://.\n");
      return;
    }
    response.writeHead(307, {
      Location: `https://${host}${path}`,
      "Referrer-Policy": "no-referrer",
      Connection: "close",
    });
    response.end();
  });
  return server.on("upgrade", (_request, socket: Duplex) => {
    socket.end(
      "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\nThis port speaks TLS only: use wss:// instead of ws://.\n",
    );
  });
}

/** A TLS client begins with a handshake record; anything else is in clear. */
function splitByFirstByte(
  secure: Server,
  { clear, gate }: { readonly clear: Server; readonly gate: HandshakeGate },
): Server {
  secure.on("secureConnection", (socket: Socket) => gate.decided(socket));
  return createServer({ noDelay: true }, (socket) => {
    const timer = setTimeout(() => socket.destroy(), HANDSHAKE_MS);
    socket.once("close", () => clearTimeout(timer));
    socket.once("readable", () => {
      clearTimeout(timer);
      const first: Buffer | null = socket.read(1);
      if (first === null) return void socket.destroy();
      socket.unshift(first);
      if (first[0] !== TLS_HANDSHAKE) clear.emit("connection", socket);
      else if (gate.admit(socket)) secure.emit("connection", socket);
    });
  });
}

function listen(server: Server, address: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) => reject(translateListenError(cause, address)));
    server.listen(address, resolve);
  });
}
