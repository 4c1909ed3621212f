import {
  AudioSubscriber,
  type CodecBackend,
  type MediaSource,
  type PcmSink,
  type Picture,
  PlayoutClock,
  type SenderPath,
} from "@mqtt-meet/media";
import type { LayerReport, PeerId, Request, TopicLevel, TopicScheme } from "@mqtt-meet/protocol";
import { AudioWatch } from "./audio-watch.ts";
import type { Directory } from "./directory.ts";
import { LayerChoice, type WatchedTrack } from "./layer-choice.ts";
import { LoudVoices, MOST_HEARD_TOGETHER } from "./loud-voices.ts";
import type { PictureView } from "./picture-view.ts";
import type { Reception } from "./reception.ts";
import { parseTrackKey } from "./track-key.ts";
import type { TrackCounts } from "./track-meter.ts";
import { type OnPicture, VideoWatch } from "./video-watch.ts";
import { WANT_LEASE_MS } from "./want-leases.ts";

/** A queue of less is no news: who says nothing is content. */
const REPORTED_QUEUE_MS = 100;

/** What the watches need of their room. */
export interface WatchesOptions<P extends Picture> {
  readonly scheme: TopicScheme;
  readonly backend: CodecBackend<P>;
  readonly directory: Directory;
  readonly audioSource: MediaSource;
  /** What decrypts pictures; nothing in an open room. */
  readonly opener: Pick<MediaSource, "opener">;
  /** Opened at the first call. Resolves when the broker grants the filter. */
  readonly subscribeVideo: (
    filter: string,
    onMessage: (topic: string, payload: Uint8Array) => void,
    options: { readonly signal: AbortSignal },
  ) => Promise<void>;
  /** What is known of the way from the broker; undefined while nothing is. */
  readonly downlink: () => SenderPath | undefined;
  readonly clone: (picture: P) => P | undefined;
  readonly request: (peer: PeerId, request: Request) => void;
  readonly clockOffsetUs: (peer: PeerId) => number | undefined;
  readonly nowMs: () => number;
}

/** What is received of the others: pictures while somebody looks, sound while somebody listens. */
export class Watches<P extends Picture> {
  readonly #options: WatchesOptions<P>;
  readonly #videos = new Map<string, VideoWatch<P>>();
  readonly #audios = new Map<string, AudioWatch>();
  readonly #clocks = new Map<PeerId, PlayoutClock>();
  readonly #choice = new LayerChoice();
  readonly #voices = new LoudVoices();
  readonly #wanted = new Set<PeerId>();
  /** Who was told of a queue, and is told once more when it is gone. */
  readonly #complained = new Set<PeerId>();

  constructor(options: WatchesOptions<P>) {
    this.#options = options;
  }

