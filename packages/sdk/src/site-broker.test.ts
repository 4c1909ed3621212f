import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import * as selfsigned from "selfsigned";
import { afterEach, expect, test, vi } from "vitest";
import { siteBroker } from "./site-broker.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

function answer(text: string, status = 200): void {
  vi.stubGlobal("fetch", async () => new Response(text, { status }));
}

test("siteBroker finds the broker beside its site, under any path, or elsewhere", async () => {
  answer('{"version":"0.1.0","broker":"mqtt"}');
  expect(await siteBroker("http://localhost:8080")).toEqual({ urls: ["ws://localhost:8080/mqtt"] });
  expect(await siteBroker("https://example.org/meet")).toEqual({ urls: ["wss://example.org/meet/mqtt"] });
  answer('{"broker":"wss://broker.example.org:8084/mqtt"}');
  expect(await siteBroker("https://example.org")).toEqual({ urls: ["wss://broker.example.org:8084/mqtt"] });
});

test("siteBroker tells of an account that everybody uses", async () => {
  answer('{"broker":"wss://broker.example.org/ws","username":"meet","password":"secret"}');
  const urls = ["wss://broker.example.org/ws"];
  expect(await siteBroker("https://example.org")).toEqual({ urls, username: "meet", password: "secret" });
  answer('{"broker":"wss://broker.example.org/ws","password":"secret"}');
  expect(await siteBroker("https://example.org")).toEqual({ urls });
});

test("siteBroker tells of other brokers with camera topics", async () => {
  answer('{"broker":"mqtt","cameraBrokers":["wss://b.example/mqtt","mqtt://b.example",7,"ws://"]}');
  expect(await siteBroker("https://example.org")).toMatchObject({ cameraBrokers: ["wss://b.example/mqtt"] });
});

test("siteBroker finds the nodes of a cluster", async () => {
  answer('{"broker":["wss://a.example/mqtt","http://b.example/mqtt"]}');
  const urls = ["wss://a.example/mqtt", "ws://b.example/mqtt"];
  expect(await siteBroker("https://example.org")).toEqual({ urls });
});

test("siteBroker says when a site is something else", async () => {
  for (const text of [
    "<h1>Hello</h1>",
    "",
    "null",
    "[]",
    "{}",
    '{"broker":1}',
    '{"broker":"ftp://x/y"}',
    '{"broker":[]}',
    '{"broker":["mqtt",1]}',
  ]) {
    answer(text);
    await expect(siteBroker("https://example.org"), text).rejects.toMatchObject({ code: "server-unknown" });
  }
  answer('{"broker":"mqtt"}', 404);
  await expect(siteBroker("https://example.org")).rejects.toMatchObject({ code: "server-unknown" });
});

test("siteBroker gives up on a site that does not answer, and when it is called off", async () => {
  vi.spyOn(AbortSignal, "timeout").mockReturnValue(AbortSignal.abort(new DOMException("late", "TimeoutError")));
  vi.stubGlobal("fetch", async (_: string, { signal }: { readonly signal: AbortSignal }) => signal.throwIfAborted());
  await expect(siteBroker("https://example.org")).rejects.toMatchObject({
    code: "server-unreachable",
    message: "https://example.org does not answer.",
  });
  const reason = new Error("called off");
  await expect(siteBroker("https://example.org", { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  vi.restoreAllMocks();
});

test("siteBroker says what to do about a certificate that nobody vouches for", async () => {
  const { private: key, cert } = await selfsigned.generate([{ name: "commonName", value: "localhost" }]);
  const server = createServer({ key, cert }, (_, response) => response.end("{}"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const site = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    await expect(siteBroker(site)).rejects.toMatchObject({
      code: "certificate-untrusted",
      message: expect.stringMatching(/\/ca\.crt.*NODE_EXTRA_CA_CERTS/),
    });
  } finally {
    server.close();
  }
});
