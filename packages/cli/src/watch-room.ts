import { openSpeaker, type Speaker } from "@mqtt-meet/media/node";
import type { NodeRoom, Participant, RemoteTrack } from "@mqtt-meet/sdk/node";
import type { WatchOptions } from "./commands/watch-options.ts";
import { enterRoom, type RoomIo } from "./enter-room.ts";
import { Reporter } from "./reporter.ts";
import { receivedLines } from "./room-lines.ts";
import { endingOf, everySecond } from "./run-until.ts";
import { openSink } from "./sinks/open-sink.ts";
import { PictureBoard } from "./sinks/picture-board.ts";
import type { RoomTarget } from "./target.ts";
import { TraceFile } from "./trace-file.ts";
import { UsageError } from "./usage-error.ts";
import { watchConnection } from "./watch-connection.ts";

/** Shows and plays a meeting until the command is stopped. */
export async function watchRoom(target: RoomTarget, options: WatchOptions, io: RoomIo): Promise<void> {
  const reporter = new Reporter({
    io,
    json: options.json ?? false,
    live: options.stats ?? false,
    stdoutTaken: options.to === "-",
    verb: "shown",
    nowMs: () => Date.now(),
  });
  const ending = endingOf({ signal: io.signal, durationS: options.duration });
  using trace = options.trace === undefined ? undefined : new TraceFile(options.trace);
  const who = { name: "Viewer", kind: "viewer", tap: trace?.recorder } as const;
  await using room = await enterRoom(target, { ...who, reporter, ending }, io);
  if (room === undefined) return reporter.end([]);
  if (!room.rights.watch) throw new UsageError("Your invitation does not let you watch.");
  watchConnection(room, reporter, ending);
  const events = { onToggle: () => board.toggle(), onQuit: () => ending.stop() };
  const title = `${target.name} – mqtt-meet`;
  const sink = await openSink({ ...(options.to ? { to: options.to } : {}), title, io, events, reporter });
  const board = new PictureBoard(sink, { nowMs: () => performance.now() });
  const speaker = sink.audible ? await openSpeaker({ env: io.env }) : undefined;
  const watches = watchesName(options.from);
  const viewer = new RoomViewer({ room, board, speaker, single: sink.single, watches, from: options.from, reporter });
  const lines = () => receivedLines(room, { watches, nowMs: Date.now() });
  try {
    everySecond(() => {
      board.tick();
      trace?.flush();
      reporter.second(lines());
    }, ending.signal);
    await ending.ended;
    sink.close();
    reporter.end(lines());
  } finally {
    viewer.close();
    speaker?.close();
    sink.close();
  }
}

function watchesName(from: string | undefined): (name: string) => boolean {
  const wanted = from?.trim().toLocaleLowerCase();
  return (name) => wanted === undefined || name.toLocaleLowerCase() === wanted;
}

interface RoomViewerOptions {
  readonly room: NodeRoom;
  readonly board: PictureBoard;
  readonly speaker: Speaker | undefined;
  /** Pictures of one track only. */
  readonly single: boolean;
  readonly watches: (name: string) => boolean;
  readonly from: string | undefined;
  readonly reporter: Reporter;
}

/** Follows who is there, and receives the tracks of those that are watched. */
class RoomViewer {
  readonly #options: RoomViewerOptions;
  readonly #watched = new Map<string, () => void>();
  readonly #unsubscribe: () => void;
  #present = new Map<string, string>();
  #waitingSaid = false;

  constructor(options: RoomViewerOptions) {
    this.#options = options;
    this.#unsubscribe = options.room.participants.subscribe((participants) => this.#follow(participants));
  }

  close(): void {
    this.#unsubscribe();
    for (const stop of this.#watched.values()) stop();
    this.#watched.clear();
  }

  #follow(participants: readonly Participant[]): void {
    const shown = participants.filter(({ name }) => this.#options.watches(name));
    this.#tell(shown);
    const tracks = this.#chosen(shown);
    for (const [key, stop] of this.#watched) {
      if (tracks.has(key)) continue;
      this.#watched.delete(key);
      stop();
    }
    for (const [key, { track, name }] of tracks) {
      if (!this.#watched.has(key)) this.#watched.set(key, this.#watch(track, name));
    }
  }

  /** Who comes and goes, for people. */
  #tell(participants: readonly Participant[]): void {
    const { reporter, from, room } = this.#options;
    const present = new Map(participants.map(({ peer, name }) => [peer, name]));
    for (const [peer, name] of present) if (!this.#present.has(peer)) reporter.event(`${name} is here.`);
    for (const [peer, name] of this.#present) if (!present.has(peer)) reporter.event(`${name} has left.`);
    this.#present = present;
    if (present.size > 0 || this.#waitingSaid) return;
    this.#waitingSaid = true;
    reporter.event(`Waiting for ${from ?? "somebody"} in ${room.name}.`);
  }

  #chosen(participants: readonly Participant[]): Map<string, { track: RemoteTrack; name: string }> {
    const all = participants.flatMap(({ tracks, name }) => tracks.map((track) => ({ track, name })));
    const video = all.filter(({ track }) => track.kind === "video");
    const kept = this.#options.single ? this.#one(video) : video;
    const audio = all.filter(({ track }) => track.kind === "audio");
    return new Map([...kept, ...audio].map((entry) => [entry.track.key, entry]));
  }

  /** The one that is shown already, else the first. */
  #one<Entry extends { readonly track: RemoteTrack }>(video: readonly Entry[]): readonly Entry[] {
    const shown = video.find(({ track }) => this.#watched.has(track.key)) ?? video[0];
    return shown ? [shown] : [];
  }

  #watch({ kind, key, frameRate }: RemoteTrack, name: string): () => void {
    const { room, board, speaker } = this.#options;
    if (kind === "audio") {
      const stop = room.watchAudio(key, (block) => speaker?.write(key, block));
      return () => {
        stop();
        speaker?.remove(key);
      };
    }
    const info = { label: name, frameRate: frameRate > 0 ? frameRate : 30 };
    const stop = room.watchVideo(key, (picture) => board.show(key, picture, info));
    return () => {
      stop();
      board.remove(key);
    };
  }
}
