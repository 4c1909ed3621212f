import { randomBytes } from "node:crypto";
import { Connection } from "@mqtt-meet/mqtt";
import { dialUrl } from "@mqtt-meet/mqtt/node";
import { deriveRoom, newPeer, roomPassword } from "@mqtt-meet/protocol";
import { expect, test, vi } from "vitest";
import { openBroker } from "../testing/open-broker.ts";
import { serverRig } from "../testing/server-rig.ts";
import { linkLog } from "./link-log.ts";
import type { LogEntry } from "./log-entry.ts";

const rig = serverRig();
const PATIENT = { timeout: 10_000 };

test("a server tells of its start, its ports and its end", async () => {
  const entries: LogEntry[] = [];
  const server = await rig.start({ mqttPort: 0, metricsPort: 0, log: (entry) => entries.push(entry) });
  await server.close();
  const important = entries.filter(({ level }) => level !== "debug");
  expect(important.map(({ event, fields }) => [event, fields?.["service"], fields?.["port"]])).toEqual([
    ["started", undefined, undefined],
    ["listening", "pages", server.port],
    ["listening", "mqtt", server.mqttPort],
    ["listening", "metrics", server.metricsPort],
    ["stopping", undefined, undefined],
    ["stopped", undefined, undefined],
  ]);
});

test("a port of MQTT that is taken is a warning, and the rest goes on", async () => {
  const entries: LogEntry[] = [];
  const { mqttPort } = await rig.start({ mqttPort: 0 });
  await rig.start({ mqttPort, log: (entry) => entries.push(entry) });
  expect(entries.find(({ event }) => event === "port-unavailable")).toMatchObject({
    level: "warn",
    message: `Port ${mqttPort} is already in use.`,
    fields: { service: "mqtt" },
  });
});

test("what clients show and say is in no line, whether they get in or not", async () => {
  const entries: LogEntry[] = [];
  const { port } = await rig.start({ log: (entry) => entries.push(entry) });
  const secret = randomBytes(32);
  const [{ room, authToken }, { peer, peerSecret }] = await Promise.all([deriveRoom(secret), newPeer()]);
  const right = roomPassword(authToken, peerSecret);
  const dial = dialUrl(`ws://localhost:${port}/mqtt`);
  const connect = (password: string) =>
    new Connection({ dial, clientId: peer, username: room, password, reconnect: false });
  const stranger = connect("hunter2.letmein");
  await expect(stranger.connected()).rejects.toThrow();
  const member = connect(right);
  await member.connected();
  await member.publish(`mm/1/${room}/all/${peer}`, new TextEncoder().encode("whispered"), { qos: 1 });
  await member.close();
  await vi.waitFor(() => expect(entries.map(({ event }) => event)).toContain("disconnected"), PATIENT);
  expect(entries.find(({ event }) => event === "refused")).toMatchObject({
    level: "info",
    fields: { why: expect.stringMatching(/^(bad-user-name-or-password|not-authorized)$/), transport: "websocket" },
  });
  const text = JSON.stringify(entries);
  expect(text).toContain(peer);
  for (const word of ["hunter2", "letmein", right, authToken, peerSecret, "whispered", `/${peer}`]) {
    expect(text).not.toContain(typeof word === "string" ? word : Buffer.from(word).toString("base64url"));
  }
});

test("a gateway says when its broker is lost, and which node it goes to", async () => {
  const entries: LogEntry[] = [];
  const [one, two] = [await openBroker(), await openBroker()];
  rig.cleanUps.push(() => two.close());
  const urls = [one.url, two.url] as const;
  const { port, sites } = await rig.start({ broker: { mode: "gateway", urls }, log: (entry) => entries.push(entry) });
  await expect.poll(async () => (await fetch(`${sites[0]}/readyz`)).status, PATIENT).toBe(200);
  const events = () => entries.map(({ event }) => event);
  await one.close();
  await vi.waitFor(() => expect(events()).toContain("broker-lost"), PATIENT);
  const client = new Connection({ dial: dialUrl(`ws://localhost:${port}/mqtt`), clientId: "plain" });
  rig.cleanUps.push(() => client.close());
  await client.connected();
  await vi.waitFor(() => expect(events()).toContain("broker-back"), PATIENT);
  expect(entries.find(({ event }) => event === "broker-node")?.fields).toEqual({ url: two.url });
});

test("linkLog writes a loss and a return once each, and no end of our own", () => {
  const entries: string[] = [];
  const told = linkLog(({ event }) => entries.push(event));
  const statuses = ["connecting", "connected", "waiting", "connecting", "waiting", "connected", "closed"] as const;
  for (const status of statuses) told({ status } as Parameters<typeof told>[0]);
  expect(entries).toEqual(["broker-lost", "broker-back"]);
});
