import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { tcpStream } from "@mqtt-meet/mqtt/node";
import type { Broker } from "./broker.ts";
import { HandshakeGate } from "./handshake-gate.ts";
import { ListenError, type ListenErrorCode } from "./listen-error.ts";

/** Something that takes connections for a broker. */
export interface Listener extends AsyncDisposable {
  readonly port: number;
  /** From the next connection on, this certificate is shown. Of a listener with TLS only. */
  renew(certificate: TlsCertificate): void;
  /** Takes no more connections. Those that are open belong to the broker, which closes them. */
  close(): Promise<void>;
}

/** What a listener with TLS shows, in PEM. */
export interface TlsCertificate {
  readonly key: string;
  /** The server's own first. */
  readonly chain: string;
}

/** Where to listen. */
export interface TcpListenOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** With it, the port speaks TLS. */
  readonly certificate?: TlsCertificate | undefined;
  /** Who may begin a handshake. Default: one that counts everybody but this machine. */
  readonly gate?: HandshakeGate | undefined;
}

/** Nobody holds a connection for longer without having agreed on a key. */
const HANDSHAKE_MS = 5_000;
const SOCKET_OPTIONS = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 } as const;

const CODES: Readonly<Record<string, ListenErrorCode>> = {
  EADDRINUSE: "address-in-use",
  EADDRNOTAVAIL: "address-not-available",
  EACCES: "permission-denied",
};

const REASONS: Readonly<Record<ListenErrorCode, string>> = {
  "address-in-use": "another program uses this port",
  "address-not-available": "this machine does not have this address",
  "permission-denied": "the system does not permit it",
  "listen-failed": "the system refuses",
};

/**
 * Takes MQTT connections over TCP, with TLS or without. Clients of a listener that is bound to a loopback address count
 * as local; those of another without TLS as in clear. Rejects with {@link ListenError}.
 */
export async function listenTcp(broker: Pick<Broker, "accept">, options: TcpListenOptions): Promise<Listener> {
  const { certificate } = options;
  const secure = certificate && createTlsServer({ ...SOCKET_OPTIONS, ...tlsOptions(certificate) });
  const server = secure ?? createServer(SOCKET_OPTIONS);
  await listening(server, options);
  const { address, port } = server.address() as AddressInfo;
  const local = isLoopback(address);
  const info = { local, inClear: !local && !secure };
  const gate = options.gate ?? new HandshakeGate({ isExempt: (from) => from !== undefined && isLoopback(from) });
  secure?.on("connection", (socket: Socket) => gate.admit(socket));
  server.on(secure ? "secureConnection" : "connection", (socket: Socket) => {
    gate.decided(socket);
    broker.accept(tcpStream(socket), info);
  });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      gate.close();
    });
  const renew = (next: TlsCertificate) => secure?.setSecureContext(tlsOptions(next));
  return { port, renew, close, [Symbol.asyncDispose]: close };
}

function tlsOptions({ key, chain }: TlsCertificate) {
  return { key, cert: chain, handshakeTimeout: HANDSHAKE_MS, minVersion: "TLSv1.2" } as const;
}

/** Whether only programs on this machine can reach an address. */
export function isLoopback(address: string): boolean {
  return /^(::ffff:)?127\.\d+\.\d+\.\d+$/.test(address) || address === "::1";
}

async function listening(server: Server, { host, port }: TcpListenOptions): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ host, port }, () => {
        server.off("error", reject);
        // From here on a failed accept concerns one connection only.
        server.on("error", () => undefined);
        resolve();
      });
    });
  } catch (cause) {
    const code = CODES[(cause as NodeJS.ErrnoException).code ?? ""] ?? "listen-failed";
    throw new ListenError(code, `MQTT cannot listen on ${host}:${port}: ${REASONS[code]}.`, { cause });
  }
}
