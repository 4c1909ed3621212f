import { type MediaSource, openSource } from "@mqtt-meet/media/node";
import type { VideoCodec } from "@mqtt-meet/protocol";
import type { LocalTrack, NodeRoom, TrackSource } from "@mqtt-meet/sdk/node";
import type { PublishOptions } from "./commands/publish-options.ts";
import { enterRoom, type RoomIo } from "./enter-room.ts";
import { Reporter } from "./reporter.ts";
import { ownLines } from "./room-lines.ts";
import { endingOf, everySecond } from "./run-until.ts";
import type { RoomTarget } from "./target.ts";
import { UsageError } from "./usage-error.ts";
import { watchConnection } from "./watch-connection.ts";
import { watchMutes } from "./watch-mutes.ts";

/** Publishes pictures and sound in a meeting until the source ends or the command is stopped. */
export async function publishToRoom(target: RoomTarget, options: PublishOptions, io: RoomIo): Promise<void> {
  if (options.format === "jpeg-base64") {
    throw new UsageError("jpeg-base64 is for topics only: in a meeting leave --format out, or choose jpeg.");
  }
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
    audio: options.audio,
  });
  const name = options.name ?? source.label;
  await using room = await enterRoom(target, { name, kind: "camera", reporter, ending }, io);
  if (room === undefined) return reporter.end([]);
  watchConnection(room, reporter, ending);
  const tracks = await publishTracks(room, source, options);
  const size = source.video ? ` (${source.video.widthPx}x${source.video.heightPx})` : "";
  reporter.event(`Publishing ${source.label}${size}${source.audio ? " with sound" : ""} in ${room.name}.`);
  watchMutes(room, reporter, ending);
  const lines = () => ownLines(room, { name, nowMs: Date.now() });
  everySecond(() => reporter.second(lines()), ending.signal);
  source.ended.then(ending.stop, ending.fail);
  try {
    await ending.ended;
    reporter.end(lines());
  } finally {
    // In this order: what is still encoded leaves before the goodbye.
    await source.close();
    await Promise.all(tracks.map((track) => track.unpublish()));
  }
}

const VIDEO_SOURCES: Readonly<Record<MediaSource["kind"], TrackSource>> = {
  camera: "camera",
  screen: "screen",
  file: "file",
  device: "device",
};

async function publishTracks(room: NodeRoom, source: MediaSource, options: PublishOptions): Promise<LocalTrack[]> {
  const tracks: LocalTrack[] = [];
  const from = VIDEO_SOURCES[source.kind];
  // Sound first: a file runs from the first of both, and a word is missed more than a picture.
  if (source.audio) {
    tracks.push(await room.publishAudio(source.audio, { source: from === "camera" ? "microphone" : from }));
  }
  if (source.video) {
    tracks.push(
      await room.publishVideo(source.video, {
        source: from,
        frameRate: source.video.frameRate,
        simulcast: options.simulcast ?? false,
        ...(options.format ? { codec: options.format as VideoCodec } : {}),
        ...(options.bitrate ? { bitrateBps: options.bitrate } : {}),
      }),
    );
  }
  return tracks;
}
