import {
  type CodecBackend,
  every,
  levelDbov,
  loudness,
  type MediaCipher,
  type MediaSource,
  type MediaTap,
  type PcmSink,
  type Picture,
} from "@mqtt-meet/media";
import type { PeerId, Request, TopicScheme, VideoCodec } from "@mqtt-meet/protocol";
import type { ReadonlySignal } from "@preact/signals-core";
import type { AudioPublication } from "./audio-publication.ts";
import { ClockProbes } from "./clock-probes.ts";
import type { Directory } from "./directory.ts";
import { MOST_HEARD_TOGETHER } from "./loud-voices.ts";
import { MediaLinks } from "./media-links.ts";
import { type PictureView, WHOLE_VIEW } from "./picture-view.ts";
import { Publications, type PublishAudioOptions, type PublishVideoOptions } from "./publications.ts";
import type { Reception } from "./reception.ts";
import type { OpenLink, RoomLink } from "./room-link.ts";
import { sealing } from "./sealing.ts";
import type { TrackCounts } from "./track-meter.ts";
import type { VideoPublication } from "./video-publication.ts";
import type { OnPicture } from "./video-watch.ts";
import { VoiceSign } from "./voice-sign.ts";
import { WANT_INTERVAL_MS } from "./want-leases.ts";
import { Watches } from "./watches.ts";

/** Leases, codecs and clock probes need no better. */
const CHECK_MS = 250;
/** As often as a report may be sent (docs/protocol.md, R4). */
const REPORT_MS = 1_000;

/** What the media of a room need. */
export interface RoomMediaOptions<P extends Picture> {
  readonly own: PeerId;
  readonly scheme: TopicScheme;
  readonly backend: CodecBackend<P>;
  /** Best first. */
  readonly encodable: readonly VideoCodec[];
  /** Another reference to the same picture; undefined where there can be none. */
  readonly clone: (picture: P) => P | undefined;
  /** The connection for sound, both ways. */
  readonly link: RoomLink;
  /** Opens those for pictures. */
  readonly openLink: OpenLink;
  readonly directory: Directory;
  /** Is told of all packets that arrive. */
  readonly tap: MediaTap | undefined;
  /** Undefined in an open room. */
  readonly cipher: MediaCipher | undefined;
  /** To one peer, now or not at all. */
  readonly request: (to: PeerId, request: Request) => void;
  readonly onCatalog: (payload: Uint8Array) => void;
  /** To everybody: how loud we speak, in −dBov (docs/protocol.md, M11). */
  readonly sayVoice: (level: number) => void;
  readonly nowMs: () => number;
}

/** The pictures and sound of a room: ours out, the others' in, and what participants ask of each other about them. */
export class RoomMedia<P extends Picture> {
  readonly #options: RoomMediaOptions<P>;
  readonly #lifetime = new AbortController();
  readonly #links: MediaLinks;
  readonly #publications: Publications<P>;
  readonly #watches: Watches<P>;
  readonly #probes: ClockProbes;
  readonly #voice = new VoiceSign();

