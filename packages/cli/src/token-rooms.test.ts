import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { joinRoom } from "@mqtt-meet/sdk/node";
import { createMeetingServer, type MeetingServer } from "@mqtt-meet/server";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { runCommand } from "./testing/run-command.ts";
import { loadOrMakeTokenKey } from "./token-key-file.ts";

const folder = mkdtempSync(join(tmpdir(), "mqtt-meet-tokens-"));
const key = join(folder, "meet.pem");
let server: MeetingServer;

beforeAll(async () => {
  const { key: tokenKey } = await loadOrMakeTokenKey(key, "EdDSA");
  server = await createMeetingServer({
    ...{ host: "127.0.0.1", port: 0, version: "0.0.0", webRoot: folder, stateFolder: folder, tokenKey },
  });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** A link that the command makes. */
async function invitation(role: string): Promise<string> {
  const command = runCommand(
    "token",
    "invite",
    "--room",
    "standup",
    "--site",
    server.sites[0],
    "--role",
    role,
    "--key",
    key,
  );
  expect(await command.status).toBe(0);
  return command.out().trim();
}

const patient = { timeout: 20_000, interval: 50 };

test("publish and watch go into a token room, encrypted, as far as their invitations let them (K11)", async () => {
  const publish = runCommand("publish", await invitation("camera"), "--source", "test", "--size", "320x180");
  const watch = runCommand("watch", await invitation("viewer"), "--to", "null", "--json");
  await vi.waitFor(() => expect(watch.json().some(({ width, fps }) => width === 320 && fps > 5)).toBe(true), patient);
  const forbidden = runCommand("publish", await invitation("viewer"), "--source", "test", "--size", "320x180");
  expect(await forbidden.status).toBe(1);
  expect(forbidden.err()).toMatch(/Your invitation does not let you send (?:sound|pictures)\.\n$/);
  const deaf = runCommand("watch", await invitation("camera"), "--to", "null");
  expect(await deaf.status).toBe(1);
  expect(deaf.err()).toMatch(/Your invitation does not let you watch\.\n$/);
  for (const command of [publish, watch]) command.interrupt();
  expect([await publish.status, await watch.status]).toEqual([0, 0]);
}, 60_000);

test("a host removes a participant of the SDK: it is told, and does not come back (A16)", async () => {
  const guest = await invitation("member");
  await using host = await joinRoom(await invitation("host"), { name: "Ada" });
  await using other = await joinRoom(await invitation("member"), { name: "Cleo" });
  await using removed = await joinRoom(guest, { name: "Bob" });
  expect(host.rights).toMatchObject({ host: true, invite: false, camera: true });
  expect(host.encryption.value.encrypted).toBe(true);
  await vi.waitFor(
    () => expect(host.participants.value.map(({ name }) => name).sort()).toEqual(["Bob", "Cleo"]),
    patient,
  );
  await expect(other.remove(removed.peer)).rejects.toMatchObject({ code: "not-authorized" });
  await host.remove(removed.peer);
  await vi.waitFor(() => expect(removed.connection.value.status).toBe("closed"), patient);
  expect(removed.connection.value).toMatchObject({ error: { code: "removed" } });
  await expect(joinRoom(guest, { name: "Bob" })).rejects.toMatchObject({ code: "not-authorized" });
  expect(other.connection.value.status).toBe("connected");
}, 60_000);
