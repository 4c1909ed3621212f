// T-ACL-18: how the server ends, as a process: what clients are told, and that they are back when it is.
import { once } from "node:events";
import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { Connection } from "@mqtt-meet/mqtt";
import { dialUrl } from "@mqtt-meet/mqtt/node";
import { createMeetingServer } from "@mqtt-meet/server";
import { afterEach, expect, test } from "vitest";
import WebSocket from "ws";
import { freePort } from "../support/free-port.ts";
import { mqttMeet, type Program } from "../support/program.ts";
import { LINK_PATTERN, startServer } from "../support/start-server.ts";

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** CONNECT without credentials, of MQTT 5 and of 3.1.1. */
const CONNECT = { 5: "101000044d5154540502003c00000378797a", 4: "100f00044d5154540402003c000378797b" } as const;

/** Connects over the pages' WebSocket, and resolves to what it gets from then on. */
async function listenOn(port: number, level: 4 | 5) {
  const socket = new WebSocket(`ws://localhost:${port}/mqtt`, "mqtt");
  cleanUps.push(() => socket.terminate());
  await once(socket, "open");
  socket.send(Buffer.from(CONNECT[level], "hex"));
  await once(socket, "message");
  const packets: string[] = [];
  socket.on("message", (data: Buffer) => packets.push(data.toString("hex")));
  return { packets, closed: once(socket, "close").then(([code]) => code as number) };
}

test("SIGTERM: MQTT 5 clients are told 0x8B, all WebSockets 1001, and the process ends with 0", async () => {
  await using server = await startServer();
  const [five, four] = [await listenOn(server.port, 5), await listenOn(server.port, 4)];
  process.kill(server.program.pid, "SIGTERM");
  expect(await server.program.end()).toEqual({ code: 0, signal: null });
  expect([await five.closed, await four.closed]).toEqual([1001, 1001]);
  expect(five.packets.at(-1)).toMatch(/^e00[0-9a-f]8b/);
  expect(four.packets).toEqual([]); // 3.1.1 has no such packet
});

test("clients come back by themselves when the server is back", async () => {
  const [port, mqttPort] = [await freePort(), await freePort()];
  const start = async (): Promise<Program> => {
    const program = mqttMeet(["serve", "--port", String(port), "--mqtt-port", String(mqttPort)]);
    cleanUps.push(() => program[Symbol.asyncDispose]());
    await program.says(LINK_PATTERN);
    return program;
  };
  const first = await start();
  const client = new Connection({ dial: dialUrl(`ws://localhost:${port}/mqtt`), clientId: "returning" });
  cleanUps.push(() => client.close());
  const heard: string[] = [];
  await client.subscribe("a/b", ({ topic }) => heard.push(topic), { qos: 1, signal: new AbortController().signal });
  process.kill(first.pid, "SIGTERM");
  await first.end();
  await expect.poll(() => client.state.status, { timeout: 10_000 }).not.toBe("connected");
  await start();
  await expect.poll(() => client.state.status, { timeout: 30_000 }).toBe("connected");
  await client.publish("a/b", new Uint8Array(1), { qos: 1 });
  await expect.poll(() => heard, { timeout: 10_000 }).toEqual(["a/b"]);
});

test("SIGHUP shows a new certificate and ends nothing", async () => {
  const folder = await mkdtemp(join(tmpdir(), "mqtt-meet-"));
  cleanUps.push(() => rm(folder, { recursive: true }));
  const [cert, key] = [join(folder, "meet.crt"), join(folder, "meet.key")];
  const writeNew = async (name: string): Promise<string> => {
    const made = await makeCertificate(join(folder, name));
    await Promise.all([copyFile(made.certificate, cert), copyFile(made.key, key)]);
    return readFile(made.authority, "utf8");
  };
  const first = await writeNew("first");
  const port = await freePort();
  const program = mqttMeet(["serve", "--port", String(port), "--mqtt-port", "0", "--cert", cert, "--key", key]);
  cleanUps.push(() => program[Symbol.asyncDispose]());
  const [link] = await program.says(LINK_PATTERN);
  expect(link).toMatch(/^https:\/\/localhost:/);
  await connectsWith(port, first);
  const second = await writeNew("second");
  await expect(connectsWith(port, second)).rejects.toThrow();
  process.kill(program.pid, "SIGHUP");
  await program.says(/There is a new certificate\./);
  await connectsWith(port, second);
  expect(program.running).toBe(true);
});

/** A certificate for localhost, as a server makes its own, and the authority that signed it. */
async function makeCertificate(stateFolder: string): Promise<{ certificate: string; key: string; authority: string }> {
  const server = await createMeetingServer({
    host: "0.0.0.0",
    port: 0,
    webRoot: stateFolder,
    stateFolder,
    version: "0",
  });
  await server.close();
  const file = (name: string) => join(stateFolder, name);
  return { certificate: file("server.crt"), key: file("server.key"), authority: file("ca.crt") };
}

/** Rejects when the port shows another certificate. */
async function connectsWith(port: number, ca: string): Promise<void> {
  const socket = connectTls({ host: "localhost", port, ca });
  await once(socket, "secureConnect");
  socket.destroy();
}
