import type { AudioSource, NodePicture, VideoSource } from "@mqtt-meet/media/node";
import {
  type HostCommand,
  type LocalTrack,
  type ReactionKind,
  type Reception,
  type Room,
  type RoomOrder,
  SdkError,
  type TrackSource,
  type VideoOptions,
} from "@mqtt-meet/sdk";
import { signal } from "@preact/signals-core";
import type { PictureView } from "../picture-view.ts";
import type { RoomCore } from "../room-core.ts";
import { boundSize } from "../video-size.ts";
import type { NodeRoom } from "./node-room.ts";
import { type OnBlock, SoundTaps } from "./sound-taps.ts";

/** What a room in this process is made of. */
export interface RoomInProcessOptions {
  readonly name: string;
  readonly link: string;
  readonly core: RoomCore<NodePicture>;
  /** Called last, when nothing runs any more. */
  readonly onLeft: () => Promise<void>;
  /** Why there are no codecs on this machine, if so. */
  readonly codecError: Error | undefined;
}

/** A room in Node: everything in this process, no worker. */
export class RoomInProcess implements NodeRoom {
  readonly name: string;
  readonly link: string;
  readonly peer: string;
  readonly rights: Room["rights"];
  readonly connection: Room["connection"];
  readonly participants: Room["participants"];
  readonly localTracks: Room["localTracks"];
  readonly messages: Room["messages"];
  readonly statistics: Room["statistics"];
  readonly levels: Room["levels"];
  readonly encryption: Room["encryption"];
  readonly reactions: Room["reactions"];
  readonly captions: Room["captions"];
  readonly polls: Room["polls"];
  readonly downloads: Room["downloads"];
  readonly host: Room["host"];
  readonly door: Room["door"];
  readonly #options: RoomInProcessOptions;
  readonly #core: RoomCore<NodePicture>;
  readonly #taps: SoundTaps;
  #leaving: Promise<void> | undefined;

  constructor(options: RoomInProcessOptions) {
    const { core } = options;
    this.#options = options;
    this.#core = core;
    this.name = options.name;
    this.link = options.link;
    this.peer = core.peer;
    this.rights = core.stay.rights;
    this.connection = core.connection;
    this.participants = core.participants;
    this.localTracks = core.localTracks;
    this.messages = core.messages;
    this.statistics = core.statistics;
    this.levels = core.levels;
    this.encryption = core.encryption;
    this.polls = core.polls.polls;
    this.downloads = core.files.progress;
    this.host = core.host.state;
    this.door = core.door.state;
    this.reactions = core.signs.reactions;
    this.captions = core.signs.captions.captions;
    this.#taps = new SoundTaps({
      participants: core.participants,
      watch: (key, sink) => core.watchAudio(key, sink),
    });
  }

  sendMessage(text: string): Promise<void> {
    return this.#core.sendMessage(text);
  }

  sendFile(file: Blob, options: { readonly name: string }): Promise<void> {
    return this.#core.files.send(file, options);
  }

  fetchFile(message: string, options?: { readonly signal?: AbortSignal }): Promise<Blob> {
    return this.#core.files.fetch(message, options);
  }

  ask(question: string, answers: readonly string[]): Promise<void> {
    return this.#core.polls.ask(question, answers);
  }

  vote(poll: string, choice: number): Promise<void> {
    return this.#core.polls.vote(poll, choice);
  }

  closePoll(poll: string): Promise<void> {
    return this.#core.polls.close(poll);
  }

  setName(name: string): void {
    this.#core.signs.setName(name);
  }

  setHand(raised: boolean): void {
    this.#core.signs.setHand(raised);
  }

  setReception(reception: Reception): void {
    this.#core.setReception(reception);
  }

  setRecording(recording: boolean): void {
    this.#core.signs.setRecording(recording);
  }

  setCaptionsWanted(wanted: boolean): void {
    this.#core.signs.captions.setWanted(wanted);
  }

  sendCaption(caption: { readonly number: number; readonly text: string }): void {
    this.#core.signs.captions.say(caption);
  }

  react(kind: ReactionKind): void {
    this.#core.signs.react(kind);
  }

  async publishVideo(source: VideoSource, options: VideoOptions): Promise<LocalTrack> {
    if (this.#options.codecError !== undefined) throw this.#options.codecError;
    const { codec, bitrateBps, maxHeightPx, simulcast, content } = options;
    const publication = this.#core.publishVideo({
      source: options.source,
      ...{ codec, bitrateBps, simulcast, content },
      ...boundSize(source, maxHeightPx),
      frameRate: Math.min(source.frameRate, options.frameRate ?? source.frameRate),
      repeat: options.source === "screen" ? (picture, timestamp) => picture.clone({ timestamp }) : undefined,
      onClose: () => {
        source.onPicture = undefined;
      },
    });
    source.onPicture = (picture) => publication.push(picture);
    return publication;
  }

  async publishAudio(source: AudioSource, options: { readonly source: TrackSource }): Promise<LocalTrack> {
    if (this.#options.codecError !== undefined) throw this.#options.codecError;
    const publication = this.#core.publishAudio({
      source: options.source,
      channels: source.channels,
      onClose: () => {
        source.onBlock = undefined;
      },
    });
    source.onBlock = (block) => publication.push(block);
    return publication;
  }

  watchVideo(
    key: string,
    onPicture: (picture: NodePicture) => void,
    { size }: { readonly size?: PictureView["size"] } = {},
  ): () => void {
    return this.#core.watchVideo(key, (picture) => onPicture(picture), signal({ visible: true, size }));
  }

  watchAudio(key: string, onBlock: OnBlock): () => void {
    if (this.#leaving !== undefined) throw new SdkError("room-closed", "The room was left.");
    return this.#taps.add(key, onBlock);
  }

  remove(peer: string): Promise<void> {
    return this.#core.stay.remove(peer);
  }

  command(order: HostCommand): Promise<void> {
    return this.#core.host.command(order);
  }

  enforce(order: RoomOrder): Promise<void> {
    return this.#core.door.enforce(order);
  }

  reconnectNow(): void {
    this.#core.reconnectNow();
  }

  leave(): Promise<void> {
    this.#leaving ??= this.#leave();
    return this.#leaving;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.leave();
  }

  async #leave(): Promise<void> {
    this.#taps.close();
    await this.#core.leave();
    await this.#options.onLeft();
  }
}
