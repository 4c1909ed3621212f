import { MediaError } from "@mqtt-meet/media";
import { type NodeBackend, openNodeBackend } from "@mqtt-meet/media/node";
import { isTopicFilter } from "@mqtt-meet/mqtt";
import type { CommandIo } from "./command-io.ts";
import type { WatchOptions } from "./commands/watch-options.ts";
import { Reporter } from "./reporter.ts";
import { type Ending, endingOf, everySecond } from "./run-until.ts";
import { openSink } from "./sinks/open-sink.ts";
import { PictureBoard } from "./sinks/picture-board.ts";
import type { TopicTarget } from "./target.ts";
import { connectTopic } from "./topic-connection.ts";
import { TopicStream } from "./topic-stream.ts";
import { UsageError } from "./usage-error.ts";

/** So many topics of one filter are shown; further ones are left out. */
const MAX_TOPICS = 25;
/** After the first message, so long is waited for a picture that can be decoded. */
const NO_PICTURE_MS = 4_000;
/** What a y4m stream says where nothing is known. */
const FRAME_RATE = 30;

/** Shows the JPEG pictures of a topic until the command is stopped. */
export async function watchTopic(target: TopicTarget, options: WatchOptions, io: CommandIo): Promise<void> {
  if (!isTopicFilter(target.topic)) throw new UsageError("The target's topic is none that can be subscribed to.");
  if (options.from !== undefined) throw new UsageError("--from is for meetings: a topic has one sender only.");
  if (options.trace !== undefined) throw new UsageError("--trace is for meetings: pictures of a topic have no times.");
  const reporter = new Reporter({
    io,
    json: options.json ?? false,
    live: options.stats ?? false,
    stdoutTaken: options.to === "-",
    verb: "shown",
    nowMs: () => Date.now(),
  });
  const ending = endingOf({ signal: io.signal, durationS: options.duration });
  const onEvent = (text: string) => reporter.event(text);
  const { connection, lost } = await connectTopic(target, { signal: io.signal, onEvent });
  lost.catch(ending.fail);
  const backend = await openNodeBackend();
  const events = { onToggle: () => board.toggle(), onQuit: () => ending.stop() };
  const title = `${target.topic} – mqtt-meet`;
  const sink = await openSink({ ...(options.to ? { to: options.to } : {}), title, io, events, reporter });
  const board = new PictureBoard(sink, { nowMs: () => performance.now() });
  const viewer = new TopicViewer({ backend, board, ending, single: sink.single, topic: target.topic });
  try {
    const { signal } = ending;
    await connection.subscribe(target.topic, (message) => viewer.receive(message.topic, message.payload), { signal });
    if (!options.json) reporter.event(`Watching ${target.topic} at ${target.host}.`);
    everySecond(() => {
      board.tick();
      reporter.second(viewer.lines());
    }, signal);
    await ending.ended;
    sink.close();
    reporter.end(viewer.lines());
  } finally {
    viewer.close();
    sink.close();
    await backend.close();
    await connection.close();
  }
}

interface TopicViewerOptions {
  readonly backend: NodeBackend;
  readonly board: PictureBoard;
  readonly ending: Ending;
  readonly single: boolean;
  readonly topic: string;
}

/** The streams of all topics that the filter matches. */
class TopicViewer {
  readonly #options: TopicViewerOptions;
  readonly #streams = new Map<string, TopicStream>();
  #noPictureTimer: NodeJS.Timeout | undefined;

  constructor(options: TopicViewerOptions) {
    this.#options = options;
  }

  receive(topic: string, payload: Uint8Array): void {
    this.#noPictureTimer ??= setTimeout(() => this.#checkPictures(), NO_PICTURE_MS);
    (this.#streams.get(topic) ?? this.#open(topic))?.receive(payload);
  }

  lines() {
    return [...this.#streams.values()].filter(({ seen }) => seen).map((stream) => stream.line(Date.now()));
  }

  close(): void {
    clearTimeout(this.#noPictureTimer);
    for (const stream of this.#streams.values()) stream.close();
  }

  #open(topic: string): TopicStream | undefined {
    const { backend, board, single, ending } = this.#options;
    if (this.#streams.size >= MAX_TOPICS) return undefined;
    const several = topic !== this.#options.topic;
    const stream = new TopicStream({
      backend,
      topic,
      nowMs: () => Date.now(),
      onPicture: (picture) => board.show(topic, picture, { label: several ? topic : "", frameRate: FRAME_RATE }),
      onError: ending.fail,
    });
    // A sink for one stream shows the first that has a picture.
    if (!single || this.#streams.size === 0) this.#streams.set(topic, stream);
    return this.#streams.get(topic);
  }

  #checkPictures(): void {
    const streams = [...this.#streams.values()];
    if (streams.some(({ frames }) => frames > 0)) return;
    const reason = streams.some(({ seen }) => seen) ? "its JPEG pictures are all damaged" : "its messages are not JPEG";
    const sentence = `The topic ${this.#options.topic} carries no pictures: ${reason}.`;
    this.#options.ending.fail(new MediaError("source-unreadable", sentence));
  }
}
