import { mock } from "node:test";
import {
  AudioSubscriber,
  ClockedSink,
  type CodecBackend,
  DownlinkBudget,
  FreezeDetector,
  type MediaSource,
  type Picture,
  PlayoutClock,
  VideoSubscriber,
} from "@mqtt-meet/media";
import { topicLevel } from "@mqtt-meet/protocol";
import { DownlinkView } from "../../packages/sdk/src/downlink-view.ts";
import { quantile } from "../support/statistics.ts";
import { hollowCodecs } from "./hollow-codecs.ts";
import { HollowPackets } from "./hollow-packets.ts";
import type { Freezes, WholeFrame } from "./least-freezes.ts";
import type { TracedPacket, WireTrace } from "./read-trace.ts";
import { WholeFrames } from "./whole-frames.ts";

/** Where the time of a trace begins: whatever its clocks said, all times are after the epoch. */
const BEGIN_MS = 1_763_800_000_000;

/** The downlink is looked at as often as a room does it. */
const CHECK_MS = 250;

/** A frame of sound is no longer than this; a longer time between two is a gap. */
const MAX_SOUND_MS = 120;
const USUAL_SOUND_MS = 20;

/** One second of a replay. Delays are from capture to display or ear, as the two clocks of the trace say. Null: nothing was shown, or heard. */
export interface ReplayedSecond {
  readonly second: number;
  readonly pictureMs: { readonly p50: number; readonly p95: number } | null;
  readonly soundMs: { readonly p50: number; readonly p95: number } | null;
  readonly freezes: number;
  /** What sound waits for late packets. */
  readonly soundTargetMs: number;
  /** What our downlink is taken to carry, in bits a second; null while nothing limits. */
  readonly downlinkBps: number | null;
}

/** What the receiving pipeline made of a trace. */
export interface Replayed {
  readonly seconds: readonly ReplayedSecond[];
  readonly pictures: number;
  readonly freezes: Freezes;
  /** Of the sound that was played, 0 to 1. */
  readonly concealedShare: number;
  /** Decodable frames, by stream. */
  readonly frames: ReadonlyMap<number, readonly WholeFrame[]>;
}

/**
 * Feeds a trace to the classes that receive in a room, at the times at which its packets came, on a clock that only goes on here. Meanwhile
 * nothing else in the process may wait for a timer.
 */
export async function replayTrace(trace: WireTrace): Promise<Replayed> {
  mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  try {
    return await new Replay(trace).run();
  } finally {
    mock.timers.reset();
  }
}

/** One subscription of the replay. */
interface Receiver {
  readonly deliver: (packet: Uint8Array) => void;
  readonly subscriber: VideoSubscriber<Picture> | AudioSubscriber;
}

class Replay {
  readonly #trace: WireTrace;
  readonly #backend: CodecBackend<Picture>;
  readonly #receivers = new Map<string, Receiver>();
  readonly #clocks = new Map<number, PlayoutClock>();
  readonly #freezes = new Map<number, FreezeDetector>();
  readonly #packets = new HollowPackets();
  readonly #whole = new WholeFrames();
  readonly #view = new DownlinkView();
  readonly #downlink = new DownlinkBudget();
  readonly #wantedBps: number;
  readonly #seconds: ReplayedSecond[] = [];
  #picturesMs: number[] = [];
  #pictures = 0;
  #atMs = 0;

  constructor(trace: WireTrace) {
    this.#trace = trace;
    this.#backend = hollowCodecs(soundDurations(trace.packets));
    const videoBytes = trace.packets.reduce((sum, { bytes, track }) => sum + (track.kind === "video" ? bytes : 0), 0);
    this.#wantedBps = (8000 * videoBytes) / Math.max(1, this.#endMs);
  }

