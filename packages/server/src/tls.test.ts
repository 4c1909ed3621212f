import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { get } from "node:https";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { Connection } from "@mqtt-meet/mqtt";
import { dialUrl } from "@mqtt-meet/mqtt/node";
import { deriveRoom, newPeer, roomPassword, TopicScheme } from "@mqtt-meet/protocol";
import { generate } from "selfsigned";
import { expect, test, vi } from "vitest";
import { serverRig } from "./testing/server-rig.ts";

const rig = serverRig();
const { cleanUps, start } = rig;

/** Writes a certificate for localhost, and returns it. */
async function writeCertificate(
  name = "localhost",
): Promise<{ certificate: string; files: { certificate: string; key: string } }> {
  const made = await generate([{ name: "commonName", value: name }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    extensions: [
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: name },
          { type: 2, value: `*.${name}` },
        ],
      },
    ],
  });
  const files = { certificate: join(rig.folder, "meet.crt"), key: join(rig.folder, "meet.key") };
  await writeFile(files.certificate, made.cert);
  await writeFile(files.key, made.private);
  return { certificate: made.cert, files };
}

const authority = () => readFile(join(rig.folder, "state", "ca.crt"), "utf8");
const serialOf = (pem: string) => new X509Certificate(pem).serialNumber;

/** What a port shows who connects now. */
async function shownAt(port: number | undefined): Promise<string> {
  const socket = connectTls({ host: "127.0.0.1", port: port ?? 0, rejectUnauthorized: false });
  await once(socket, "secureConnect");
  const { serialNumber } = socket.getPeerCertificate();
  socket.destroy();
  return serialNumber;
}

async function connected(
  url: string,
  options: Partial<ConstructorParameters<typeof Connection>[0]> & { ca?: string } = {},
) {
  const { ca, ...rest } = options;
  const connection = new Connection({ dial: dialUrl(url, { ca }), clientId: "device", reconnect: false, ...rest });
  cleanUps.push(() => connection.close());
  await connection.connected();
  return connection;
}

async function member() {
  const [access, { peer, peerSecret }] = await Promise.all([deriveRoom(new Uint8Array(32)), newPeer()]);
  const credentials = { clientId: peer, username: access.room, password: roomPassword(access.authToken, peerSecret) };
  return { credentials, topic: new TopicScheme(access.room).state(peer) };
}

test("T-ACL-17: beyond loopback MQTT speaks TLS and wants credentials; nothing answers in clear", async () => {
  const server = await start({ host: "0.0.0.0", mqttPort: 0, mqttsPort: 0 });
  const ca = await authority();
  const url = `mqtts://localhost:${server.mqttsPort}`;
  const { credentials, topic } = await member();
  const connection = await connected(url, { ca, ...credentials });
  await connection.publish(topic, new Uint8Array(1), { qos: 1, retain: true });
  await expect(connected(url, { ca })).rejects.toMatchObject({ code: "bad-credentials" });
  await expect(connected(`mqtt://localhost:${server.mqttsPort}`, credentials)).rejects.toThrow();
  await connected(`mqtt://127.0.0.1:${server.mqttPort}`); // only this machine reaches that port
});

