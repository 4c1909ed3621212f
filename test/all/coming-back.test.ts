import { setTimeout as delay } from "node:timers/promises";
import type { MeetingLink } from "@mqtt-meet/protocol";
import { formatMeetingLink, joinRoom, type NodeRoom, newMeetingLink } from "@mqtt-meet/sdk/node";
import { createMeetingServer } from "@mqtt-meet/server";
import { expect, test, vi } from "vitest";
import { fakeDevices } from "../support/fake-devices.ts";
import { freePort } from "../support/free-port.ts";
import { lineProxy } from "../support/line-proxy.ts";
import { mqttMeet } from "../support/program.ts";
import { describeWith } from "../support/requirements.ts";
import { startMosquitto } from "../support/start-mosquitto.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** What is waited for comes within seconds; how late a starved machine is, does not matter. */
const PATIENT = { timeout: 60_000, interval: 50 };
/** So many pictures after trouble are no remainder of what came before it. */
const ALIVE_PICTURES = 20;
/** Less than the least that a publisher sends for the only viewer there is, and enough for what is said. */
const NARROW_BYTES_PER_S = 8_000;
/** So late are pictures that nobody can talk over them. */
const STALE_MS = 1_500;

/** A server with the embedded broker, until it is disposed of. */
async function openServer() {
  const nowhere = { webRoot: "/nowhere", stateFolder: "/nowhere", version: "test" };
  const server = await createMeetingServer({ ...nowhere, host: "127.0.0.1", port: 0 });
  const { port } = server;
  return { port, site: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: () => server.close() };
}

/** Ada beside the broker, and Bob at the end of a line; Ada shows pictures that Bob watches, and both talk. */
class Pair implements AsyncDisposable {
  readonly ada: NodeRoom;
  readonly bob: NodeRoom;
  /** How old the pictures were that Bob saw, in ms, oldest first. */
  readonly agesMs: number[] = [];
  /** Everybody whom one of them has seen go. */
  readonly left: string[] = [];
  readonly #devices = fakeDevices({ sees: "noise" });
  #said = 0;

  private constructor(rooms: { readonly ada: NodeRoom; readonly bob: NodeRoom }) {
    this.ada = rooms.ada;
    this.bob = rooms.bob;
    for (const room of [this.ada, this.bob]) {
      let present: readonly string[] = [];
      room.participants.subscribe((all) => {
        const names = all.map(({ name }) => name);
        this.left.push(...present.filter((name) => !names.includes(name)));
        present = names;
      });
    }
  }

