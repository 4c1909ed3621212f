import type { EncodedFrame, VideoEncoderPort } from "@mqtt-meet/media";
import {
  type MediaSource,
  type NodeBackend,
  type NodePicture,
  openNodeBackend,
  openSource,
  type VideoSource,
} from "@mqtt-meet/media/node";
import { type Connection, isTopicName } from "@mqtt-meet/mqtt";
import type { CommandIo } from "./command-io.ts";
import type { PublishOptions } from "./commands/publish-options.ts";
import { base64Payload } from "./jpeg-payload.ts";
import { Reporter } from "./reporter.ts";
import { type Ending, endingOf, everySecond } from "./run-until.ts";
import type { TopicTarget } from "./target.ts";
import { connectTopic } from "./topic-connection.ts";
import { TrackMeter } from "./track-meter.ts";
import { UsageError } from "./usage-error.ts";

/** One is encoded and one waits; a third would only be late. */
const MAX_PENDING_FRAMES = 2;
const DEFAULT_QUALITY = 80;
/** How long the last pictures may take to leave. */
const FLUSH_MS = 1_000;

/** Publishes JPEG pictures to a topic until the source ends or the command is stopped. */
export async function publishToTopic(target: TopicTarget, options: PublishOptions, io: CommandIo): Promise<void> {
  checkOptions(target, options);
  const reporter = new Reporter({
    io,
    json: options.json ?? false,
    live: io.stdout.isTTY === true,
    verb: "sent",
    nowMs: () => Date.now(),
  });
  const ending = endingOf({ signal: io.signal, durationS: options.duration });
  await using source = await openSource(options.source, {
    ...options.size,
    frameRate: options.fps,
    loop: options.loop ?? false,
    audio: false,
  });
  const video = source.video;
  if (!video) throw new UsageError(`${source.label} has no pictures.`);
  const { connection, lost } = await connectTopic(target, {
    signal: io.signal,
    onEvent: (text) => reporter.event(text),
  });
  lost.catch(ending.fail);
  const backend = await openNodeBackend();
  try {
    const publisher = await openPublisher({ backend, connection, video, target, options, onError: ending.fail });
    reporter.event(
      `Publishing ${source.label} (${video.widthPx}x${video.heightPx}) to ${target.topic} at ${target.host}.`,
    );
    everySecond(() => reporter.second([publisher.line()]), ending.signal);
    await untilOver(source, ending);
    await publisher.flush();
    reporter.end([publisher.line()]);
  } finally {
    await source.close();
    await backend.close();
    await connection.close();
  }
}

/** The file's end is the command's, too. */
async function untilOver(source: MediaSource, ending: Ending): Promise<void> {
  source.ended.then(ending.stop, ending.fail);
  await ending.ended;
}

function checkOptions({ topic }: TopicTarget, { format, simulcast }: PublishOptions): void {
  if (!isTopicName(topic)) throw new UsageError("Nothing can be published to a topic with a wildcard (+ or #).");
  if (format !== undefined && format !== "jpeg" && format !== "jpeg-base64") {
    throw new UsageError(`On a topic only jpeg and jpeg-base64 can be published, and ${format} only in a meeting.`);
  }
  if (simulcast) throw new UsageError("--simulcast is for meetings: a topic carries one size.");
}

interface TopicPublisherOptions {
  readonly backend: NodeBackend;
  readonly connection: Connection;
  readonly video: VideoSource;
  readonly target: TopicTarget;
  readonly options: PublishOptions;
  readonly onError: (error: Error) => void;
}

/** From the source's pictures to the connection. A picture that would have to wait is skipped, never queued. */
class TopicPublisher {
  readonly #connection: Connection;
  readonly #video: VideoSource;
  readonly #topic: string;
  readonly #base64: boolean;
  readonly #meter: TrackMeter;
  readonly #encoder: VideoEncoderPort<NodePicture>;

  constructor({ connection, video, target, options }: TopicPublisherOptions, encoder: VideoEncoderPort<NodePicture>) {
    this.#encoder = encoder;
    this.#connection = connection;
    this.#video = video;
    this.#topic = target.topic;
    this.#base64 = options.format !== "jpeg";
    this.#meter = new TrackMeter({ from: target.topic, track: "video", nowMs: Date.now() });
  }

  line() {
    return this.#meter.line(Date.now(), { dropped: this.#video.droppedFrames });
  }

  /** Waits for the last pictures, and for the connection to take them. */
  async flush(): Promise<void> {
    this.#video.onPicture = undefined;
    const untilMs = Date.now() + FLUSH_MS;
    const busy = () => this.#encoder.pendingFrames > 0 || this.#connection.bufferedBytes > 0;
    while (busy() && Date.now() < untilMs) await new Promise((resolve) => setTimeout(resolve, 5));
    this.#encoder.close();
  }

  /** Takes `picture` over. */
  push(picture: NodePicture): void {
    const encoder = this.#encoder;
    if (encoder.pendingFrames >= MAX_PENDING_FRAMES || this.#connection.congested(performance.now())) {
      picture.close();
      this.#meter.countDropped();
      return;
    }
    encoder.encode(picture, { keyFrame: true });
  }

  /** Takes an encoded picture. */
  send({ data }: EncodedFrame): void {
    const payload = this.#base64 ? base64Payload(data) : data;
    if (!this.#connection.send(this.#topic, payload)) {
      this.#meter.countDropped();
      return;
    }
    this.#meter.countFrame(this.#video, Date.now());
    this.#meter.countBytes(payload.length);
  }
}

async function openPublisher(options: TopicPublisherOptions): Promise<TopicPublisher> {
  let publisher: TopicPublisher | undefined;
  const encoder = await openEncoder(options, (frame) => publisher?.send(frame));
  const opened = new TopicPublisher(options, encoder);
  publisher = opened;
  options.video.onPicture = (picture) => opened.push(picture);
  return opened;
}

function openEncoder(
  { backend, video, options, onError }: TopicPublisherOptions,
  onOutput: (frame: EncodedFrame) => void,
): Promise<VideoEncoderPort<NodePicture>> {
  const { widthPx, heightPx, frameRate } = video;
  const size = { widthPx, heightPx, frameRate };
  const output = { onOutput, onError };
  if (options.bitrate === undefined || options.quality !== undefined) {
    return backend.openJpegEncoder({ ...size, quality: options.quality ?? DEFAULT_QUALITY }, output);
  }
  const encoding = { ...size, codec: "jpeg", bitrateBps: options.bitrate, content: "motion" } as const;
  return backend.openVideoEncoder(encoding, output);
}
