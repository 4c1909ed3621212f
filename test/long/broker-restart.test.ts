import { setTimeout as delay } from "node:timers/promises";
import { joinRoom, type NodeRoom } from "@mqtt-meet/sdk/node";
import { expect, test, vi } from "vitest";
import { fakeDevices } from "../support/fake-devices.ts";
import { freePort } from "../support/free-port.ts";
import { MAX_WAITED_PART, ProcessorWait } from "../support/machine.ts";
import { mqttMeet } from "../support/program.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const PEOPLE = 50;
const DOWN_MS = 3_000;
/** What a meeting of 50 may take to be whole again, and how many of them may come in one second meanwhile. */
const BACK_MS = 10_000;
const MAX_CONNECTS_PER_S = 40;
/** What is not within its limit is waited for nevertheless, to be told. */
const PATIENT = { timeout: 120_000, interval: 50 };
const JOIN_AT_ONCE = 5;

/** One line of the server's log. */
interface LogLine {
  readonly event: string;
  readonly time: string;
  readonly client?: string;
}

/** The most clients that came in within one second. A participant's connections for pictures have a suffix: "PEER.C". */
function mostConnectsPerS(log: string, { which }: { readonly which: "participants" | "all" }): number {
  const times = log
    .split("\n")
    .filter((line) => line.startsWith("{") && line.endsWith("}"))
    .map((line) => JSON.parse(line) as LogLine)
    .filter(({ event, client }) => event === "connected" && (which === "all" || !client?.includes(".")))
    .map(({ time }) => Date.parse(time));
  return Math.max(0, ...times.map((from) => times.filter((atMs) => atMs >= from && atMs < from + 1000).length));
}

test("50 people, whose broker is killed and is back after 3 s: all see each other and the picture again, and no word is lost or doubled (R-BROKER)", {
  timeout: 400_000,
}, async ({ skip }) => {
  using folder = temporaryFolder();
  const [port, mqttPort] = [await freePort(), await freePort()];
  const ports = ["--host", "127.0.0.1", "--port", String(port), "--mqtt-port", String(mqttPort)];
  // Fifty people agree on keys with fifty computers, and here they share one: the room is open.
  const logging = ["--open-rooms", "--log-format", "json", "--log-level", "debug"];
  const start = async () => {
    const program = mqttMeet(["serve", ...ports, ...logging], { env: { ...process.env, XDG_STATE_HOME: folder.path } });
    await program.says(/\n/);
    return program;
  };
  await using first = await start();
  const link = `http://127.0.0.1:${port}/r/fifty`;
  const names = Array.from({ length: PEOPLE }, (_, index) => `Person ${index + 1}`);
  const rooms: NodeRoom[] = [];
  using devices = fakeDevices();
  try {
    while (rooms.length < PEOPLE) {
      const some = names.slice(rooms.length, rooms.length + JOIN_AT_ONCE);
      rooms.push(...(await Promise.all(some.map((name) => joinRoom(link, { name })))));
    }
    const [ada] = rooms as [NodeRoom];
    const track = await ada.publishVideo(devices.camera, { source: "device" });
    const pictures = new Array<number>(PEOPLE).fill(0);
    for (const [index, room] of rooms.entries()) {
      if (room === ada) continue;
      room.watchVideo(track.key, (picture) => {
        pictures[index] = (pictures[index] ?? 0) + 1;
        picture.close();
      });
    }
    const live = () =>
      rooms.map(({ participants }) => participants.value.filter(({ status }) => status === "live").length);
    const everybody = names.map(() => PEOPLE - 1);
    const seen = (since: readonly number[]) =>
      rooms.every((room, index) => room === ada || (pictures[index] ?? 0) > (since[index] ?? 0) + 2);
    await vi.waitFor(() => expect(live()).toEqual(everybody), PATIENT);
    await vi.waitFor(() => expect(seen(names.map(() => 0))).toBe(true), PATIENT);
    await Promise.all(rooms.map((room, index) => room.sendMessage(`${names[index]}: before`)));

    first.signal("SIGKILL");
    await first.ended;
    for (const [index, room] of rooms.entries()) void room.sendMessage(`${names[index]}: meanwhile`);
    await delay(DOWN_MS);
    const before = [...pictures];
    const restartedMs = Date.now();
    await using second = await start();
    const wait = new ProcessorWait([process, second]);
    await vi.waitFor(() => expect(live()).toEqual(everybody), PATIENT);
    await vi.waitFor(() => expect(seen(before)).toBe(true), PATIENT);
    const backMs = Date.now() - restartedMs;
    for (const [index, room] of rooms.entries()) void room.sendMessage(`${names[index]}: after`);
    const said = names.flatMap((name) => ["before", "meanwhile", "after"].map((word) => `${name}: ${word}`)).sort();
    for (const room of rooms) {
      await vi.waitFor(() => expect(room.messages.value.map(({ text }) => text).sort()).toEqual(said), PATIENT);
    }
    const connects = mostConnectsPerS(second.stdout, { which: "participants" });
    const all = mostConnectsPerS(second.stdout, { which: "all" });
    console.log(
      `R-BROKER: ${PEOPLE} people back after ${backMs} ms; at most ${connects} of them a second, ${all} connections; ` +
        `${Math.round(wait.part * 100)} % of the time waited for a processor`,
    );
    if (wait.part > MAX_WAITED_PART)
      skip("every word was there; how long it took says nothing, as the machine was busy");
    expect(backMs).toBeLessThanOrEqual(BACK_MS);
    expect(connects).toBeLessThanOrEqual(MAX_CONNECTS_PER_S);
  } finally {
    await Promise.all(rooms.map((room) => room.leave()));
  }
});