test("T-ACL-17: in clear from other machines there are plain topics for the account, and no meetings", async () => {
  const plainAccount = { username: "devices", password: "of the house" };
  const server = await start({ host: "0.0.0.0", mqttPort: 0, plainAccount });
  const url = `mqtt://127.0.0.1:${server.mqttPort}`;
  const device = await connected(url, plainAccount);
  const heard: string[] = [];
  const { signal } = new AbortController();
  await device.subscribe("cam/#", ({ topic }) => heard.push(topic), { qos: 1, signal });
  await device.publish("cam/1", new Uint8Array(1), { qos: 1 });
  await vi.waitFor(() => expect(heard).toEqual(["cam/1"]));
  const { credentials, topic } = await member();
  await expect(device.subscribe(topic, () => {}, { qos: 0, signal })).rejects.toThrow();
  await expect(device.publish(topic, new Uint8Array(1), { qos: 1 })).rejects.toThrow();
  for (const wrong of [{}, credentials, { ...plainAccount, password: "guess" }, { ...plainAccount, username: "x" }]) {
    await expect(connected(url, { ...wrong, clientId: "other" })).rejects.toMatchObject({ code: "bad-credentials" });
  }
  const page = `wss://localhost:${server.port}/mqtt`;
  await connected(page, { ...credentials, ca: await authority() });
  // The page watches cameras with the account; without, there are meetings only.
  const watcher = await connected(page, { ...plainAccount, clientId: "watcher", ca: await authority() });
  await watcher.subscribe("cam/#", ({ topic }) => heard.push(`page: ${topic}`), { qos: 0, signal });
  await expect(watcher.subscribe(topic, () => {}, { qos: 0, signal })).rejects.toThrow();
  await device.publish("cam/2", new Uint8Array(1), { qos: 1 });
  await vi.waitFor(() => expect(heard).toContain("page: cam/2"));
  await expect(connected(page, { clientId: "nobody", ca: await authority() })).rejects.toMatchObject({
    code: "bad-credentials",
  });
});

test("a new certificate is shown without a restart; who is connected stays", async () => {
  const first = await writeCertificate();
  const seen: unknown[] = [];
  const server = await start({
    ...{ certificateFiles: first.files, mqttsPort: 0, onCertificate: (error: unknown) => seen.push(error) },
  });
  expect(server.sites).toEqual([`https://localhost:${server.port}`]);
  const ports = [server.port, server.mqttsPort];
  const shown = () => Promise.all(ports.map(shownAt));
  expect(await shown()).toEqual([serialOf(first.certificate), serialOf(first.certificate)]);
  const { credentials, topic } = await member();
  const url = `mqtts://localhost:${server.mqttsPort}`;
  const connection = await connected(url, { ca: first.certificate, ...credentials });
  const second = await writeCertificate();
  await server.reloadCertificate?.();
  expect(await shown()).toEqual([serialOf(second.certificate), serialOf(second.certificate)]);
  await connection.publish(topic, new Uint8Array(1), { qos: 1, retain: true });
  expect(connection.state.status).toBe("connected");
  await writeFile(first.files.key, "no key");
  await server.reloadCertificate?.();
  await server.reloadCertificate?.();
  expect(await shown()).toEqual([serialOf(second.certificate), serialOf(second.certificate)]);
  expect(seen).toEqual([undefined, expect.objectContaining({ code: "certificate-failed" })]); // said once
});

test("a certificate of the owner's own names the site, and tells browsers to stay with TLS", async () => {
  const { certificate, files } = await writeCertificate("meet.example");
  const server = await start({ certificateFiles: files });
  expect(server.sites[0]).toBe(`https://meet.example:${server.port}`);
  const options = {
    host: "127.0.0.1",
    port: server.port,
    path: "/healthz",
    ca: certificate,
    servername: "meet.example",
  };
  const [response] = await once(get(options), "response");
  expect(response.headers["strict-transport-security"]).toMatch(/^max-age=\d{7,}$/);
  response.resume();
});

test("a file that is not there is named", async () => {
  const files = { certificate: "/nowhere/meet.crt", key: "/nowhere/meet.key" };
  const message = "/nowhere/meet.crt cannot be read.";
  await expect(start({ certificateFiles: files })).rejects.toMatchObject({ code: "certificate-failed", message });
});

test("a key of another certificate is refused at the start", async () => {
  const { certificate } = await writeCertificate();
  const { files } = await writeCertificate();
  await writeFile(files.certificate, certificate);
  await expect(start({ certificateFiles: files })).rejects.toMatchObject({ code: "certificate-failed" });
});