  async run(): Promise<Replayed> {
    let next = 0;
    for (this.#atMs = 0; this.#atMs <= this.#endMs; this.#atMs++) {
      for (; (this.#trace.packets[next]?.atMs ?? Number.POSITIVE_INFINITY) <= this.#atMs; next++) {
        this.#deliver(this.#trace.packets[next] as TracedPacket);
      }
      mock.timers.tick(1);
      await Promise.resolve(); // a decoder opens
      if (this.#atMs % CHECK_MS === 0) this.#checkDownlink();
      if (this.#atMs % 1000 === 999) this.#endSecond();
    }
    const result = this.#result();
    for (const { subscriber } of this.#receivers.values()) subscriber.close();
    return result;
  }

  get #endMs(): number {
    return this.#trace.packets.at(-1)?.atMs ?? 0;
  }

  readonly #nowMs = () => BEGIN_MS + this.#atMs;

  #deliver(packet: TracedPacket): void {
    const { kind, stream, layer } = packet.track;
    const key = `${kind}/${stream}/${layer}`;
    const receiver = this.#receivers.get(key) ?? this.#receive(packet);
    this.#receivers.set(key, receiver);
    const payload = this.#packets.write(packet, timestampOf(packet.capturedMs));
    if (kind === "video") this.#whole.push({ key, stream, payload, atMs: this.#atMs, beginMs: BEGIN_MS });
    receiver.deliver(payload);
  }

  #receive({ track: { kind, stream, participant } }: TracedPacket): Receiver {
    let deliver: (payload: Uint8Array) => void = () => undefined;
    const source: MediaSource = {
      subscribe: (_filter, onMessage) => {
        deliver = (payload) => onMessage("", payload);
      },
    };
    const clock = this.#clocks.get(participant) ?? new PlayoutClock();
    this.#clocks.set(participant, clock);
    const nowMs = this.#nowMs;
    const common = { backend: this.#backend, source, filter: "", clock, nowMs, clockOffsetUs: () => 0 };
    const sink = new ClockedSink({ channels: 1, onSamples: () => undefined, nowMs });
    const subscriber =
      kind === "audio"
        ? new AudioSubscriber({ ...common, sink })
        : new VideoSubscriber({ ...common, ...this.#showing(stream) });
    return { subscriber, deliver: (payload) => deliver(payload) };
  }

  #showing(stream: number) {
    const freezes = this.#freezes.get(stream) ?? new FreezeDetector();
    this.#freezes.set(stream, freezes);
    const onPicture = (picture: Picture) => {
      this.#pictures++;
      this.#picturesMs.push(this.#nowMs() - picture.timestamp / 1000);
      picture.close();
    };
    return { freezes, onPicture, requestKeyFrame: () => undefined };
  }

  #checkDownlink(): void {
    const tracks = new Map(
      [...this.#receivers].flatMap(([key, { subscriber }]) => {
        if (!(subscriber instanceof VideoSubscriber)) return [];
        const { bytesReceived, queueDelayMs } = subscriber.statistics();
        return [[key, { peer: topicLevel("publisher"), bytesReceived, queueMs: queueDelayMs }] as const];
      }),
    );
    const nowMs = this.#nowMs();
    const answers = this.#trace.roundTrips.filter(({ atMs }) => atMs <= this.#atMs).map((each) => each.roundTripMs);
    const newestMs = answers.at(-1);
    const path = newestMs === undefined ? undefined : pathOf({ newestMs, leastMs: Math.min(...answers), nowMs });
    this.#downlink.decide({ ...this.#view.look(tracks, { nowMs, path }), nowMs, wantedBps: this.#wantedBps });
  }

  #endSecond(): void {
    const [sound] = this.#sounds();
    const picturesMs = this.#picturesMs;
    this.#picturesMs = [];
    this.#seconds.push({
      second: (this.#atMs + 1) / 1000,
      pictureMs: picturesMs.length === 0 ? null : { p50: quantile(picturesMs, 0.5), p95: quantile(picturesMs, 0.95) },
      soundMs: sound?.latencyMs ?? null,
      freezes: this.#frozen.count,
      soundTargetMs: sound?.playoutDelayMs ?? 0,
      downlinkBps: this.#downlink.bps === Number.POSITIVE_INFINITY ? null : this.#downlink.bps,
    });
  }

  #sounds() {
    return [...this.#receivers.values()].flatMap(({ subscriber }) =>
      subscriber instanceof AudioSubscriber ? [subscriber.statistics()] : [],
    );
  }

  get #frozen(): Freezes {
    const all = [...this.#freezes.values()];
    const sum = (of: (detector: FreezeDetector) => number) => all.reduce((total, each) => total + of(each), 0);
    return { count: sum((each) => each.freezeCount), ms: sum((each) => each.totalFreezesDurationMs) };
  }

  #result(): Replayed {
    const sum = (key: "concealedSamples" | "totalSamplesReceived") =>
      this.#sounds().reduce((all, each) => all + each[key], 0);
    return {
      seconds: this.#seconds,
      pictures: this.#pictures,
      freezes: this.#frozen,
      concealedShare: sum("concealedSamples") / Math.max(1, sum("totalSamplesReceived")),
      frames: this.#whole.frames,
    };
  }
}

function pathOf({
  newestMs,
  leastMs,
  nowMs,
}: {
  readonly newestMs: number;
  readonly leastMs: number;
  readonly nowMs: number;
}) {
  const delivered = { bytes: 0, atMs: nowMs };
  return { roundTripMs: newestMs, minRoundTripMs: leastMs, waitedMs: 0, sentBytes: 0, delivered };
}

function timestampOf(capturedMs: number): number {
  return Math.round((BEGIN_MS + capturedMs) * 1000);
}

/** How long the frame of sound is that was captured at a time: until the next one. */
function soundDurations(packets: readonly TracedPacket[]): (timestampUs: number) => number {
  const sounds = packets.filter(({ track }) => track.kind === "audio");
  const durations = new Map<number, number>();
  for (const [i, { capturedMs, frame, track }] of sounds.entries()) {
    const next = sounds.slice(i + 1, i + 9).find((each) => each.track.stream === track.stream);
    const ms = next?.frame === frame + 1 ? next.capturedMs - capturedMs : USUAL_SOUND_MS;
    // A frame is a multiple of 10 ms; what a trace says is rounded.
    const whole = 10 * Math.round(ms / 10);
    durations.set(timestampOf(capturedMs), whole > 0 && whole <= MAX_SOUND_MS ? whole : USUAL_SOUND_MS);
  }
  return (timestampUs) => durations.get(timestampUs) ?? USUAL_SOUND_MS;
}
