import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type NodePicture, Y4mReader } from "@mqtt-meet/media/node";
import { formatMeetingLink, newMeetingLink, newPassphraseLink } from "@mqtt-meet/protocol";
import { joinRoom } from "@mqtt-meet/sdk/node";
import { createMeetingServer, type MeetingServer } from "@mqtt-meet/server";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type RunningCommand, runCommand } from "./testing/run-command.ts";

const folder = mkdtempSync(join(tmpdir(), "mqtt-meet-room-"));
let server: MeetingServer;

beforeAll(async () => {
  const place = { webRoot: folder, stateFolder: folder };
  server = await createMeetingServer({ host: "127.0.0.1", port: 0, mqttPort: 0, version: "0.0.0", ...place });
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const newLink = () => formatMeetingLink(newMeetingLink(server.sites[0], "test"));

/** Waits for what a command prints; fails at once when the command has ended without it. */
async function until(command: RunningCommand, condition: () => boolean): Promise<void> {
  let ended = false;
  void command.status.then(() => {
    ended = true;
  });
  while (!condition()) {
    if (ended) throw new Error(`The command has ended: ${command.out()} ${command.err()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const camera = (link: string, ...more: string[]) =>
  runCommand("publish", link, "--source", "test", "--size", "320x180", "--name", "Porch", ...more);

/** The fields that the reference of `--json` has in its tables. */
async function describedFields(): Promise<ReadonlySet<string>> {
  const text = await readFile(new URL("../../../docs/json-lines.md", import.meta.url), "utf8");
  const rows = text.split("\n").filter((row) => row.startsWith("| `"));
  return new Set(
    rows.flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name)),
  );
}

function fieldsOf(line: object): string[] {
  const { quality } = line as { readonly quality?: object };
  return [...Object.keys(line), ...Object.keys(quality ?? {}).map((field) => `quality.${field}`)];
}

describe("the commands in a meeting", { timeout: 60_000 }, () => {
  test("watch shows and counts the pictures and the sound that publish sends, with their latency", async () => {
    const link = newLink();
    const publish = camera(link, "--json");
    const trace = join(folder, "trace.jsonl");
    const watch = runCommand("watch", link, "--to", "null", "--json", "--trace", trace);
    await until(watch, () => watch.json().filter(({ width, fps }) => width === 320 && fps > 5).length >= 3);
    await until(watch, () => watch.json().some(({ width, fps }) => width === 0 && fps > 15));
    const line = watch.json().findLast(({ width }) => width > 0);
    expect(line).toMatchObject({ from: "Porch", width: 320, height: 180 });
    expect(line?.latencyMs?.p50).toBeGreaterThan(0);
    expect(line?.latencyMs?.p50).toBeLessThan(5_000);
    // How it comes through depends on the machine; that it is rated does not.
    await until(watch, () => watch.json().some(({ quality }) => quality !== undefined));
    const quality = watch.json().findLast((each) => each.quality !== undefined)?.quality;
    expect(quality).toEqual({
      score: expect.any(Number),
      level: expect.stringMatching(/^(good|fair|bad)$/),
      limitedBy: expect.any(String),
    });
    publish.interrupt();
    watch.interrupt();
    expect([await publish.status, await watch.status]).toEqual([0, 0]);
    const described = await describedFields();
    for (const each of [...publish.json(), ...watch.json()]) {
      expect(fieldsOf(each).filter((field) => !described.has(field))).toEqual([]);
    }
    expect(publish.json().at(-1)).toMatchObject({ end: true, tracks: 2 });
    expect(watch.json().at(-1)?.frames).toBeGreaterThan(15);
    expect(watch.err()).toMatch(/Porch is here\.\n/);
    const traced = await readFile(trace, "utf8");
    expect(traced).toMatch(/^\{"trace":1\}\n/);
    for (const kind of ["audio", "video"]) expect(traced).toContain(`"kind":"${kind}"`);
    expect(traced.split("\n").filter((each) => each.startsWith("[")).length).toBeGreaterThan(15);
    expect(traced).not.toMatch(/Porch|camera|microphone/);
  });

  test("publish --simulcast offers a smaller size, and each is received by those whom it fits", async () => {
    const link = newLink();
    const publish = camera(link, "--size", "640x360", "--simulcast");
    const watch = runCommand("watch", link, "--to", "null", "--json");
    const room = await joinRoom(link, { name: "Wall" });
    const widths: number[] = [];
    const show = (picture: NodePicture) => {
      widths.push(picture.displayWidth);
      picture.close();
    };
    const tracks = () => room.participants.value.flatMap((participant) => participant.tracks);
    const { key } = await vi.waitUntil(() => tracks().find(({ kind }) => kind === "video"), { timeout: 30_000 });
    room.watchVideo(key, show, { size: { widthPx: 160, heightPx: 90 } });
    await until(watch, () => watch.json().some(({ width, fps }) => width === 640 && fps > 5) && widths.length > 10);
    expect(widths.at(-1)).toBe(320);
    await room.leave();
    for (const command of [publish, watch]) command.interrupt();
    expect(await Promise.all([publish.status, watch.status])).toEqual([0, 0]);
  });

  test("in a meeting with a passphrase those with the same words meet; no words are printed (K8)", async () => {
    const link = formatMeetingLink(newPassphraseLink(server.sites[0], "test"));
    const publish = camera(link, "--json");
    publish.stdin.write("red boat seven moons\n");
    const watch = runCommand("watch", "-", "--to", "null", "--json");
    watch.stdin.write(`${link}\nRed boat seven moons\n`);
    const stranger = runCommand("watch", link, "--to", "null");
    stranger.stdin.write("red boat seven suns\n");
    await until(watch, () => watch.json().some(({ width, fps }) => width === 320 && fps > 15));
    for (const command of [publish, watch, stranger]) command.interrupt();
    await Promise.all([publish.status, watch.status, stranger.status]);
    expect(watch.err()).toMatch(/Porch is here\.\n/);
    expect(stranger.out()).not.toMatch(/Porch/);
    for (const { out, err } of [publish, watch, stranger]) expect(out() + err()).not.toMatch(/moons|suns/);
  });

  test.each(["vp8", "jpeg"])("a chosen format, %s, is what is sent; --no-audio sends no sound", async (format) => {
    const link = newLink();
    const publish = camera(link, "--format", format, "--no-audio");
    const watch = runCommand("watch", link, "--to", "null", "--json");
    await until(watch, () => watch.json().some(({ fps }) => fps > 15));
    publish.interrupt();
    watch.interrupt();
    await Promise.all([publish.status, watch.status]);
    expect(watch.json().some(({ width }) => width === 0)).toBe(false);
  });

  test("watch --from waits for one of several, and writes its pictures to a pipe", async () => {
    const link = newLink();
    const watch = runCommand("watch", "-", "--from", "porch", "--to", "-");
    watch.stdin.write(`${link}\n`);
    const other = runCommand("publish", link, "--source", "test", "--size", "160x90", "--name", "Yard");
    await until(watch, () => watch.err().includes("Waiting for porch in test."));
    const publish = camera(link);
    await until(watch, () => watch.bytes().length > 20 * 320 * 180 * 1.5);
    for (const command of [other, publish, watch]) command.interrupt();
    expect(await Promise.all([other.status, publish.status, watch.status])).toEqual([0, 0, 0]);
    const reader = new Y4mReader();
    reader.push(watch.bytes());
    expect(reader.header).toMatchObject({ widthPx: 320, heightPx: 180 });
    expect(watch.err()).not.toContain("Yard");
  });

  test.each([
    [["publish", "--source", "test", "--format", "jpeg-base64"], /for topics only/],
    [["publish", "--source", "/no/such.mp4"], /such\.mp4 does not exist/],
  ])("%j is refused in one sentence", async ([command = "", ...options], sentence) => {
    const run = runCommand(command, newLink(), ...options);
    expect(await run.status).toBe(1);
    expect(run.err()).toMatch(sentence);
    expect(run.err().trim().split("\n")).toHaveLength(1);
  });

  test("a server that is not there is told without the meeting's secret", async () => {
    const link = newLink().replace(/:\d+\//, ":9/");
    const run = runCommand("watch", link, "--to", "null");
    expect(await run.status).toBe(1);
    expect(run.err()).not.toContain(link.split("#")[1]);
    expect(run.err().trim().split("\n")).toHaveLength(1);
  });
});
