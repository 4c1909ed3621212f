import { createServer as createHttpServer, type Server as HttpServer } from "node:http";
import { type AddressInfo, createServer, type Server, Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { generate } from "selfsigned";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { encodePacket } from "../codec/encode-packet.ts";
import type { ByteStream } from "../connection/byte-stream.ts";
import { Connection } from "../connection/connection.ts";
import { ConnectionError } from "../connection/connection-error.ts";
import { credentialsOf, dialUrl } from "./dial-url.ts";
import { tcpStream } from "./tcp-stream.ts";
import { webSocketStream } from "./web-socket-stream.ts";

/** Other programs may keep the machine busy. */
vi.setConfig({ testTimeout: 30_000 });
const soon = <T>(read: () => T) => expect.poll(read, { timeout: 10_000 });

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const clean of cleanups.splice(0)) clean();
});

async function listen(server: Server | HttpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

function next<T>(subscribe: (resolve: (value: T) => void) => void): Promise<T> {
  return new Promise(subscribe);
}

interface Pair {
  readonly client: ByteStream;
  readonly server: ByteStream;
  /** Messages that reached the server's WebSocket; empty for TCP. */
  readonly frames: number[];
}

const never = new AbortController().signal;

async function tcpPair(): Promise<Pair> {
  const server = createServer();
  const accepted = next<Socket>((resolve) => server.on("connection", resolve));
  const port = await listen(server);
  const client = await dialUrl(`mqtt://127.0.0.1:${port}`)({ signal: never });
  cleanups.push(() => client.destroy());
  return { client, server: tcpStream(await accepted), frames: [] };
}

async function webSocketPair(): Promise<Pair> {
  const http = createHttpServer();
  const sockets = new WebSocketServer({ server: http, path: "/mqtt", perMessageDeflate: false });
  const frames: number[] = [];
  const accepted = next<[WebSocket, Socket]>((resolve) => {
    sockets.on("connection", (socket, request) => {
      socket.on("message", (data: Buffer) => frames.push(data.length));
      resolve([socket, request.socket]);
    });
  });
  const port = await listen(http);
  const client = await dialUrl(`ws://127.0.0.1:${port}/mqtt`)({ signal: never });
  cleanups.push(() => client.destroy());
  return { client, server: webSocketStream(...(await accepted)), frames };
}

describe.each([
  ["TCP", tcpPair],
  ["WebSocket", webSocketPair],
])("ByteStream over %s", (_name, connect) => {
  test("carries bytes both ways, in order, as plain Uint8Array", async () => {
    const { client, server } = await connect();
    const echoed = next<Uint8Array>((resolve) => {
      let all = new Uint8Array(0);
      client.onData = (chunk) => {
        expect(chunk.constructor).toBe(Uint8Array);
        all = new Uint8Array([...all, ...chunk]);
        if (all.length === 6) resolve(all);
      };
    });
    server.onData = (chunk) => server.send(chunk.slice());
    client.send(new Uint8Array([1, 2, 3]));
    client.sendMany?.([new Uint8Array([4]), new Uint8Array([5, 6])]);
    expect(await echoed).toEqual(new Uint8Array([1, 2, 3, 4, 5, 6]));
    expect(server.remoteAddress).toBe("127.0.0.1");
    expect(server.secure).toBe(false);
  });

  test("counts what the peer does not read, and tells when it has gone", async () => {
    const { client, server } = await connect();
    server.onData = () => undefined;
    server.pause?.();
    for (let index = 0; index < 300; index++) client.send(new Uint8Array(100_000));
    expect(client.bufferedBytes).toBeGreaterThan(1_000_000);
    const drained = next<void>((resolve) => {
      client.onDrain = resolve;
    });
    server.resume?.();
    await drained;
    expect(client.bufferedBytes).toBe(0);
  });

  test("close sends what is buffered, and each side hears of the end once", async () => {
    const { client, server } = await connect();
    let received = 0;
    let closes = 0;
    const closed = next<Error | undefined>((resolve) => {
      server.onClose = (error) => {
        closes++;
        resolve(error);
      };
    });
    server.onData = (chunk) => {
      received += chunk.length;
    };
    const clientClosed = next<Error | undefined>((resolve) => {
      client.onClose = resolve;
    });
    client.onData = () => undefined;
    for (let index = 0; index < 20; index++) client.send(new Uint8Array(100_000));
    client.close();
    client.close();
    expect(await closed).toBeUndefined();
    expect(await clientClosed).toBeUndefined();
    server.close();
    server.destroy();
    expect(received).toBe(2_000_000);
    expect(closes).toBe(1);
  });

  test("a Connection sees that its peer stopped reading, and that it goes on", async () => {
    const { client, server } = await connect();
    const welcome = encodePacket({ type: "connack", sessionPresent: false, reasonCode: 0 }, 5);
    server.onData = () => server.send(welcome);
    await using connection = new Connection({ dial: async () => client, clientId: "me", reconnect: false });
    await connection.connected();
    server.onData = () => undefined;
    expect(connection.congested(performance.now())).toBe(false);
    server.pause?.();
    while (connection.bufferedBytes < 1_000_000) connection.send("a", new Uint8Array(100_000));
    await soon(() => connection.congested(performance.now())).toBe(true);
    expect(connection.oldestAgeMs(performance.now())).toBeGreaterThan(50);
    server.resume?.();
    await soon(() => connection.congested(performance.now())).toBe(false);
    expect(connection.bufferedBytes).toBe(0);
  });

  test("data that came before its owner is not lost", async () => {
    const { client, server } = await connect();
    client.send(new Uint8Array([7]));
    server.send(new Uint8Array([1]));
    await next<Uint8Array>((resolve) => (client.onData = resolve)); // by now it has come
    expect(await next<Uint8Array>((resolve) => (server.onData = resolve))).toEqual(new Uint8Array([7]));
  });
});

test("a TCP socket is told not to wait for more", () => {
  const socket = new Socket();
  const setNoDelay = vi.spyOn(socket, "setNoDelay");
  tcpStream(socket);
  expect(setNoDelay).toHaveBeenCalledWith(true);
});

test("a WebSocket carries one frame per send", async () => {
  const { client, server, frames } = await webSocketPair();
  server.onData = () => undefined;
  for (let index = 0; index < 20; index++) client.send(new Uint8Array(20_000));
  await soon(() => frames).toEqual(Array(20).fill(20_000));
});

test("a text frame ends the connection with a reason", async () => {
  const http = createHttpServer();
  const sockets = new WebSocketServer({ server: http });
  sockets.on("connection", (socket) => socket.send("hello"));
  const port = await listen(http);
  const client = await dialUrl(`ws://127.0.0.1:${port}/`)({ signal: never });
  client.onData = () => undefined;
  const error = await next<Error | undefined>((resolve) => (client.onClose = resolve));
  expect(error).toMatchObject({ code: "protocol" });
});

async function failure(dialing: Promise<ByteStream>): Promise<ConnectionError> {
  const error = await dialing.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ConnectionError);
  return error as ConnectionError;
}

