import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatMeetingLink, topicLevel } from "@mqtt-meet/protocol";
import { type DoorStanding, joinRoom, type NodeRoom } from "@mqtt-meet/sdk/node";
import {
  createMeetingServer,
  invitationPayload,
  type MeetingServer,
  signToken,
  type TokenKey,
} from "@mqtt-meet/server";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { runCommand } from "./testing/run-command.ts";
import { loadOrMakeTokenKey } from "./token-key-file.ts";
import { ROLES } from "./token-roles.ts";
import { tokenRoomSecret } from "./token-room-secret.ts";

const folder = mkdtempSync(join(tmpdir(), "mqtt-meet-door-"));
let key: TokenKey;
let server: MeetingServer;

beforeAll(async () => {
  ({ key } = await loadOrMakeTokenKey(join(folder, "meet.pem"), "EdDSA"));
  server = await createMeetingServer({
    ...{ host: "127.0.0.1", port: 0, version: "0.0.0", webRoot: folder, stateFolder: folder, tokenKey: key },
  });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** A link into `name` for one person. */
function invitation(
  name: string,
  role: "host" | "member" | "camera",
  options: { readonly wait?: boolean } = {},
): string {
  const room = topicLevel(name);
  const rights = ROLES[role];
  if (rights === undefined) throw new RangeError("There is no such role.");
  const nowS = Math.floor(Date.now() / 1000);
  const times = { notBeforeS: nowS - 1, expiresAtS: nowS + 600 };
  const payload = invitationPayload({ room, role, ...rights, wait: options.wait ?? false, ...times });
  const secret = tokenRoomSecret(key.key, room);
  return formatMeetingLink({ site: server.sites[0], name, invitation: signToken(payload, key), secret });
}

/** Somebody who joins, and is told how it stands meanwhile. */
function arrive(link: string, name: string) {
  const standings: DoorStanding[] = [];
  const calledOff = new AbortController();
  const { signal } = calledOff;
  const joining = joinRoom(link, { name, signal, onStanding: (standing) => standings.push(standing) });
  joining.catch(() => undefined); // looked at by the test
  return { joining, standings, calledOff };
}

const patient = { timeout: 20_000, interval: 50 };
const waiting = (host: NodeRoom) => host.door.value.waiting.map(({ name }) => name);

test("hosts let in, send away and lock out, and the server of the room sees to it (D1 to D8)", async () => {
  await using host = await joinRoom(invitation("door", "host"), { name: "Ada" });
  expect(host.door.value).toMatchObject({ enforced: true, rules: { locked: false, waitingRoom: false } });
  const [bob, cleo] = [
    arrive(invitation("door", "member", { wait: true }), "Bob"),
    arrive(invitation("door", "member", { wait: true }), "Cleo"),
  ];
  await vi.waitFor(() => expect(waiting(host).toSorted()).toEqual(["Bob", "Cleo"]), patient);
  await vi.waitFor(() => expect([bob.standings, cleo.standings]).toEqual([["waiting"], ["waiting"]]), patient);
  const peerOf = (wanted: string) => host.door.value.waiting.find(({ name }) => name === wanted)?.peer ?? "";
  await host.enforce({ order: "turn-away", peer: peerOf("Cleo") });
  await expect(cleo.joining).rejects.toMatchObject({ code: "removed", message: "A host did not let you in." });
  await host.enforce({ order: "admit", peer: peerOf("Bob") });
  await using inside = await bob.joining;
  await vi.waitFor(() => expect(host.participants.value.map(({ name }) => name)).toEqual(["Bob"]), patient);
  expect(waiting(host)).toEqual([]);
  await expect(inside.enforce({ order: "lock", on: true })).rejects.toMatchObject({ code: "not-authorized" });

  await host.enforce({ order: "lock", on: true });
  await vi.waitFor(() => expect(inside.door.value.rules.locked).toBe(true), patient);
  const [dora, emil] = [arrive(invitation("door", "member"), "Dora"), arrive(invitation("door", "member"), "Emil")];
  await vi.waitFor(() => expect([dora.standings, emil.standings]).toEqual([["locked"], ["locked"]]), patient);
  await vi.waitFor(() => expect(waiting(host)).toHaveLength(2), patient);
  const reason = new Error("enough");
  emil.calledOff.abort(reason);
  await expect(emil.joining).rejects.toBe(reason);
  await vi.waitFor(() => expect(waiting(host)).toEqual(["Dora"]), patient);
  await host.enforce({ order: "lock", on: false });
  await using late = await dora.joining;
  expect(late.door.value.rules.locked).toBe(false);
}, 120_000);

test("who is muted by a host stays so, also after coming again, until it is lifted (D6, D7)", async () => {
  await using host = await joinRoom(invitation("mute", "host"), { name: "Ada" });
  await host.enforce({ order: "waiting-room", on: true });
  await vi.waitFor(() => expect(host.door.value.rules.waitingRoom).toBe(true), patient);
  const link = invitation("mute", "camera");
  const publish = () =>
    runCommand("publish", link, "--source", "test", "--size", "320x180", "--name", "Porch", "--json");
  const first = publish();
  await vi.waitFor(() => expect(waiting(host)).toEqual(["Porch"]), patient);
  await vi.waitFor(() => expect(first.out()).toContain('"standing":"waiting"'), patient);
  expect(first.err()).toContain("A host has to let you in: waiting. Ctrl-C gives up.\n");
  await host.enforce({ order: "admit", peer: host.door.value.waiting[0]?.peer ?? "" });
  const mutes = () =>
    host.participants.value.flatMap(({ tracks }) => tracks.map(({ kind, muted }) => `${kind} ${muted}`));
  await vi.waitFor(() => expect(mutes().toSorted()).toEqual(["audio false", "video false"]), patient);
  expect(first.out()).toContain('"standing":"in"');

  const peer = host.participants.value[0]?.peer ?? "";
  await host.enforce({ order: "mute", kinds: ["camera"], peer });
  await vi.waitFor(() => expect(mutes().toSorted()).toEqual(["audio false", "video true"]), patient);
  expect(first.err()).toContain("A host has muted your picture.\n");
  first.interrupt();
  expect(await first.status).toBe(0);

  // Another peer with the same invitation.
  const again = publish();
  await vi.waitFor(() => expect(waiting(host)).toEqual(["Porch"]), patient);
  await host.enforce({ order: "admit", peer: host.door.value.waiting[0]?.peer ?? "" });
  await vi.waitFor(() => expect(mutes().toSorted()).toEqual(["audio false", "video true"]), patient);
  await host.enforce({ order: "mute", kinds: [], peer: host.participants.value[0]?.peer ?? "" });
  await vi.waitFor(() => expect(mutes().toSorted()).toEqual(["audio false", "video false"]), patient);
  expect(again.err()).toContain("A host lets your picture be sent again.\n");
  again.interrupt();
  expect(await again.status).toBe(0);
}, 120_000);