  /**
   * Shows the video track `key` until the returned function is called. `view` tells where; call {@link reconcile} when it
   * changes. Throws a TypeError when `key` is none.
   */
  video(key: string, onPicture: OnPicture<P>, view: () => PictureView): () => void {
    const watch = this.#videos.get(key) ?? this.#open(key);
    watch.add(onPicture, view);
    this.reconcile();
    return () => {
      if (!watch.remove(onPicture) || this.#videos.get(key) !== watch) return;
      this.#videos.delete(key);
      watch.close();
      this.#sayWants(watch.peer);
      this.#forgetClock(watch.peer);
    };
  }

  /**
   * Plays the sound track `key` until the returned function is called, which closes `sink`. Where there are many, it is
   * received only while hardly anybody is louder (docs/protocol.md, M11).
   */
  audio(key: string, sink: PcmSink): () => void {
    const { peer, id } = parseTrackKey(key);
    if (this.#audios.has(key)) throw new TypeError(`The sound of ${key} is played already.`);
    const watch = new AudioWatch({ peer, id, sink, subscribe: () => this.#subscribeAudio(peer, { id, sink }) });
    this.#audios.set(key, watch);
    this.#listen();
    return () => {
      if (this.#audios.get(key) !== watch) return;
      this.#audios.delete(key);
      watch.close();
      this.#forgetClock(peer);
    };
  }

  /** `peer` said how loud it speaks, 0 to 1. */
  hear(peer: PeerId, level: number): void {
    this.#voices.hear(peer, level, this.#options.nowMs());
    this.#listen();
  }

  /** `peer` is gone. */
  drop(peer: PeerId): void {
    this.#voices.forget(peer);
  }

  /** Whose tracks are received. */
  get peers(): ReadonlySet<PeerId> {
    const audios = [...this.#audios.values()].filter(({ received }) => received);
    return new Set([...audios, ...this.#videos.values()].map(({ peer }) => peer));
  }

  /** Loudness of those that are listened to, 0 to 1; where others are louder, as they say themselves. */
  levels(): ReadonlyMap<PeerId, number> {
    const levels = new Map<PeerId, number>();
    const nowMs = this.#options.nowMs();
    for (const { peer, level } of this.#audios.values()) {
      levels.set(peer, Math.max(levels.get(peer) ?? 0, level ?? this.#voices.level(peer, nowMs)));
    }
    return levels;
  }

  *counts(): Iterable<readonly [string, TrackCounts]> {
    for (const [key, watch] of this.#videos) {
      const { counts } = watch;
      if (counts !== undefined) yield [key, counts];
    }
    for (const [key, { counts }] of this.#audios) yield [key, counts];
  }

  /** What is published changed, or where something is seen. */
  reconcile(): void {
    this.#listen();
    const chosen = this.#choice.choose(this.#watched(), this.#options.nowMs());
    for (const [key, choice] of chosen) this.#videos.get(key)?.select(choice);
  }

  /** Time has passed, and something has arrived; to be called a few times a second. */
  check(): void {
    const { directory, nowMs, downlink } = this.#options;
    this.#choice.hear(this.levels(), nowMs());
    const path = this.#videos.size > 0 ? downlink() : undefined;
    // Between two, each is the only one that the other hears (docs/protocol.md, R4).
    const followed = directory.participants.peek().length === 1;
    this.#choice.measure(this.#watched(), { nowMs: nowMs(), path, followed });
    this.reconcile();
  }

  setReception(reception: Reception): void {
    this.#choice.reception = reception;
    this.reconcile();
  }

  /** Says to everybody what is wanted of it; every 5 s, and after a reconnect. */
  sayWants(): void {
    const watches = [...this.#videos.values()].filter(({ wants }) => wants.length > 0);
    for (const peer of new Set(watches.map((watch) => watch.peer))) this.#sayWants(peer);
  }

  /** Tells whose pictures wait in a queue how they arrive; to be called once a second. */
  report(): void {
    const reports = this.#reports();
    for (const peer of this.#complained) if (!reports.has(peer)) this.#complained.delete(peer);
    for (const [peer, tracks] of reports) {
      const late = tracks.some(
        ({ queueDelayMs, availableBps }) => queueDelayMs >= REPORTED_QUEUE_MS || availableBps !== undefined,
      );
      if (late || this.#complained.has(peer)) this.#options.request(peer, { type: "report", tracks });
      if (late) this.#complained.add(peer);
      else this.#complained.delete(peer);
    }
  }

  /** The connection for pictures is new: a source that stands still sends nothing by itself. */
  restart(): void {
    this.#choice.reconnected();
    for (const { peer, id, wants } of this.#videos.values()) {
      for (const layer of wants) this.#options.request(peer, { type: "key-frame", track: id, layer });
    }
  }

  /** What comes loses less from now on: how long it was waited for until now is too long. */
  reroute(): void {
    for (const clock of this.#clocks.values()) clock.reroute();
  }

  close(): void {
    for (const watch of this.#videos.values()) watch.close();
    for (const watch of this.#audios.values()) watch.close();
    this.#videos.clear();
    this.#audios.clear();
    this.#clocks.clear();
  }

  #reports(): ReadonlyMap<PeerId, readonly LayerReport[]> {
    const reports = new Map<PeerId, LayerReport[]>();
    for (const watch of this.#videos.values()) {
      const report = watch.report();
      if (report !== undefined) reports.set(watch.peer, [...(reports.get(watch.peer) ?? []), report]);
    }
    return shareAvailable(reports, this.#choice.availableBps);
  }

  /** Of many, the loudest (M11). Sound of those who do not say how loud they are is always received. */
  #listen(): void {
    const { directory, nowMs } = this.#options;
    const many = directory.participants.peek().length + 1 > MOST_HEARD_TOGETHER;
    const tracks = [...this.#audios.values()].map((watch) => {
      return { watch, offered: directory.audioTrack(watch.peer, watch.id) };
    });
    const voices = tracks.filter(({ offered }) => offered?.voice === true && !offered.muted);
    const heard = many ? this.#voices.choose(new Set(voices.map(({ watch }) => watch.peer)), nowMs()) : undefined;
    for (const { watch, offered } of tracks) {
      watch.setReceived(heard === undefined || offered?.voice !== true || heard.has(watch.peer));
    }
  }

  #subscribeAudio(peer: PeerId, { id, sink }: { readonly id: TopicLevel; readonly sink: PcmSink }): AudioSubscriber {
    const { backend, scheme, audioSource, clockOffsetUs, nowMs } = this.#options;
    return new AudioSubscriber({
      backend,
      source: audioSource,
      filter: scheme.audio(peer, id),
      clock: this.#clock(peer),
      sink,
      keepSink: true,
      clockOffsetUs: () => clockOffsetUs(peer),
      nowMs,
    });
  }

  #open(key: string): VideoWatch<P> {
    const { peer, id } = parseTrackKey(key);
    const { scheme, backend, opener, clone, request, subscribeVideo, clockOffsetUs, nowMs } = this.#options;
    const watch = new VideoWatch<P>({
      ...{ peer, id, scheme, backend, opener, clone, nowMs },
      subscribe: subscribeVideo,
      clock: () => this.#clock(peer),
      requestKeyFrame: (layer) => request(peer, { type: "key-frame", track: id, layer }),
      clockOffsetUs: () => clockOffsetUs(peer),
      onWants: () => this.#sayWants(peer),
    });
    this.#videos.set(key, watch);
    return watch;
  }

  #watched(): ReadonlyMap<string, WatchedTrack> {
    const { directory } = this.#options;
    return new Map(
      [...this.#videos].map(([key, watch]) => {
        const { peer, id, bytesReceived, queueMs, view, selected } = watch;
        const track = directory.videoTrack(peer, id);
        const screen = track?.source === "screen";
        const arriving = { peer, bytesReceived, queueMs, ...watch.decoding };
        return [key, { ...arriving, view, selected, layers: track?.layers, screen }];
      }),
    );
  }

  /** Only what the broker delivers already is wanted: the key frame that answers a new want must not be missed. */
  #sayWants(peer: PeerId): void {
    const watches = [...this.#videos.values()].filter((watch) => watch.peer === peer);
    const tracks = watches.flatMap(({ id, wants }) => wants.map((layer) => ({ track: id, layer })));
    if (tracks.length === 0 && !this.#wanted.has(peer)) return;
    if (tracks.length === 0) this.#wanted.delete(peer);
    else this.#wanted.add(peer);
    this.#options.request(peer, { type: "want", tracks, leaseMs: WANT_LEASE_MS });
  }

  #clock(peer: PeerId): PlayoutClock {
    const clock = this.#clocks.get(peer) ?? new PlayoutClock();
    this.#clocks.set(peer, clock);
    return clock;
  }

  #forgetClock(peer: PeerId): void {
    const watched = [...this.#audios.values(), ...this.#videos.values()].some((watch) => watch.peer === peer);
    if (!watched) this.#clocks.delete(peer);
  }
}

/** What our way carries is shared as what comes is. */
function shareAvailable(
  reports: ReadonlyMap<PeerId, readonly LayerReport[]>,
  availableBps: number | undefined,
): ReadonlyMap<PeerId, readonly LayerReport[]> {
  if (availableBps === undefined) return reports;
  const all = [...reports.values()].flat();
  const allBps = all.reduce((sum, { receivedBps }) => sum + receivedBps, 0);
  const part = ({ receivedBps }: LayerReport) => (allBps > 0 ? receivedBps / allBps : 1 / all.length);
  const share = (report: LayerReport) => Math.round(availableBps * part(report));
  return new Map(
    [...reports].map(([peer, tracks]) => [peer, tracks.map((report) => ({ ...report, availableBps: share(report) }))]),
  );
}
