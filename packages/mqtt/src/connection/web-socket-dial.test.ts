import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import WebSocket, { WebSocketServer } from "ws";
import { ConnectionError } from "./connection-error.ts";
import { webSocketDial } from "./web-socket-dial.ts";

/** Other programs may keep the machine busy. */
vi.setConfig({ testTimeout: 30_000 });
const soon = <T>(read: () => T) => expect.poll(read, { timeout: 10_000 });

/** The WebSocket of browsers, which Node has only since version 22: its errors need no listener. */
class PlatformWebSocket extends WebSocket {
  constructor(...all: ConstructorParameters<typeof WebSocket>) {
    super(...all);
    this.on("error", () => undefined);
  }
}

const http = createServer();
const server = new WebSocketServer({ noServer: true });
const never = new AbortController().signal;
let url: string;

beforeAll(async () => {
  vi.stubGlobal("WebSocket", PlatformWebSocket);
  http.on("upgrade", (request, socket, head) => {
    if (request.url === "/never") return;
    server.handleUpgrade(request, socket, head, (accepted) => server.emit("connection", accepted, request));
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  url = `ws://user:secret@127.0.0.1:${(http.address() as AddressInfo).port}`;
});

afterAll(() => {
  vi.unstubAllGlobals();
  for (const socket of server.clients) socket.terminate();
  http.closeAllConnections();
  http.close();
});

function accepted(): Promise<WebSocket> {
  return new Promise((resolve) => server.once("connection", resolve));
}

test("speaks the sub-protocol mqtt, in binary, one frame per send", async () => {
  const accepting = accepted();
  const stream = await webSocketDial(`${url}/mqtt`)({ signal: never });
  const peer = await accepting;
  expect(peer.protocol).toBe("mqtt");
  expect(stream.secure).toBe(false);
  const frames: Buffer[] = [];
  peer.on("message", (data: Buffer) => frames.push(data));
  const received = new Promise<Uint8Array>((resolve) => {
    stream.onData = resolve;
  });
  stream.send(new Uint8Array([1, 2]));
  stream.send(new Uint8Array([3]));
  peer.send(new Uint8Array([4, 5]));
  expect(await received).toEqual(new Uint8Array([4, 5]));
  await soon(() => frames.map((frame) => [...frame])).toEqual([[1, 2], [3]]);
  const closed = new Promise<Error | undefined>((resolve) => {
    stream.onClose = resolve;
  });
  stream.close();
  expect(await closed).toBeUndefined();
});

test("tells why the connection ended, once", async () => {
  const accepting = accepted();
  const stream = await webSocketDial(url)({ signal: never });
  const peer = await accepting;
  const ends: (Error | undefined)[] = [];
  stream.onClose = (error) => ends.push(error);
  peer.close(1008, "go away");
  await soon(() => ends.length).toBe(1);
  expect(ends[0]).toMatchObject({ code: "closed", message: expect.stringContaining("go away") });
  stream.destroy();
  expect(ends).toHaveLength(1);
});

test("text is against the rules", async () => {
  const accepting = accepted();
  const stream = await webSocketDial(url)({ signal: never });
  const ended = new Promise<Error | undefined>((resolve) => {
    stream.onClose = resolve;
  });
  (await accepting).send("hello");
  expect(await ended).toMatchObject({ code: "protocol" });
});

test("says when nothing listens, without the credentials of the URL", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as AddressInfo;
  await new Promise((resolve) => other.close(resolve));
  const error = await webSocketDial(`ws://user:secret@127.0.0.1:${port}/mqtt`)({ signal: never }).catch(
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ConnectionError);
  expect(error).toMatchObject({ code: "unreachable", message: `No WebSocket connection to 127.0.0.1:${port}/mqtt.` });
});

test("an address that is none is refused", async () => {
  await expect(webSocketDial("nowhere")({ signal: never })).rejects.toMatchObject({ code: "invalid-address" });
});

test("stops dialling when it is told to", async () => {
  const abort = new AbortController();
  const dialing = webSocketDial(`${url}/never`)({ signal: abort.signal });
  abort.abort(new Error("enough"));
  await expect(dialing).rejects.toThrow("enough");
  await expect(webSocketDial(url)({ signal: abort.signal })).rejects.toThrow("enough");
});
