import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { acceptWebSockets, type Broker, type WebSocketAcceptor } from "@mqtt-meet/broker";
import type { AllowedOrigins } from "./allowed-origins.ts";
import { checkedHost } from "./security-headers.ts";
import { isLoopbackHost } from "./site-address.ts";
import type { TrustedProxies } from "./trusted-proxies.ts";

/** What {@link WebSocketUpgrade} needs to know of the server around it. */
export interface WebSocketUpgradeOptions {
  /** Absent: clients connect elsewhere. */
  readonly broker: Pick<Broker, "accept"> | undefined;
  /** The server cannot be reached from other machines. */
  readonly loopback: boolean;
  /** Origins whose pages may connect, besides those of the same host. */
  readonly allowedOrigins: AllowedOrigins;
  /** Whose word about clients is taken. */
  readonly proxies: TrustedProxies;
}

/** What proxies add: then the client is somebody else than it looks. */
const FORWARDED = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"];

/** Turns upgrade requests for `/mqtt` into connections of the broker; refuses all others. */
export class WebSocketUpgrade {
  readonly #acceptor: WebSocketAcceptor | undefined;

  constructor({ broker, loopback, allowedOrigins, proxies }: WebSocketUpgradeOptions) {
    this.#acceptor =
      broker &&
      acceptWebSockets(broker, {
        allowOrigin: (origin, { headers, socket }) => {
          if (origin === undefined || allowedOrigins.includes(origin)) return true;
          const { host = headers.host, protocol } = proxies.read(socket.remoteAddress, headers) ?? {};
          return isSameHost(origin, host) && (protocol === undefined || new URL(origin).protocol === `${protocol}:`);
        },
        // A page of another site is a guest of the meetings, and has nothing to do with what else this machine's programs say.
        isLocal: ({ headers }) =>
          loopback && isFromHere(headers) && !(headers.origin !== undefined && allowedOrigins.includes(headers.origin)),
        addressOf: ({ headers, socket }) => proxies.read(socket.remoteAddress, headers)?.address,
      });
  }

  /** Takes the request and its socket over. */
  readonly handle = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if (this.#acceptor && request.url?.split("?")[0] === "/mqtt") {
      this.#acceptor.handleUpgrade(request, socket, head);
    } else {
      socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    }
  };

  /** Called just before the broker says good-bye to all. Waits until they are gone, but not for long. */
  async leave(): Promise<void> {
    await this.#acceptor?.leave();
  }
}

/**
 * Whether the client is on this machine, given that no other can reach the server: it used a name that cannot be pointed
 * here from elsewhere (a page that rebinds its own name comes with that name), and no proxy says that it speaks for
 * somebody.
 */
function isFromHere(headers: IncomingMessage["headers"]): boolean {
  const name = checkedHost(headers.host)
    ?.replace(/:\d+$/, "")
    .replace(/^\[|\]$/g, "");
  return name !== undefined && isLoopbackHost(name) && FORWARDED.every((header) => headers[header] === undefined);
}

/** Whether a page of `origin` was loaded from `host`, whose default port may be left out. */
function isSameHost(origin: string, host: string | undefined): boolean {
  if (!URL.canParse(origin) || checkedHost(host) === undefined) return false;
  const { protocol, host: originHost } = new URL(origin);
  if (protocol !== "http:" && protocol !== "https:") return false;
  return URL.canParse(`${protocol}//${host}`) && new URL(`${protocol}//${host}`).host === originHost;
}
