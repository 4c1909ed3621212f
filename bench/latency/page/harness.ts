import { StampedCamera } from "./camera.ts";
import type { Contender, Sending } from "./contender.ts";
import { joinRooms } from "./join-rooms.ts";
import { connectPeers } from "./peer-connection.ts";
import { ShownFrames } from "./shown-frames.ts";

/** Our rooms as they are, an open room of ours, or a peer connection. */
export type ContenderName = "ours" | "open" | "webrtc";

/** One run as the page is told to do it. */
export interface RunOptions {
  readonly clip: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly fps: number;
  readonly codec: Sending["codec"];
  readonly bitrateBps: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
  /** Who is set up first and looked at first; it changes from run to run. */
  readonly order: readonly ContenderName[];
  /** Of a meeting with and one without encryption. */
  readonly links: { readonly ours: string; readonly open: string };
}

/** What one contender did in one run: a latency for each frame that was seen, and how many there were. */
export interface RunResult {
  readonly latenciesMs: number[];
  readonly captured: number;
  readonly about: string;
}

let pictures: Uint8Array[] | undefined;

async function run(options: RunOptions): Promise<Partial<Record<ContenderName, RunResult>>> {
  pictures ??= await loadPictures(options);
  const camera = new StampedCamera(pictures, options);
  const contenders = new Map<ContenderName, Contender>();
  for (const name of options.order) {
    const sending = { track: camera.track.clone(), codec: options.codec, bitrateBps: options.bitrateBps };
    contenders.set(name, await setUp(name, sending, options));
  }
  const looks = new Map<string, ShownFrames>();
  for (const [name, { element }] of contenders) {
    document.body.append(element);
    looks.set(name, new ShownFrames(element));
  }
  const stop = everyPicture(() => {
    for (const look of looks.values()) look.look(performance.now());
  });
  await new Promise((resolve) => setTimeout(resolve, options.warmUpMs));
  const first = camera.capturedMs.length;
  await new Promise((resolve) => setTimeout(resolve, options.measureMs));
  const last = camera.capturedMs.length;
  await new Promise((resolve) => setTimeout(resolve, 1000)); // the last ones are still on their way
  stop();
  const results: Partial<Record<ContenderName, RunResult>> = {};
  for (const [name, contender] of contenders) {
    const shown = looks.get(name)?.shownMs ?? new Map<number, number>();
    const latenciesMs: number[] = [];
    for (let n = first; n < last; n++) {
      const shownMs = shown.get(n);
      if (shownMs !== undefined) latenciesMs.push(shownMs - (camera.capturedMs[n] ?? 0));
    }
    results[name] = { latenciesMs, captured: last - first, about: await contender.describe() };
    await contender.close();
  }
  camera.close();
  return results;
}

function setUp(name: ContenderName, sending: Sending, { links }: RunOptions): Promise<Contender> {
  return name === "webrtc" ? connectPeers(sending) : joinRooms(sending, { link: links[name] });
}

function everyPicture(look: () => void): () => void {
  let handle = requestAnimationFrame(function again() {
    look();
    handle = requestAnimationFrame(again);
  });
  return () => cancelAnimationFrame(handle);
}

async function loadPictures({ clip, widthPx, heightPx }: RunOptions): Promise<Uint8Array[]> {
  const all = new Uint8Array(await (await fetch(clip)).arrayBuffer());
  const sizeBytes = (widthPx * heightPx * 3) / 2;
  return Array.from({ length: Math.floor(all.length / sizeBytes) }, (_, i) =>
    all.subarray(i * sizeBytes, (i + 1) * sizeBytes),
  );
}

Object.assign(globalThis, { run });
