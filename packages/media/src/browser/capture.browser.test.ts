import { afterEach, expect, test } from "vitest";
import { epochNowMs } from "../epoch-clock.ts";
import type { EchoReport, EchoRequest } from "../testing/echo-worker.ts";
import { openCamera, openMicrophone } from "./devices.ts";
import { captureMicrophone } from "./microphone-capture.ts";
import { createPictureOutput } from "./picture-output.ts";
import { openSpeaker } from "./speaker-output.ts";
import { captureVideo } from "./video-capture.ts";

const CAPTURE_WORKLET = new URL("./capture-worklet.ts", import.meta.url);
const PLAYOUT_WORKLET = new URL("./playout-worklet.ts", import.meta.url);

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

function openWorker() {
  const worker = new Worker(new URL("../testing/echo-worker.ts", import.meta.url), { type: "module" });
  const reports: EchoReport[] = [];
  worker.onmessage = ({ data }: MessageEvent<EchoReport>) => reports.push(data);
  cleanups.push(() => worker.terminate());
  const ask = (request: EchoRequest, transfer: Transferable[] = []) => worker.postMessage(request, transfer);
  return { ask, reports };
}

function until(condition: () => boolean, limitMs = 8_000): Promise<void> {
  const endMs = epochNowMs() + limitMs;
  return new Promise((resolve, reject) => {
    const check = () => {
      if (condition()) resolve();
      else if (epochNowMs() > endMs) reject(new Error(`Not within ${limitMs} ms: ${condition}`));
      else setTimeout(check, 5);
    };
    check();
  });
}

async function camera(): Promise<MediaStreamTrack> {
  const track = await openCamera({ widthPx: 640, heightPx: 360, frameRate: 30 });
  cleanups.push(() => track.stop());
  return track;
}

/** As in a browser that has none. */
function withoutProcessor(): void {
  const processor = Reflect.get(globalThis, "MediaStreamTrackProcessor");
  Reflect.deleteProperty(globalThis, "MediaStreamTrackProcessor");
  cleanups.push(() => Reflect.set(globalThis, "MediaStreamTrackProcessor", processor));
}

function videoElement(): HTMLVideoElement {
  const element = document.createElement("video");
  document.body.append(element);
  cleanups.push(() => element.remove());
  return element;
}

/** Red, green and blue of a place in what `element` shows; the place from 0 to 1. */
function pixelOf(element: HTMLVideoElement | HTMLCanvasElement, x: number, y: number): number[] {
  const [width, height] =
    element instanceof HTMLVideoElement ? [element.videoWidth, element.videoHeight] : [element.width, element.height];
  const context = new OffscreenCanvas(Math.max(1, width), Math.max(1, height)).getContext("2d");
  context?.drawImage(element, 0, 0);
  return [...(context?.getImageData(Math.floor(x * width), Math.floor(y * height), 1, 1).data ?? [])].slice(0, 3);
}

/** Left half white, right half black. */
function halves(): VideoFrame {
  const [width, height] = [64, 32];
  const pixels = new Uint8Array((width * height * 3) / 2).fill(128);
  for (let i = 0; i < width * height; i++) pixels[i] = i % width < width / 2 ? 235 : 16;
  return new VideoFrame(pixels, { format: "I420", codedWidth: width, codedHeight: height, timestamp: 1 });
}

test("a camera is read and shown by a worker, with times on the epoch clock", async () => {
  const { ask, reports } = openWorker();
  const element = videoElement();
  const capture = captureVideo(await camera());
  const output = createPictureOutput(element);
  const request = { type: "pictures", source: capture.source, connection: output.connection } as const;
  ask(request, [...capture.transfer, ...output.transfer]);
  await until(() => reports.length >= 20 && element.videoWidth === 640);

  const pictures = reports.filter((report) => report.type === "picture");
  const last = pictures.at(-1);
  expect(last).toMatchObject({ widthPx: 640, heightPx: 360 });
  expect(Math.abs(epochNowMs() - (last?.timestampUs ?? 0) / 1000)).toBeLessThan(1_000);
  const times = pictures.map(({ timestampUs }) => timestampUs).slice(-10);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  const secondsPerFrame = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 9 / 1e6;
  expect(secondsPerFrame).toBeGreaterThan(0.02);
  expect(secondsPerFrame).toBeLessThan(0.2);
  // Chromium's fake camera is green with a timer on it.
  const [red = 0, green = 0, blue = 0] = pixelOf(element, 0.5, 0.9);
  expect(green).toBeGreaterThan(red + blue);
  capture.close();
  await until(() => reports.some(({ type }) => type === "end"));
  output.close();
  expect(element.srcObject).toBeNull();
});

