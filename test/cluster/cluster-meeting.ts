import { setTimeout as delay } from "node:timers/promises";
import type { NodeRoom } from "@mqtt-meet/sdk/node";
import { expect, vi } from "vitest";
import { CleanUps } from "../support/clean-ups.ts";
import { fakeDevices } from "../support/fake-devices.ts";
import { Freezes } from "./freezes.ts";
import type { RunningCluster } from "./running-cluster.ts";
import { takeSeats } from "./seats.ts";

/** A busy machine is not a broken cluster. */
const PATIENT = { timeout: 60_000, interval: 20 };
const LINE_MS = 200;
/** Lines are said for this long before a node is killed, and after everybody is back. */
const TALK_MS = 2_000;

/** What became of a meeting of which one node was killed. */
export interface ClusterReport {
  /** From the kill until pictures went both ways again, of who was on the node: directly, and through a gateway. */
  readonly backMs: { readonly direct: number; readonly gateway: number };
  /** The longest that somebody on the surviving nodes saw nothing new of another, beyond what the test itself stood still. */
  readonly freezeMs: number;
  readonly lines: number;
}

/**
 * Holds a meeting over all nodes of a cluster, kills the last one with `kill -9` and looks after everybody: who was there, who
 * was not, and what is said all the while.
 */
export async function clusterMeeting(cluster: RunningCluster): Promise<ClusterReport> {
  await using ends = new CleanUps();
  const { ada, carol, bob, gina, doomed } = await takeSeats(cluster, ends);
  const everybody = [ada, carol, bob, gina];
  const others = () => everybody.map(({ participants }) => participants.value.length);
  await vi.waitFor(() => expect(others()).toEqual([3, 3, 3, 3]), PATIENT);
  for (const each of everybody) await show(each, ends);
  const freezes = ends.use(new Freezes());
  watch(carol, { from: ada, onPicture: freezes.watch("Ada to Carol") });
  watch(ada, { from: carol, onPicture: freezes.watch("Carol to Ada") });
  const returns = [bob, gina].map((each) => new Return(each, { seenBy: ada }));
  for (const each of returns) ends.use(each);
  const started = () => freezes.pictures > 20 && returns.every(({ pictures }) => pictures.every((count) => count > 5));
  await vi.waitFor(() => expect(started()).toBe(true), PATIENT);
  await cluster.relieveLast?.();

  const talk = ends.use(new Talk(everybody));
  freezes.begin();
  await delay(TALK_MS);
  const killedAtMs = performance.now();
  await doomed[Symbol.asyncDispose]();
  await vi.waitFor(() => expect(returns.every(({ backAtMs }) => backAtMs !== undefined)).toBe(true), PATIENT);
  await delay(TALK_MS);
  const freezeMs = freezes.longestMs();
  const lines = talk.stop();
  await vi.waitFor(() => talk.expectComplete(), PATIENT);
  const [direct = 0, gateway = 0] = returns.map(({ backAtMs = 0 }) => Math.round(backAtMs - killedAtMs));
  return { backMs: { direct, gateway }, freezeMs, lines };
}

/** Publishes a video of 20 pictures a second and sound. */
async function show(room: NodeRoom, ends: CleanUps): Promise<void> {
  const devices = ends.use(fakeDevices());
  await room.publishVideo(devices.camera, { source: "device" });
  await room.publishAudio(devices.microphone, { source: "microphone" });
}

function watch(room: NodeRoom, { from, onPicture }: { readonly from: NodeRoom; readonly onPicture: () => void }): void {
  const key = from.localTracks.value.find(({ kind }) => kind === "video")?.key ?? "";
  room.watchVideo(key, (picture) => {
    picture.close();
    onPicture();
  });
}

/** Notices when somebody has lost the connection and sends and receives pictures again. */
class Return implements Disposable {
  /** Sent and seen by another; received. */
  readonly pictures: [number, number] = [0, 0];
  backAtMs: number | undefined;
  readonly #stop: () => void;
  #isLost = false;
  #atReturn: readonly [number, number] | undefined;

  constructor(room: NodeRoom, { seenBy }: { readonly seenBy: NodeRoom }) {
    watch(seenBy, { from: room, onPicture: () => this.#count(0) });
    watch(room, { from: seenBy, onPicture: () => this.#count(1) });
    this.#stop = room.connection.subscribe(({ status }) => {
      if (status !== "connected") this.#isLost = true;
      else if (this.#isLost) this.#atReturn ??= [...this.pictures];
    });
  }

  [Symbol.dispose](): void {
    this.#stop();
  }

  #count(way: 0 | 1): void {
    this.pictures[way]++;
    const [sent, received] = this.#atReturn ?? [Number.NaN, Number.NaN];
    if (this.pictures[0] > sent + 1 && this.pictures[1] > received + 1) this.backAtMs ??= performance.now();
  }
}

/** Everybody says a line now and then, whatever the connection does, until it is stopped. */
class Talk implements Disposable {
  readonly #said: ReadonlyMap<NodeRoom, string[]>;
  readonly #timer: NodeJS.Timeout;

  constructor(rooms: readonly NodeRoom[]) {
    this.#said = new Map(rooms.map((room) => [room, []]));
    this.#timer = setInterval(() => {
      for (const [room, lines] of this.#said) {
        lines.push(`line ${lines.length}`);
        room.sendMessage(lines.at(-1) ?? "").catch(() => {}); // what arrives is compared
      }
    }, LINE_MS);
  }

  /** How many lines were said. */
  stop(): number {
    clearInterval(this.#timer);
    return [...this.#said.values()].reduce((sum, { length }) => sum + length, 0);
  }

  /** Everybody has every line of everybody, in their order. */
  expectComplete(): void {
    for (const reader of this.#said.keys()) {
      for (const [sender, lines] of this.#said) {
        const read = reader.messages.value.filter(({ from }) => from === sender.peer).map(({ text }) => text);
        expect(read).toEqual(lines);
      }
    }
  }

  [Symbol.dispose](): void {
    this.stop();
  }
}
