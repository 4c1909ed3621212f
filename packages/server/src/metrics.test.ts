import { afterEach, expect, test } from "vitest";
import { createMeetingServer, type MeetingServer } from "./create-meeting-server.ts";
import { type OpenBroker, openBroker } from "./testing/open-broker.ts";
import { parseMetrics } from "./testing/parse-metrics.ts";

let server: MeetingServer | undefined;
let behind: OpenBroker | undefined;
afterEach(async () => {
  await server?.close();
  await behind?.close();
  server = undefined;
  behind = undefined;
});

const options = { host: "127.0.0.1", port: 0, webRoot: "/nowhere", stateFolder: "/nowhere", version: "0" };

test("the numbers are served on a port of this machine, and nowhere else", async () => {
  server = await createMeetingServer({ ...options, metricsPort: 0 });
  const response = await fetch(`http://127.0.0.1:${server.metricsPort}/metrics`);
  expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  expect(parseMetrics(await response.text()).get("mqtt_meet_connections")).toBe(1); // the server itself
  expect((await fetch(`http://127.0.0.1:${server.metricsPort}/other`)).status).toBe(404);
  expect((await fetch(`${server.sites[0]}/metrics`)).status).toBe(404);
});

test("a port that is taken is said", async () => {
  server = await createMeetingServer({ ...options, metricsPort: 0 });
  const metricsPort = server.metricsPort as number;
  await expect(createMeetingServer({ ...options, metricsPort })).rejects.toMatchObject({ code: "port-in-use" });
});

test("the server is ready as long as its broker is", async () => {
  behind = await openBroker();
  server = await createMeetingServer({ ...options, broker: { mode: "gateway", urls: [behind.url] } });
  const ready = async () => (await fetch(`${server?.sites[0]}/readyz`)).status;
  await expect.poll(ready).toBe(200);
  await behind.close();
  await expect.poll(ready).toBe(503);
  expect((await fetch(`${server.sites[0]}/healthz`)).status).toBe(200);
  await server.close();
  server = await createMeetingServer(options);
  expect(await ready()).toBe(200);
});
