import { type AddressInfo, createServer, type Server } from "node:net";
import { tcpStream } from "@mqtt-meet/mqtt/node";
import type { Broker } from "./broker.ts";
import { ListenError, type ListenErrorCode } from "./listen-error.ts";

/** Something that takes connections for a broker. */
export interface Listener extends AsyncDisposable {
  readonly port: number;
  /** Takes no more connections. Those that are open belong to the broker, which closes them. */
  close(): Promise<void>;
}

/** Where to listen. */
export interface TcpListenOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

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
 * Takes MQTT connections over TCP. Clients of a listener that is bound to a loopback address count as local. Rejects
 * with {@link ListenError}.
 */
export async function listenTcp(broker: Pick<Broker, "accept">, options: TcpListenOptions): Promise<Listener> {
  const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 });
  await listening(server, options);
  const { address, port } = server.address() as AddressInfo;
  const local = isLoopback(address);
  server.on("connection", (socket) => broker.accept(tcpStream(socket), { local }));
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { port, close, [Symbol.asyncDispose]: close };
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
