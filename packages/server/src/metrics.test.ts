import { Broker } from "@mqtt-meet/broker";
import { afterEach, expect, test } from "vitest";
import { createMeetingServer, type MeetingServer } from "./create-meeting-server.ts";
import { metricsText } from "./metrics-text.ts";
import { type OpenBroker, openBroker } from "./testing/open-broker.ts";

let server: MeetingServer | undefined;
let behind: OpenBroker | undefined;
afterEach(async () => {
  await server?.close();
  await behind?.close();
  server = undefined;
  behind = undefined;
});

const options = { host: "127.0.0.1", port: 0, webRoot: "/nowhere", stateFolder: "/nowhere", version: "0" };

/** Reads the text format: every sample after the HELP and TYPE of its metric, all of one metric together. */
function parse(text: string): Map<string, number> {
  const samples = new Map<string, number>();
  const seen = new Set<string>();
  let [name, type] = ["", ""];
  expect(text.endsWith("\n")).toBe(true);
  for (const line of text.slice(0, -1).split("\n")) {
    const comment = /^# (HELP|TYPE) ([a-zA-Z_:][\w:]*) (\S.*)$/.exec(line);
    if (comment?.[1] === "HELP") {
      name = comment[2] ?? "";
      expect(seen.has(name), name).toBe(false);
      seen.add(name);
    } else if (comment) {
      expect(comment[2]).toBe(name);
      type = comment[3] ?? "";
      expect(["counter", "gauge"]).toContain(type);
    } else {
      const sample = /^([a-zA-Z_:][\w:]*)(\{[a-z_]+="[^"\\\n]*"\})? (\d+(?:\.\d+)?(?:e[+-]\d+)?)$/.exec(line);
      expect(sample?.[1], line).toBe(name);
      if (type === "counter") expect(name).toMatch(/_total$/);
      samples.set(`${name}${sample?.[2] ?? ""}`, Number(sample?.[3]));
    }
  }
  return samples;
}

test("metricsText tells everything that the broker counts", () => {
  using broker = new Broker();
  const { statistics } = broker;
  const numbers = { ...statistics, messagesIn: 7, stalledConnections: 2, dropped: { ...statistics.dropped, audio: 3 } };
  const samples = parse(metricsText(numbers, { residentBytes: 1e8, cpuS: 1.5, uptimeS: 60 }));
  expect(samples.get('mqtt_meet_messages_total{direction="in"}')).toBe(7);
  expect(samples.get('mqtt_meet_messages_dropped_total{lane="audio"}')).toBe(3);
  expect(samples.get('mqtt_meet_connections_ended_total{reason="stalled"}')).toBe(2);
  expect(samples.get("mqtt_meet_process_cpu_seconds_total")).toBe(1.5);
  // Every number, and the lanes for themselves; memory, time and processor on top.
  expect(samples.size).toBe(Object.keys(statistics).length - 1 + 4 + 3);
});

test("the numbers are served on a port of this machine, and nowhere else", async () => {
  server = await createMeetingServer({ ...options, metricsPort: 0 });
  const response = await fetch(`http://127.0.0.1:${server.metricsPort}/metrics`);
  expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  expect(parse(await response.text()).get("mqtt_meet_connections")).toBe(1); // the server itself
  expect((await fetch(`http://127.0.0.1:${server.metricsPort}/`)).status).toBe(404);
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
