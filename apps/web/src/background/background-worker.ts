// Camera pictures in, pictures with another background out; what lies between is nobody's business but this worker's.
import { BackgroundComposer } from "./background-composer.ts";
import type { FromBackground, ToBackground } from "./background-messages.ts";
import { NewestFrame } from "./newest-frame.ts";
import { PersonSegmenter } from "./person-segmenter.ts";

/** The first pictures take longer; what comes after so many says how long one takes. */
const WARM_UP_PICTURES = 5;

const say = (message: FromBackground) => (globalThis as unknown as Worker).postMessage(message);
let composer: BackgroundComposer | undefined;

addEventListener("message", ({ data }: MessageEvent<ToBackground>) => {
  if (data.type === "change") composer?.change(data.backdrop);
  else open(data).catch((error) => say({ type: "failed", reason: String(error) }));
});

/** Resolves when the camera ends; nobody waits for what was made by then. */
async function open({ frames, made: track, backdrop }: Extract<ToBackground, { type: "open" }>): Promise<void> {
  composer = new BackgroundComposer(backdrop);
  const segmenter = new PersonSegmenter();
  const newest = new NewestFrame<VideoFrame>();
  void collect(frames, newest);
  const writer = track.getWriter();
  let fastestMs = Number.POSITIVE_INFINITY;
  let count = 0;
  try {
    for (let frame = await newest.take(); frame; frame = await newest.take()) {
      const startedMs = performance.now();
      const made = await replaced(frame, { composer, segmenter });
      await writer.write(made);
      // Where the stream leads to another thread, that one was given a copy.
      made.close();
      fastestMs = Math.min(fastestMs, performance.now() - startedMs);
      count++;
      if (count === WARM_UP_PICTURES) say({ type: "ready", latencyMs: fastestMs });
    }
    await writer.close();
  } finally {
    newest.end();
    segmenter.close();
    composer.close();
    // A track without a writer ends: better no picture than one that stands still.
    writer.abort().catch(() => undefined);
  }
}

/** Takes `frame` over. */
async function replaced(
  frame: VideoFrame,
  tools: { readonly composer: BackgroundComposer; readonly segmenter: PersonSegmenter },
): Promise<VideoFrame> {
  try {
    const mask = await tools.segmenter.segment(tools.composer.reduce(frame));
    return tools.composer.compose(frame, mask);
  } finally {
    frame.close();
  }
}

/** All that come, until the camera ends. */
async function collect(frames: ReadableStream<VideoFrame>, newest: NewestFrame<VideoFrame>): Promise<void> {
  const reader = frames.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) newest.push(next.value);
  } catch {
    // The window that made the stream is gone: the same as the end of the camera.
  }
  newest.end();
}
