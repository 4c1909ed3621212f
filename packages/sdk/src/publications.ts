import { type CodecBackend, type MediaSender, type Picture, UplinkControl } from "@mqtt-meet/media";
import {
  encodeCatalog,
  MAX_TRACKS,
  type PeerId,
  type Request,
  type TopicLevel,
  type TopicScheme,
  type TrackSource,
  topicLevel,
  type VideoCodec,
} from "@mqtt-meet/protocol";
import { type ReadonlySignal, signal } from "@preact/signals-core";
import { AudioPublication } from "./audio-publication.ts";
import { ReceiverReports } from "./receiver-reports.ts";
import { SdkError } from "./sdk-error.ts";
import { VideoPublication } from "./video-publication.ts";
import { WantLeases } from "./want-leases.ts";

/**
 * Sound goes in short frames to so many others at the most: each packet costs everybody about as much as a longer one, and with two others a
 * participant has to do with 300 packets of sound a second, as with five in long frames.
 */
const MAX_OTHERS_FOR_SHORT_FRAMES = 2;

/** How pictures are published. */
export interface PublishVideoOptions<P extends Picture> {
  readonly source: TrackSource;
  /** Left out: the best that everybody decodes. */
  readonly codec?: VideoCodec | undefined;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly frameRate: number;
  readonly bitrateBps?: number | undefined;
  /** Smaller layers are offered beside the whole size; none when left out. */
  readonly simulcast?: boolean | undefined;
  /** As in {@link VideoOptions.content}. */
  readonly content?: "detail" | "motion" | undefined;
  readonly repeat?: ((picture: P, timestampUs: number) => P) | undefined;
  /** Throws when the track must stay muted. */
  readonly checkUnmute?: (() => void) | undefined;
  /** The track ended by being unpublished, or with the room. */
  readonly onClose?: (() => void) | undefined;
}

/** How sound is published. */
export interface PublishAudioOptions {
  readonly source: TrackSource;
  readonly channels: 1 | 2;
  readonly bitrateBps?: number | undefined;
  /** Throws when the track must stay muted. */
  readonly checkUnmute?: (() => void) | undefined;
  /** The track ended by being unpublished, or with the room. */
  readonly onClose?: (() => void) | undefined;
}

/** What the publications need of their room. */
export interface PublicationsOptions<P extends Picture> {
  readonly own: PeerId;
  readonly scheme: TopicScheme;
  readonly backend: CodecBackend<P>;
  /** Best first. */
  readonly encodable: readonly VideoCodec[];
  readonly audioSender: MediaSender;
  /** Opened at the first call. */
  readonly videoSender: () => MediaSender;
  /** Another reference to the same picture; undefined where there can be none. */
  readonly clone: (picture: P) => P | undefined;
  /** What each of the others decodes. */
  readonly receivers: () => readonly (readonly VideoCodec[])[];
  /** How loud a microphone is has changed. */
  readonly onVoice: () => void;
  /** The catalog changed. */
  readonly onCatalog: (payload: Uint8Array) => void;
  readonly nowMs: () => number;
}

/** Our own tracks: their catalog, who watches them, and with what they are encoded. */
export class Publications<P extends Picture> {
  readonly #options: PublicationsOptions<P>;
  readonly #leases = new WantLeases();
  readonly #tracks = signal<readonly (VideoPublication<P> | AudioPublication)[]>([]);
  readonly #counts = new Map<TrackSource, number>();
  readonly #reports = new ReceiverReports();
  /** Of the connection for pictures; there with the first of them. */
  #uplink: { readonly sender: MediaSender; readonly control: UplinkControl } | undefined;
  #revision = 0;
  #catalogDue = false;
  #closed = false;
  readonly tracks: ReadonlySignal<readonly (VideoPublication<P> | AudioPublication)[]> = this.#tracks;

  constructor(options: PublicationsOptions<P>) {
    this.#options = options;
  }