test("without a MediaStreamTrackProcessor a camera is read through a video element", async () => {
  withoutProcessor();
  const { ask, reports } = openWorker();
  const capture = captureVideo(await camera());
  expect(capture.source.kind).toBe("port");
  const output = createPictureOutput(videoElement());
  const request = { type: "pictures", source: capture.source, connection: output.connection } as const;
  ask(request, [...capture.transfer, ...output.transfer]);
  await until(() => reports.length >= 10);
  const [last] = reports.slice(-1);
  expect(last).toMatchObject({ type: "picture", widthPx: 640, heightPx: 360 });
  if (last?.type === "picture") expect(Math.abs(epochNowMs() - last.timestampUs / 1000)).toBeLessThan(1_000);
  capture.close();
  await until(() => reports.some(({ type }) => type === "end"));
});

test("pictures are turned on a video element and on a canvas", async () => {
  const video = videoElement();
  const canvas = document.createElement("canvas");
  document.body.append(canvas);
  cleanups.push(() => canvas.remove());
  for (const element of [video, canvas]) {
    const { ask } = openWorker();
    const output = createPictureOutput(element);
    const frame = halves();
    ask({ type: "draw", connection: output.connection, frame, rotation: 90 }, [frame, ...output.transfer]);
    // Turned clockwise, the left half is the upper one.
    await until(() => (pixelOf(element, 0.5, 0.2)[0] ?? 0) > 200 && (pixelOf(element, 0.5, 0.8)[0] ?? 255) < 50);
    const size =
      element instanceof HTMLVideoElement ? [element.videoWidth, element.videoHeight] : [element.width, element.height];
    expect(size).toEqual([32, 64]);
  }
});

test("without a generator pictures reach a video element as bitmaps of the worker", async () => {
  const generator = Reflect.get(globalThis, "MediaStreamTrackGenerator");
  Reflect.deleteProperty(globalThis, "MediaStreamTrackGenerator");
  cleanups.push(() => Reflect.set(globalThis, "MediaStreamTrackGenerator", generator));
  const element = videoElement();
  const { ask } = openWorker();
  const output = createPictureOutput(element);
  expect(output.connection.kind).toBe("bitmaps");
  const frame = halves();
  ask({ type: "draw", connection: output.connection, frame, rotation: 0 }, [frame, ...output.transfer]);
  await until(() => (pixelOf(element, 0.2, 0.5)[0] ?? 0) > 200 && (pixelOf(element, 0.8, 0.5)[0] ?? 255) < 50);
});

test.each(["stream", "port"] as const)(
  "a microphone reaches a worker in blocks that follow each other, by a %s, and a worker the speaker",
  async (kind) => {
    if (kind === "port") withoutProcessor();
    const { ask, reports } = openWorker();
    const track = await openMicrophone();
    cleanups.push(() => track.stop());
    const microphone = await captureMicrophone(track, { workletUrl: CAPTURE_WORKLET });
    const speaker = await openSpeaker({ workletUrl: PLAYOUT_WORKLET });
    cleanups.push(
      () => microphone.close(),
      () => speaker.close(),
    );
    expect(microphone.source.kind).toBe(kind);
    expect(speaker.blocked).toBe(false);
    const stream = speaker.addStream({ channels: microphone.source.format.channels });
    expect(stream.connection.kind).toBe("shared");
    const { source, transfer } = microphone;
    ask({ type: "sound", source, connection: stream.connection }, [...transfer, ...stream.transfer]);
    await until(() => reports.length >= 150);

    const blocks = reports.filter((report) => report.type === "block");
    const times = blocks.map(({ timestampUs }) => timestampUs).slice(-50);
    const steps = times.slice(1).map((timeUs, i) => timeUs - (times[i] ?? 0));
    // A busy machine loses some.
    expect(steps.filter((stepUs) => Math.abs(stepUs - 10_000) < 5_000).length).toBeGreaterThan(25);
    expect(blocks[0]?.samples.length).toBe(480);
    expect(Math.abs(epochNowMs() - (times.at(-1) ?? 0) / 1000)).toBeLessThan(1_000);
    // The fake microphone beeps.
    expect(blocks.some(({ samples }) => samples.some((sample) => Math.abs(sample) > 0.01))).toBe(true);
    expect(blocks.at(-1)?.played ?? 0).toBeGreaterThan(20_000);
  },
);