describe("dialUrl", () => {
  test("says when nothing listens, without the credentials of the URL", async () => {
    const server = createServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    for (const scheme of ["mqtt", "ws"]) {
      const error = await failure(dialUrl(`${scheme}://user:secret@127.0.0.1:${port}/mqtt`)({ signal: never }));
      expect(error.code).toBe("unreachable");
      expect(error.message).toMatch(/^127\.0\.0\.1:\d+ cannot|^ws:\/\/127\.0\.0\.1:\d+\/mqtt cannot/);
      expect(error.message).not.toContain("secret");
    }
  });

  test("says when a host name does not exist", async () => {
    const error = await failure(dialUrl("mqtt://no-such-host.invalid")({ signal: never }));
    expect(error.code).toBe("unreachable");
    expect(error.message).toMatch(/^no-such-host\.invalid cannot be reached: its host name cannot be/);
  });

  test("says when there is no WebSocket at the path", async () => {
    const http = createHttpServer((_request, response) => response.writeHead(404).end());
    const port = await listen(http);
    const error = await failure(dialUrl(`ws://127.0.0.1:${port}/nothing`)({ signal: never }));
    expect(error).toMatchObject({ code: "refused" });
    expect(error.message).toContain("HTTP 404");
  });

  test("says when a certificate is not trusted, and trusts the one it is given", async () => {
    const pems = await generate([{ name: "commonName", value: "127.0.0.1" }], {
      extensions: [{ name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }],
    });
    const server = createTlsServer({ key: pems.private, cert: pems.cert });
    const port = await listen(server);
    const error = await failure(dialUrl(`mqtts://127.0.0.1:${port}`)({ signal: never }));
    expect(error.code).toBe("tls");
    expect(error.message).toMatch(/^No secure connection to 127\.0\.0\.1:\d+: its certificate is self-signed/);
    const stream = await dialUrl(`mqtts://127.0.0.1:${port}`, { ca: pems.cert })({ signal: never });
    expect(stream.secure).toBe(true);
    stream.destroy();
  });

  test("says when the other side does not speak TLS", async () => {
    const server = createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    const port = await listen(server);
    const error = await failure(dialUrl(`mqtts://127.0.0.1:${port}`)({ signal: never }));
    expect(error.code).toBe("tls");
  });

  test.each(["mqtt", "ws"])("stops dialling over %s when it is told to", async (scheme) => {
    const server = createServer((socket) => cleanups.push(() => socket.destroy()));
    const port = await listen(server);
    const abort = new AbortController();
    const dialing = dialUrl(`${scheme}://127.0.0.1:${port}`)({ signal: abort.signal });
    abort.abort(new Error("enough"));
    await expect(dialing).rejects.toThrow("enough");
    await expect(dialUrl(`${scheme}://127.0.0.1:${port}`)({ signal: abort.signal })).rejects.toThrow("enough");
  });

  test.each(["", "localhost", "http://localhost", "mqtt:", "mqtt://user:secret@"])("refuses the address %j", (url) => {
    expect(() => dialUrl(url)).toThrow(ConnectionError);
    expect(() => dialUrl(url)).not.toThrow(/secret/);
  });
});

test("credentialsOf decodes user and password", () => {
  expect(credentialsOf("mqtt://me%40home:p%3Ass@host")).toEqual({ username: "me@home", password: "p:ss" });
  expect(credentialsOf("mqtt://host")).toEqual({});
  expect(() => credentialsOf("mqtt://a:%zz@host")).toThrow(ConnectionError);
});
