import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import WebSocket from "ws";
import type { MeetingServer } from "./create-meeting-server.ts";
import { serverRig } from "./testing/server-rig.ts";

const rig = serverRig({ "index.html": "home", "r/index.html": "room" });
const { cleanUps, start } = rig;

async function read({ port }: MeetingServer, path: string, headers: Record<string, string> = {}) {
  const [response] = (await once(get({ port, path, headers }), "response")) as [IncomingMessage];
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) text += chunk;
  return { status: response.statusCode, text, headers: response.headers };
}

/** What is answered to a CONNECT without credentials over a WebSocket: 0 to local clients; or the refusal of HTTP. */
async function outcome({ port }: MeetingServer, headers: Record<string, string>, path = "/mqtt"): Promise<number> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, "mqtt", { headers });
  cleanUps.push(() => socket.terminate());
  return new Promise((resolve) => {
    socket.on("unexpected-response", (_request, response) => resolve(response.statusCode ?? 0));
    socket.on("error", () => resolve(-1));
    socket.on("open", () => socket.send(Buffer.from("100f00044d5154540402003c000378797a", "hex")));
    socket.on("message", (data: Buffer) => resolve(data[3] ?? -1));
  });
}

const FORWARDED = {
  "x-forwarded-for": "203.0.113.7",
  "x-forwarded-proto": "https",
  "x-forwarded-host": "meet.example",
};
const ORIGIN = { origin: "https://meet.example" };

test("under a path pages, configuration and WebSocket are found, whether the proxy leaves the path or takes it off", async () => {
  const server = await start({ basePath: "/meet/" });
  expect(server.sites[0]).toBe(`http://localhost:${server.port}/meet`);
  for (const base of ["/meet", ""]) {
    expect(await read(server, `${base}/`), base).toMatchObject({ status: 200, text: "home" });
    expect(await read(server, `${base}/r/blue-fox?x=1`), base).toMatchObject({ status: 200, text: "room" });
    expect(JSON.parse((await read(server, `${base}/config.json`)).text)).toMatchObject({ broker: "mqtt" });
    expect((await read(server, `${base}/readyz`)).status).toBe(200);
    expect(await outcome(server, {}, `${base}/mqtt`)).toBe(0);
  }
  expect(await read(server, "/meet")).toMatchObject({ status: 308, headers: { location: "/meet/" } });
  expect((await read(server, "/meeting/")).status).toBe(404);
});

test("T-ACL-15: a page behind a trusted proxy connects by the host and scheme that its browser knows", async () => {
  const server = await start({ trustedProxies: ["127.0.0.1"] });
  expect(await outcome(server, { ...FORWARDED, ...ORIGIN })).toBe(5); // let in to MQTT, where credentials are missing
  expect(await outcome(server, { ...FORWARDED, origin: "https://evil.example" })).toBe(403);
  expect(await outcome(server, { ...FORWARDED, origin: "http://meet.example" })).toBe(403);
  const { headers } = await read(server, "/", FORWARDED);
  expect(headers["content-security-policy"]).toContain("wss://meet.example");
});

test("T-ACL-15: nobody else's headers are believed", async () => {
  const server = await start({ trustedProxies: ["192.0.2.1"] });
  expect(await outcome(server, { ...FORWARDED, ...ORIGIN })).toBe(403);
  const { headers } = await read(server, "/", FORWARDED);
  expect(headers["content-security-policy"]).not.toContain("meet.example");
});

test("T-ACL-11: clients behind a trusted proxy are counted each for itself, others all as the proxy", async () => {
  const attempts = async (server: MeetingServer, clients: readonly string[]) => {
    const outcomes: number[] = [];
    for (const address of clients) {
      const headers = { "x-forwarded-for": `198.51.100.1, ${address}` };
      outcomes.push(await outcome(server, headers));
    }
    return outcomes;
  };
  const trusting = await start({ trustedProxies: ["127.0.0.1"] });
  const same = Array.from({ length: 7 }, () => "203.0.113.7");
  // 5: wrong credentials; then the address has failed too often.
  expect(await attempts(trusting, same)).toEqual([5, 5, 5, 5, 5, 3, 3]);
  expect(await attempts(trusting, ["203.0.113.8"])).toEqual([5]);
  const strict = await start();
  expect((await attempts(strict, [...same, "203.0.113.8"])).at(-1)).toBe(3);
});

test("what is no path and no address is refused at the start", async () => {
  await expect(start({ basePath: "meet" })).rejects.toThrow(RangeError);
  await expect(start({ trustedProxies: ["proxy.example"] })).rejects.toThrow(RangeError);
});