  constructor(options: RoomMediaOptions<P>) {
    this.#options = options;
    const { own, scheme, backend, encodable, clone, link, openLink, directory, request, onCatalog, nowMs, cipher } =
      options;
    this.#probes = new ClockProbes(request);
    this.#links = new MediaLinks({
      open: openLink,
      ...{ own, sound: link, nowMs },
      onUplink: () => this.#publications.restart(),
      onDownlink: () => this.#watches.restart(),
      onDownlinkSpread: () => this.#watches.reroute(),
    });
    this.#publications = new Publications<P>({
      ...{ own, scheme, backend, encodable, clone, onCatalog, nowMs },
      audioSender: sealing(this.#links.sound, cipher),
      videoSender: () => sealing(this.#links.up, cipher),
      receivers: () => directory.decodableVideo(),
      onVoice: () => this.#sayVoice(),
    });
    this.#watches = new Watches<P>({
      ...{ scheme, backend, directory, clone, request, nowMs },
      audioSource: this.#soundSource(),
      opener: openerOf(cipher),
      subscribeVideo: (filter, onMessage, subscription) =>
        this.#receive("pictures", { filter, onMessage }, subscription),
      downlink: () => this.#links.downlinkPath(),
      clockOffsetUs: (peer) => this.#probes.toOursUs(peer),
    });
    const { signal } = this.#lifetime;
    every(WANT_INTERVAL_MS, () => this.sayWants(), { signal });
    every(CHECK_MS, () => this.#check(), { signal });
    every(REPORT_MS, () => this.#report(), { signal });
    const stop = directory.participants.subscribe(() => this.#participantsChanged());
    signal.addEventListener("abort", stop, { once: true });
  }

  get tracks(): ReadonlySignal<readonly (VideoPublication<P> | AudioPublication)[]> {
    return this.#publications.tracks;
  }

  /** Undefined before anything was published. */
  get catalog(): Uint8Array | undefined {
    return this.#publications.catalog;
  }

  publishVideo(options: PublishVideoOptions<P>): VideoPublication<P> {
    return this.#publications.publishVideo(options);
  }

  publishAudio(options: PublishAudioOptions): AudioPublication {
    return this.#publications.publishAudio(options);
  }

  watchVideo(key: string, onPicture: OnPicture<P>, view?: ReadonlySignal<PictureView>): () => void {
    const stop = this.#watches.video(key, onPicture, () => view?.peek() ?? WHOLE_VIEW);
    const unsubscribe = view?.subscribe(() => this.#watches.reconcile());
    return () => {
      unsubscribe?.();
      stop();
    };
  }

  setReception(reception: Reception): void {
    this.#watches.setReception(reception);
  }

  watchAudio(key: string, sink: PcmSink): () => void {
    return this.#watches.audio(key, sink);
  }

  /** Opens the connection for others' pictures, which takes several round trips: keys are agreed on meanwhile. */
  expectPictures(): void {
    this.#links.openDown();
  }

  /** What `from` asks. */
  handle(from: PeerId, request: Request): void {
    switch (request.type) {
      case "key-frame":
        this.#publications.requestKeyFrame(request.track, request.layer);
        break;
      case "want":
        this.#publications.want(from, request);
        break;
      case "probe":
        this.#answerProbe(from, request);
        break;
      case "probe-reply":
        this.#probes.reply(from, request, this.#options.nowMs() * 1000);
        break;
      case "report":
        this.#publications.report(from, request);
        break;
      case "chat-missing":
      case "chat-again":
      case "epoch-ack":
        break;
    }
  }

  /** `from` said how loud it speaks, in −dBov. */
  hear(from: PeerId, dbov: number): void {
    this.#watches.hear(from, loudness(dbov));
  }

  /** Somebody has come, who does not know who speaks. */
  greeted(): void {
    this.#voice.repeat();
  }

  /** We send with another epoch, which begins with a key frame. */
  rekeyed(): void {
    this.#publications.restart();
  }

  /** Tells everybody what is wanted of it. */
  sayWants(): void {
    if (this.#options.link.state.status === "connected") this.#watches.sayWants();
  }

  /** `peer` is gone. */
  drop(peer: PeerId): void {
    this.#publications.drop(peer);
    this.#watches.drop(peer);
  }

  /** What every track has counted, own ones first. */
  *counts(): Iterable<readonly [string, TrackCounts]> {
    for (const track of this.tracks.peek()) yield [track.key, track.counts];
    yield* this.#watches.counts();
  }

  /** Loudness of everybody that is heard, ourselves included, 0 to 1. */
  levels(): ReadonlyMap<PeerId, number> {
    const levels = new Map(this.#watches.levels());
    if (this.tracks.peek().some(({ kind }) => kind === "audio")) {
      levels.set(this.#options.own, this.#publications.level);
    }
    return levels;
  }

  /** How long others' pictures wait on our connection for them. */
  get downlinkQueueMs(): number {
    return this.#links.downlinkQueueMs;
  }

  /** Nothing more is sent from now on; tracks are gone. */
  unpublish(): void {
    this.#publications.close();
  }

  async close(): Promise<void> {
    this.#lifetime.abort();
    this.#publications.close();
    this.#watches.close();
    await this.#links.close();
  }

  #check(): void {
    this.#sayVoice();
    this.#publications.check();
    this.#links.check(this.#options.nowMs());
    this.#watches.check();
    if (this.#options.link.state.status !== "connected") return;
    this.#probes.probe(this.#watches.peers, this.#options.nowMs());
  }

  #report(): void {
    const { link, tap, nowMs } = this.#options;
    if (link.state.status !== "connected") return;
    this.#watches.report();
    if (link.roundTripMs !== undefined) tap?.roundTrip(link.roundTripMs, nowMs());
  }

  /** With one less in the room than make it necessary: who counts one more has to know already. */
  #sayVoice(): void {
    const { directory, link, nowMs, sayVoice } = this.#options;
    if (link.state.status !== "connected") return;
    const needed = directory.participants.peek().length + 1 >= MOST_HEARD_TOGETHER;
    const level = this.#voice.decide({ level: this.#publications.voiceLevel, needed }, nowMs());
    if (level !== undefined) sayVoice(levelDbov(level));
  }

  #participantsChanged(): void {
    this.#watches.reconcile();
    this.#publications.check();
  }

  #soundSource(): MediaSource {
    return {
      subscribe: (filter, onMessage, options) => {
        // Sound that is refused stays silent; the connection asks again when it reconnects.
        this.#receive("sound", { filter, onMessage }, options).catch(() => undefined);
      },
      ...openerOf(this.#options.cipher),
    };
  }

  #receive(
    kind: "pictures" | "sound",
    what: { readonly filter: string; readonly onMessage: OnMessage },
    subscription: { readonly signal: AbortSignal },
  ): Promise<void> {
    const { tap, nowMs } = this.#options;
    const onMessage: OnMessage = (topic, payload) => {
      tap?.packet(topic, payload, nowMs());
      what.onMessage(topic, payload);
    };
    return this.#links.subscribe(kind, { ...what, onMessage }, subscription);
  }

  #answerProbe(from: PeerId, { id, sentAtUs }: Extract<Request, { type: "probe" }>): void {
    const nowUs = Math.floor(this.#options.nowMs() * 1000);
    this.#options.request(from, { type: "probe-reply", id, sentAtUs, receivedAtUs: nowUs, repliedAtUs: nowUs });
  }
}

type OnMessage = Parameters<MediaSource["subscribe"]>[1];

function openerOf(cipher: MediaCipher | undefined): Pick<MediaSource, "opener"> {
  return cipher === undefined ? {} : { opener: (options) => cipher.opener(options) };
}