  /** `far` leads into the same room as `near`, over the line. */
  static async open(near: MeetingLink, far: MeetingLink): Promise<Pair> {
    const [ada, bob] = [
      await joinRoom(formatMeetingLink(near), { name: "Ada" }),
      await joinRoom(formatMeetingLink(far), { name: "Bob" }),
    ];
    const pair = new Pair({ ada, bob });
    const track = await ada.publishVideo(pair.#devices.camera, { source: "device" });
    bob.watchVideo(track.key, (picture) => {
      pair.agesMs.push(Date.now() - picture.timestamp / 1000);
      picture.close();
    });
    await pair.isAlive();
    return pair;
  }

  /** Both say one thing more. */
  talk(): void {
    this.#said++;
    for (const room of [this.ada, this.bob]) void room.sendMessage(String(this.#said));
  }

  /** Waits until pictures come again, all that was said is read, and both see each other. */
  async isAlive(): Promise<void> {
    const before = this.agesMs.length;
    await vi.waitFor(() => expect(this.agesMs.length).toBeGreaterThan(before + ALIVE_PICTURES), PATIENT);
    const numbers = Array.from({ length: this.#said }, (_, index) => String(index + 1));
    for (const room of [this.ada, this.bob]) {
      for (const own of [true, false]) {
        const read = () => room.messages.value.filter((message) => message.own === own).map(({ text }) => text);
        await vi.waitFor(() => expect(read()).toEqual(numbers), PATIENT);
      }
      const statuses = () => room.participants.value.map(({ status }) => status);
      await vi.waitFor(() => expect(statuses()).toEqual(["live"]), PATIENT);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#devices[Symbol.dispose]();
    await Promise.all([this.ada.leave(), this.bob.leave()]);
  }
}

test("cuts of 1 and 5 s, RST, and a connection that is forsaken: pictures and every word come back, and nobody is shown as left (R-CUT1, R-CUT5, R-RST, R-TAKEOVER)", async () => {
  await using server = await openServer();
  await using line = await lineProxy(server.port);
  const link = newMeetingLink(server.site, "suite");
  await using pair = await Pair.open(link, { ...link, site: `http://127.0.0.1:${line.port}` });
  const connections = line.connections.ever;
  for (const seconds of [1, 5]) {
    line.hold();
    pair.talk();
    await delay(seconds * 500);
    pair.talk();
    await delay(seconds * 500);
    line.release();
    await pair.isAlive();
    // A second is nothing to connect anew for.
    if (seconds === 1) expect(line.connections.ever).toBe(connections);
  }
  for (const disturb of [() => line.reset(), () => line.forsake()]) {
    const before = line.connections.ever;
    disturb();
    pair.talk();
    await vi.waitFor(() => expect(line.connections.ever).toBeGreaterThan(before), PATIENT);
    await pair.isAlive();
  }
  expect(pair.left).toEqual([]);
});

test("a broker that is killed and started again: everybody is back with every word (R-BROKER)", async () => {
  using folder = temporaryFolder();
  const [port, mqttPort] = [await freePort(), await freePort()];
  const options = ["--host", "127.0.0.1", "--port", String(port), "--mqtt-port", String(mqttPort)];
  const start = async () => {
    const program = mqttMeet(["serve", ...options], { env: { ...process.env, XDG_STATE_HOME: folder.path } });
    await program.says(/http\S+\/r\//);
    return program;
  };
  await using first = await start();
  const link = formatMeetingLink(newMeetingLink(`http://127.0.0.1:${port}`, "suite"));
  const names = ["Ada", "Bob", "Cem", "Dora", "Eve", "Finn"];
  const rooms: NodeRoom[] = [];
  try {
    for (const name of names) rooms.push(await joinRoom(link, { name }));
    const others = () => rooms.map(({ participants }) => participants.value.filter(({ status }) => status === "live"));
    const everybody = () => expect(others().map(({ length }) => length)).toEqual(names.map(() => names.length - 1));
    await vi.waitFor(everybody, PATIENT);
    first.signal("SIGKILL");
    await first.ended;
    for (const [i, room] of rooms.entries()) void room.sendMessage(names[i] ?? "");
    await delay(1_000);
    await using _second = await start();
    await vi.waitFor(everybody, PATIENT);
    for (const room of rooms) {
      const read = () => room.messages.value.map(({ text }) => text).sort();
      await vi.waitFor(() => expect(read()).toEqual(names), PATIENT);
    }
  } finally {
    await Promise.all(rooms.map((room) => room.leave()));
  }
});

describeWith(["mosquitto"], "a broker that keeps everything for a slow receiver", () => {
  test("what waits in it for too long is thrown away with the connection, and the meeting goes on", async () => {
    await using mosquitto = await startMosquitto();
    await using line = await lineProxy(mosquitto.port);
    const link = newMeetingLink("http://127.0.0.1", "suite");
    const over = (port: number): MeetingLink => ({ ...link, brokers: [`mqtt://127.0.0.1:${port}`] });
    await using pair = await Pair.open(over(mosquitto.port), over(line.port));
    const statuses: string[] = [];
    pair.bob.connection.subscribe(({ status }) => statuses.push(status));
    const before = line.connections.ever;
    line.narrow(NARROW_BYTES_PER_S); // for as long as the connection lives: what waits goes no other way than with it
    await vi.waitFor(() => expect(line.connections.ever).toBe(before + 1), PATIENT);
    const [stale, seen] = [Math.max(...pair.agesMs), pair.agesMs.length];
    expect(stale).toBeGreaterThan(STALE_MS);
    line.narrow(Number.POSITIVE_INFINITY);
    await vi.waitFor(() => expect(Math.min(...pair.agesMs.slice(seen))).toBeLessThan(stale / 2), PATIENT);
    console.log(`${stale.toFixed(0)} ms behind, then ${Math.min(...pair.agesMs.slice(seen)).toFixed(0)} ms`);
    pair.talk();
    await pair.isAlive();
    expect(statuses).toEqual(["connected"]);
    expect(pair.left).toEqual([]);
  });
});
