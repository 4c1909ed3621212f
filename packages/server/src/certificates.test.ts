import { X509Certificate } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { serverCertificate } from "./certificates.ts";

const DAY_MS = 24 * 3600 * 1000;
const hosts = ["192.168.1.5", "2001:db8::5", "localhost"];
let folder: string;

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), "mqtt-meet-")), "state");
});
afterEach(() => rm(join(folder, ".."), { recursive: true }));

test("serverCertificate makes one for all hosts, signed by an authority that can be installed", async () => {
  const { chain, authority } = await serverCertificate({ folder, hosts });
  const leaf = new X509Certificate(chain);
  const ca = new X509Certificate(authority);
  expect(leaf.verify(ca.publicKey)).toBe(true);
  expect([ca.ca, leaf.ca]).toEqual([true, false]);
  expect(hosts.slice(0, 2).map((host) => leaf.checkIP(host))).toEqual(hosts.slice(0, 2));
  expect(leaf.checkHost("localhost")).toBe("localhost");
  const days = (Date.parse(leaf.validTo) - Date.parse(leaf.validFrom)) / DAY_MS;
  expect(Math.round(days)).toBe(397);
});

test("serverCertificate keeps its files to the owner", async () => {
  await serverCertificate({ folder, hosts });
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  const names = await readdir(folder);
  expect(names.sort()).toEqual(["ca.crt", "ca.key", "server.crt", "server.key"]);
  for (const name of names) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
});

test("serverCertificate uses again what is still right", async () => {
  const first = await serverCertificate({ folder, hosts });
  expect(await serverCertificate({ folder, hosts })).toEqual(first);
  expect(await serverCertificate({ folder, hosts: ["localhost"] })).toEqual(first);
});

test("serverCertificate renews the server's for a new address, and keeps the authority", async () => {
  const first = await serverCertificate({ folder, hosts });
  const second = await serverCertificate({ folder, hosts: [...hosts, "10.0.0.7"] });
  expect(second.authority).toBe(first.authority);
  expect(new X509Certificate(second.chain).checkIP("10.0.0.7")).toBe("10.0.0.7");
});

test("serverCertificate renews what is about to expire", async () => {
  const first = await serverCertificate({ folder, hosts, nowMs: Date.now() - 350 * DAY_MS });
  const second = await serverCertificate({ folder, hosts });
  expect(second.chain).not.toBe(first.chain);
  expect(second.authority).toBe(first.authority);
  const third = await serverCertificate({ folder, hosts, nowMs: Date.now() + 800 * DAY_MS });
  expect(third.authority).not.toBe(first.authority);
  expect(new X509Certificate(third.chain).verify(new X509Certificate(third.authority).publicKey)).toBe(true);
});

test("serverCertificate makes damaged and mixed-up files again", async () => {
  const first = await serverCertificate({ folder, hosts });
  await writeFile(join(folder, "server.key"), await readFile(join(folder, "ca.key")));
  expect((await serverCertificate({ folder, hosts })).chain).not.toBe(first.chain);
  await writeFile(join(folder, "ca.crt"), "nonsense");
  const third = await serverCertificate({ folder, hosts });
  expect(third.authority).not.toBe(first.authority);
  expect(new X509Certificate(third.chain).verify(new X509Certificate(third.authority).publicKey)).toBe(true);
});

test("serverCertificate says where it could not write", async () => {
  await writeFile(folder, "a file where the folder belongs");
  await expect(serverCertificate({ folder, hosts })).rejects.toMatchObject({ code: "certificate-failed" });
});
