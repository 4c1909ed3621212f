import { epochNowMs, type PcmSink, type Picture } from "@mqtt-meet/media";
import { type PeerId, TopicScheme } from "@mqtt-meet/protocol";
import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { AudioPublication } from "./audio-publication.ts";
import { ControlChannel } from "./control-channel.ts";
import { Directory } from "./directory.ts";
import { RoomDoor } from "./door/room-door.ts";
import { NOT_ENCRYPTED, RoomEncryption } from "./e2ee/room-encryption.ts";
import type { RoomFiles } from "./files/room-files.ts";
import { joinOutcome } from "./join-outcome.ts";
import { OpenLinks } from "./open-links.ts";
import { OwnState } from "./own-state.ts";
import type { PictureView } from "./picture-view.ts";
import { Presence } from "./presence.ts";
import type { PublishAudioOptions, PublishVideoOptions } from "./publications.ts";
import type { Reception } from "./reception.ts";
import type { ChatMessage, Participant, RoomConnection, RoomEncryptionState, RoomStatistics } from "./room.ts";
import { RoomChat } from "./room-chat.ts";
import type { JoinAttempt, RoomCoreOptions } from "./room-core-options.ts";
import { RoomHost } from "./room-host.ts";
import type { RoomLink } from "./room-link.ts";
import { roomLinkOptions } from "./room-link-options.ts";
import { RoomListener } from "./room-listener.ts";
import { RoomMedia } from "./room-media.ts";
import { RoomMeter } from "./room-meter.ts";
import type { RoomPolls } from "./room-polls.ts";
import { startRoomPulse } from "./room-pulse.ts";
import { RoomSigns } from "./room-signs.ts";
import { RoomStay } from "./room-stay.ts";
import { SdkError } from "./sdk-error.ts";
import type { VideoPublication } from "./video-publication.ts";
import type { OnPicture } from "./video-watch.ts";

/**
 * A room that somebody is in: presence, chat, tracks out and in, over the connections of one participant. Runs in a
 * worker or in Node; pictures of type P go through calls, everything else is in signals.
 */
export class RoomCore<P extends Picture> {
  readonly peer: PeerId;
  readonly participants: ReadonlySignal<readonly Participant[]>;
  readonly messages: ReadonlySignal<readonly ChatMessage[]>;
  readonly localTracks: ReadonlySignal<readonly (VideoPublication<P> | AudioPublication)[]>;
  readonly encryption: ReadonlySignal<RoomEncryptionState>;
  readonly signs: RoomSigns;
  readonly polls: RoomPolls;
  readonly files: RoomFiles;
  readonly stay: RoomStay;
  readonly host: RoomHost;
  readonly door: RoomDoor;
  readonly #options: RoomCoreOptions<P>;
  readonly #nowMs: () => number;
  readonly #lifetime = new AbortController();
  readonly #connection = signal<RoomConnection>({ status: "connecting", attempt: 1 });
  readonly connection: ReadonlySignal<RoomConnection> = this.#connection;
  readonly #meter = new RoomMeter();
  readonly statistics: ReadonlySignal<RoomStatistics> = this.#meter.statistics;
  readonly levels: ReadonlySignal<ReadonlyMap<string, number>> = this.#meter.levels;
  readonly #encryption: RoomEncryption | undefined;
  readonly #self: OwnState;
  readonly #links: OpenLinks;
  readonly #link: RoomLink;
  readonly #control: ControlChannel;
  readonly #directory: Directory;
  readonly #chat: RoomChat;
  readonly #media: RoomMedia<P>;
  readonly #presence: Presence;
  readonly #listener: RoomListener<P>;
  readonly #granted: Promise<void>;
  #wasConnected = false;
  #leaving: Promise<void> | undefined;