  /** The catalog as it is now; undefined before anything was published. */
  get catalog(): Uint8Array | undefined {
    if (this.#revision === 0) return undefined;
    return encodeCatalog({ v: 1, revision: this.#revision, tracks: this.#tracks.peek().map(({ track }) => track) });
  }

  publishVideo(options: PublishVideoOptions<P>): VideoPublication<P> {
    const { codec } = options;
    const { encodable } = this.#options;
    if (codec !== undefined && !encodable.includes(codec)) {
      throw new SdkError("unsupported", `This machine cannot encode ${codec} in real time.`);
    }
    if (encodable.length === 0) throw new SdkError("unsupported", "This machine cannot encode pictures.");
    const { backend, scheme, own, receivers, clone, nowMs } = this.#options;
    const id = this.#newId(options.source);
    const { sender, control } = this.#openUplink();
    const publication = new VideoPublication<P>({
      ...options,
      ...{ id, backend, sender, control, clone },
      simulcast: options.simulcast ?? false,
      key: `${own}/${id}`,
      topic: (layer, temporal) => scheme.video(own, id, layer, temporal),
      encodable: codec === undefined ? encodable : [codec],
      receivers,
      nowMs,
      onChange: () => this.#changed(),
      onUnpublish: (track) => this.#remove(track),
    });
    this.#add(publication);
    return publication;
  }

  publishAudio(options: PublishAudioOptions): AudioPublication {
    const { backend, scheme, own, audioSender, nowMs } = this.#options;
    const id = this.#newId(options.source);
    const publication = new AudioPublication({
      ...options,
      id,
      key: `${own}/${id}`,
      backend,
      sender: audioSender,
      topic: scheme.audio(own, id),
      nowMs,
      affordsShortFrames: () => this.#affordsShortFrames(),
      onLevel: () => {
        if (publication.saysVoice) this.#options.onVoice();
      },
      onChange: () => this.#changed(),
      onUnpublish: (track) => this.#remove(track),
    });
    this.#add(publication);
    return publication;
  }

  /** `from` watches these layers now. Those that are new to it begin with a key frame. */
  want(from: PeerId, { tracks, leaseMs }: Extract<Request, { type: "want" }>): void {
    const nowMs = this.#options.nowMs();
    const added = this.#leases.want(from, { layers: tracks, leaseMs, nowMs });
    this.#updateWatched(nowMs);
    for (const { track, layer } of added) this.requestKeyFrame(track, layer);
  }

  /** How our pictures arrive at `from`. */
  report(from: PeerId, { tracks }: Extract<Request, { type: "report" }>): void {
    this.#reports.report(from, tracks, this.#options.nowMs());
  }

  requestKeyFrame(id: TopicLevel, layer: number): void {
    this.#videos()
      .find((video) => video.id === id)
      ?.requestKeyFrame(layer);
  }

  /** The connection for pictures is new, or the key: nobody can go on from what was sent before. */
  restart(): void {
    for (const video of this.#videos()) video.breakOff();
  }

  /** `peer` is gone. */
  drop(peer: PeerId): void {
    this.#leases.drop(peer);
    this.#reports.drop(peer);
    this.#updateWatched(this.#options.nowMs());
  }

  /** To be called a few times a second, and when others came or went. */
  check(): void {
    const nowMs = this.#options.nowMs();
    this.#updateWatched(nowMs);
    for (const track of this.#tracks.peek()) {
      if (track.kind === "video") track.check(nowMs);
      else track.adapt();
    }
  }

  /** Loudness, 0 to 1. */
  get level(): number {
    return Math.max(0, ...this.#tracks.peek().map((track) => (track.kind === "audio" ? track.level : 0)));
  }

  /** Loudness of our microphones, 0 to 1; undefined while none is on. */
  get voiceLevel(): number | undefined {
    const levels = this.#tracks.peek().flatMap((track) => {
      return track.kind === "audio" && track.saysVoice && !track.muted.peek() ? [track.level] : [];
    });
    return levels.length === 0 ? undefined : Math.max(...levels);
  }

  close(): void {
    this.#closed = true;
    this.#uplink?.control.close();
    for (const track of this.#tracks.peek()) track.close();
    this.#tracks.value = [];
  }

  #affordsShortFrames(): boolean {
    const nowMs = this.#options.nowMs();
    const few = this.#options.receivers().length <= MAX_OTHERS_FOR_SHORT_FRAMES;
    return few && this.#reports.view(this.#leases.watchers(nowMs), nowMs) === undefined;
  }

  #openUplink(): { readonly sender: MediaSender; readonly control: UplinkControl } {
    const { videoSender, nowMs } = this.#options;
    if (this.#uplink === undefined) {
      const sender = videoSender();
      const receivers = () => this.#reports.view(this.#leases.watchers(nowMs()), nowMs());
      this.#uplink = { sender, control: new UplinkControl({ sender, receivers, nowMs }) };
    }
    return this.#uplink;
  }

  #videos(): readonly VideoPublication<P>[] {
    return this.#tracks.peek().filter((track) => track.kind === "video");
  }

  #updateWatched(nowMs: number): void {
    for (const video of this.#videos()) video.setWatched(this.#leases.watchedLayers(video.id, nowMs));
  }

  /** Never one that was there before: its frames were numbered. */
  #newId(source: TrackSource): TopicLevel {
    if (this.#closed) throw new SdkError("room-closed", "The room was left.");
    if (this.#tracks.peek().length >= MAX_TRACKS) {
      throw new SdkError("too-many-tracks", `Nobody can publish more than ${MAX_TRACKS} tracks.`);
    }
    const count = (this.#counts.get(source) ?? 0) + 1;
    this.#counts.set(source, count);
    return topicLevel(count === 1 ? source : `${source}-${count}`);
  }

  #add(track: VideoPublication<P> | AudioPublication): void {
    this.#tracks.value = [...this.#tracks.peek(), track];
    this.#changed();
  }

  #remove(track: VideoPublication<P> | AudioPublication): void {
    this.#tracks.value = this.#tracks.peek().filter((candidate) => candidate !== track);
    this.#changed();
  }

  /** Several changes in one turn are one revision. */
  #changed(): void {
    if (this.#catalogDue) return;
    this.#catalogDue = true;
    queueMicrotask(() => {
      this.#catalogDue = false;
      if (this.#closed) return;
      this.#revision++;
      const { catalog } = this;
      if (catalog !== undefined) this.#options.onCatalog(catalog);
    });
  }
}
