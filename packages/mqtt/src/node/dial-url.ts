import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import WebSocket from "ws";
import type { ByteStream, Dial } from "../connection/byte-stream.ts";
import { ConnectionError } from "../connection/connection-error.ts";
import { tcpStream } from "./tcp-stream.ts";
import { translateError } from "./translate-error.ts";
import { webSocketStream } from "./web-socket-stream.ts";

/** What {@link dialUrl} may be told besides the address. */
export interface DialUrlOptions {
  /** Certificates (PEM) that are trusted instead of the system's, for `mqtts:` and `wss:`. */
  readonly ca?: string | readonly string[] | undefined;
}

/** Node gives each address of a name 250 ms, which is too short for a bad network. */
const ATTEMPT_TIMEOUT_MS = 1_000;
const MAX_FRAME_BYTES = 4 * 1024 * 1024;
const DEFAULT_PORTS: Readonly<Record<string, number>> = { "mqtt:": 1883, "mqtts:": 8883, "ws:": 80, "wss:": 443 };

/**
 * How to reach a broker: `mqtt://`, `mqtts://`, `ws://` or `wss://`. User and password in the URL are not used and
 * never shown; see {@link credentialsOf}. Throws ConnectionError `invalid-address` at once.
 */
export function dialUrl(url: string, options: DialUrlOptions = {}): Dial {
  const address = parseAddress(url);
  const isWebSocket = address.protocol === "ws:" || address.protocol === "wss:";
  return async ({ signal }) => {
    signal.throwIfAborted();
    return isWebSocket ? dialWebSocket(address, options, signal) : dialTcp(address, options, signal);
  };
}

/** The same for several addresses of one broker, in their order. */
export function dialUrls(
  [first, ...others]: readonly [string, ...string[]],
  options: DialUrlOptions = {},
): readonly [Dial, ...Dial[]] {
  return [dialUrl(first, options), ...others.map((url) => dialUrl(url, options))];
}

/** User and password in a URL, for CONNECT. */
export function credentialsOf(url: string): { username?: string; password?: string } {
  const { username, password } = parseAddress(url);
  try {
    return {
      ...(username === "" ? {} : { username: decodeURIComponent(username) }),
      ...(password === "" ? {} : { password: decodeURIComponent(password) }),
    };
  } catch {
    throw new ConnectionError("invalid-address", "User or password in the address have a % without two digits.");
  }
}

function parseAddress(url: string): URL {
  if (!URL.canParse(url)) throw new ConnectionError("invalid-address", "This is not the address of a broker.");
  const address = new URL(url);
  if (!(address.protocol in DEFAULT_PORTS) || address.hostname === "") {
    throw new ConnectionError("invalid-address", "A broker's address begins with mqtt://, mqtts://, ws:// or wss://.");
  }
  return address;
}

function portOf(address: URL): number {
  return address.port === "" ? (DEFAULT_PORTS[address.protocol] as number) : Number(address.port);
}

function dialTcp(address: URL, { ca }: DialUrlOptions, signal: AbortSignal): Promise<ByteStream> {
  const host = address.hostname.replace(/^\[|\]$/g, "");
  const port = portOf(address);
  const secure = address.protocol === "mqtts:";
  const target = { host, port, autoSelectFamily: true, autoSelectFamilyAttemptTimeout: ATTEMPT_TIMEOUT_MS };
  const socket = secure
    ? connectTls({ ...target, servername: isIP(host) ? "" : host, ...(ca === undefined ? {} : { ca: [ca].flat() }) })
    : connectTcp(target);
  return new Promise((resolve, reject) => {
    const abort = () => {
      socket.destroy();
      reject(signal.reason);
    };
    signal.addEventListener("abort", abort, { once: true });
    const fail = (error: Error) => {
      signal.removeEventListener("abort", abort);
      reject(translateError(error, address.host));
    };
    socket.once("error", fail);
    socket.once(secure ? "secureConnect" : "connect", () => {
      signal.removeEventListener("abort", abort);
      socket.off("error", fail);
      resolve(tcpStream(socket));
    });
  });
}

function dialWebSocket(address: URL, { ca }: DialUrlOptions, signal: AbortSignal): Promise<ByteStream> {
  const target = new URL(address);
  target.username = "";
  target.password = "";
  target.hash = "";
  const peer = `${target.protocol}//${target.host}${target.pathname}`;
  const socket = new WebSocket(target, "mqtt", {
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
    ...(ca === undefined ? {} : { ca: [ca].flat() }),
  });
  return new Promise((resolve, reject) => {
    let below: Socket | undefined;
    const abort = () => {
      socket.terminate();
      reject(signal.reason);
    };
    signal.addEventListener("abort", abort, { once: true });
    const fail = (error: Error) => {
      signal.removeEventListener("abort", abort);
      reject(error);
    };
    // Stays: `terminate` before the handshake is over reports an error, too.
    socket.on("error", (error) => fail(handshakeError(error, peer)));
    socket.on("unexpected-response", (_request, response) => {
      fail(httpError(response.statusCode ?? 0, peer));
      socket.terminate();
    });
    socket.on("upgrade", (response) => {
      below = response.socket;
    });
    socket.on("open", () => {
      signal.removeEventListener("abort", abort);
      resolve(webSocketStream(socket, below));
    });
  });
}

function handshakeError(error: Error, peer: string): ConnectionError {
  const text = "code" in error ? "" : error.message;
  if (!/subprotocol|Sec-WebSocket|upgrade/i.test(text)) return translateError(error, peer);
  return new ConnectionError("protocol", `${peer} is no WebSocket that speaks MQTT.`, { cause: error });
}

function httpError(status: number, peer: string): ConnectionError {
  if (status === 401 || status === 403) {
    return new ConnectionError("not-authorized", `${peer} does not let us in (HTTP ${status}).`);
  }
  if (status >= 500 || status === 429) {
    return new ConnectionError("server-busy", `${peer} is not able to serve us now (HTTP ${status}).`);
  }
  return new ConnectionError("refused", `There is no MQTT WebSocket at ${peer} (HTTP ${status}).`);
}