  constructor(options: RoomCoreOptions<P>) {
    const { room, peer, name, kind, decodes, nowMs = epochNowMs, random = Math.random } = options;
    this.#options = options;
    this.#nowMs = nowMs;
    this.stay = new RoomStay({ rights: options.rights, control: () => this.#control, nowMs });
    this.peer = peer;
    const scheme = new TopicScheme(room);
    const joinedAtMs = Math.max(Math.floor(nowMs()), options.afterIncarnation ?? 0);
    const encryption = this.#createEncryption(scheme, joinedAtMs);
    this.#encryption = encryption;
    this.encryption = encryption?.state ?? signal(NOT_ENCRYPTED);
    this.#self = new OwnState({
      ...{ name, kind, decodes, joinedAtMs },
      lastChat: () => this.#chat.last,
      encryption: encryption && (() => encryption.ownState()),
      host: () => this.host?.role,
    });
    this.#links = new OpenLinks(options.openLink);
    this.#link = this.#openLink();
    this.#control = this.#createControl(scheme);
    this.#directory = new Directory({ own: peer, onDeparture: (who, reason) => this.#listener.departed(who, reason) });
    this.#chat = this.#createChat();
    this.polls = this.#chat.polls;
    this.files = this.#chat.files;
    this.#media = this.#createMedia(scheme);
    const catalog = () => this.#media.catalog;
    this.#presence = new Presence({ self: this.#self, control: this.#control, catalog, random });
    const parts = { own: peer, control: this.#control, directory: this.#directory, presence: this.#presence, nowMs };
    this.signs = new RoomSigns({ ...parts, self: this.#self });
    this.host = new RoomHost({
      ...{ ...parts, room, seat: options.host, self: this.#self, encryption },
      tracks: () => this.localTracks.peek(),
      dismiss: (error) => void this.leave(error),
    });
    this.#listener = new RoomListener<P>({
      ...{ ...parts, chat: this.#chat, media: this.#media, signs: this.signs, host: this.host, encryption },
      connected: () => this.#link.state.status === "connected",
    });
    this.participants = this.#directory.participants;
    this.messages = this.#chat.messages;
    this.localTracks = this.#media.tracks;
    this.door = new RoomDoor({
      ...{ ...parts, scheme, link: this.#link, encryption, stay: this.stay, tracks: this.localTracks },
      ...{ enforced: options.enforced ?? false },
    });
    startRoomPulse<P>(
      {
        ...{ ...parts, link: this.#link, chat: this.#chat, signs: this.signs, door: this.door, meter: this.#meter },
        ...{ listener: this.#listener, media: this.#media, encryption },
      },
      this.#lifetime,
    );
    this.#granted = this.#begin();
    this.#granted.catch(() => undefined); // reported by joined()
  }

  /** Resolves when we are in the room. Rejects with an SdkError, or the signal's reason, and then the room is over. */
  async joined(options: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    try {
      await joinOutcome(this.#granted, { connection: this.#connection, signal: options.signal });
    } catch (error) {
      await this.leave();
      throw error;
    }
  }

  /** What another attempt to join as the same peer has to know of this one. */
  get attempt(): JoinAttempt {
    return { wasConnected: this.#wasConnected, incarnation: this.#self.incarnation };
  }

  /** Rejects with an SdkError, or a TypeError for a message without a visible character. */
  async sendMessage(text: string): Promise<void> {
    this.#throwIfClosed();
    await this.#chat.send(text);
  }

  publishVideo(options: PublishVideoOptions<P>): VideoPublication<P> {
    this.#throwIfClosed();
    this.stay.checkMayPublish("video", options.source);
    return this.#media.publishVideo(this.door.guarded("video", options));
  }

  publishAudio(options: PublishAudioOptions): AudioPublication {
    this.#throwIfClosed();
    this.stay.checkMayPublish("audio", options.source);
    return this.#media.publishAudio(this.door.guarded("audio", options));
  }

  /** Receives a video track until the returned function is called; it need not be there yet. `view`: where it is seen. */
  watchVideo(key: string, onPicture: OnPicture<P>, view?: ReadonlySignal<PictureView>): () => void {
    this.#throwIfClosed();
    return this.#media.watchVideo(key, onPicture, view);
  }

  /** What is let in of the others' pictures. */
  setReception(reception: Reception): void {
    this.#media.setReception(reception);
  }

  /** Plays a sound track until the returned function is called, which closes `sink`. */
  watchAudio(key: string, sink: PcmSink): () => void {
    this.#throwIfClosed();
    return this.#media.watchAudio(key, sink);
  }

  /** Says goodbye and ends everything. May be called twice. `error`: why, if it was not our wish. */
  leave(error?: SdkError): Promise<void> {
    this.#leaving ??= this.#leave(error);
    return this.#leaving;
  }

  /** See {@link Room.reconnectNow}. */
  reconnectNow(): void {
    this.#links.retryNow();
  }

  #openLink(): RoomLink {
    const will = () => this.#control.will(this.#self.nextWill(), this.#self.incarnation);
    const options = roomLinkOptions({ clientId: this.peer, will, onConnected: () => this.#connected() });
    const link = this.#links.open(options);
    link.onStateChange = () => this.#linkChanged();
    return link;
  }

  #createEncryption(scheme: TopicScheme, joinedAtMs: number): RoomEncryption | undefined {
    const { encryption: keys, peer: own, maxCtr } = this.#options;
    if (keys === undefined) return undefined;
    return new RoomEncryption({
      ...{ own, joinedAtMs, keys, maxCtr, prefix: scheme.prefix, nowMs: this.#nowMs },
      sender: () => this.#control.epochSender,
      onKey: () => this.#control.retry(),
      onUse: (options) => this.#listener.rekeyed(options),
    });
  }

  #createControl(scheme: TopicScheme): ControlChannel {
    const [link, encryption, nowMs] = [this.#link, this.#encryption, this.#nowMs];
    return new ControlChannel({ link, own: this.peer, scheme, handlers: () => this.#listener, encryption, nowMs });
  }

  #createChat(): RoomChat {
    return new RoomChat({
      own: this.peer,
      ownName: () => this.#self.name,
      nameOf: (peer) => this.#directory.nameOf(peer),
      post: (message) => this.#control.post(message),
      request: (to, request) => this.#control.request(to, request),
      nowMs: this.#nowMs,
    });
  }

  #createMedia(scheme: TopicScheme): RoomMedia<P> {
    const { backend, encodable, clone, tap } = this.#options;
    return new RoomMedia<P>({
      ...{ scheme, backend, encodable, clone, openLink: this.#links.open, tap },
      own: this.peer,
      link: this.#link,
      directory: this.#directory,
      request: (to, request) => this.#control.request(to, request),
      onCatalog: (payload) => void this.#control.sayCatalog(payload),
      sayVoice: (level) => void this.#control.say({ type: "voice", level }),
      cipher: this.#encryption?.media,
      nowMs: this.#nowMs,
    });
  }

  async #begin(): Promise<void> {
    const { signal: ending } = this.#lifetime;
    await Promise.all([this.#link.connected({ signal: ending }), this.#control.listen({ signal: ending })]);
  }

  /** After each CONNACK; the subscriptions are on their way to the broker already. */
  #connected(): void {
    if (this.#wasConnected) {
      this.#directory.refresh(this.#nowMs());
      this.#chat.restart();
    } else if (this.#options.expectsPictures) this.#media.expectPictures();
    this.#wasConnected = true;
    this.#presence.restart();
    void this.#control.say({ type: "hello", lastSeen: this.#chat.lastSeen() });
    this.#media.sayWants();
  }

  #linkChanged(): void {
    const { state } = this.#link;
    if (state.status !== "connected") {
      this.#control.interrupted();
      this.door.interrupted();
    }
    if (this.#leaving !== undefined) return;
    if (state.status === "connected") this.#connection.value = { status: "connected" };
    else if (state.status === "closed") this.#lost(state.error);
    else this.#connection.value = state;
  }

  /** The connection is over for good, and not because we left. */
  #lost(error: Error | undefined): void {
    this.#connection.value = { status: "closed", error: this.stay.lossOf(error) };
    this.#leaving ??= this.#close();
  }

  #throwIfClosed(): void {
    if (this.#leaving !== undefined) throw new SdkError("room-closed", "The room was left.");
  }

  async #leave(error?: SdkError): Promise<void> {
    this.#presence.close();
    this.#media.unpublish();
    if (this.#link.state.status === "connected") await this.#presence.sayGoodbye();
    await this.#close();
    if (this.#connection.peek().status === "closed") return;
    this.#connection.value = error === undefined ? { status: "closed" } : { status: "closed", error };
  }

  async #close(): Promise<void> {
    this.#lifetime.abort();
    this.#presence.close();
    this.files.close();
    this.door.close();
    await Promise.all([this.#media.close(), this.#link.close()]);
  }
}
