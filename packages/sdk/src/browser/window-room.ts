import type { SpeakerCapture } from "@mqtt-meet/media/browser";
import { cleanName } from "@mqtt-meet/protocol";
import {
  type HostCommand,
  type JoinOptions,
  type LocalTrack,
  type ReactionKind,
  type Reception,
  type Room,
  type RoomConnection,
  type RoomHostState,
  type RoomOrder,
  type RoomRights,
  SdkError,
} from "@mqtt-meet/sdk";
import { type ReadonlySignal, signal } from "@preact/signals-core";
import { mutedKindOf } from "../door/muted-kinds.ts";
import { NO_HOST, silencedBy } from "../host.ts";
import { ALL_RIGHTS } from "../rights.ts";
import { parseTrackKey } from "../track-key.ts";
import type { BrowserLocalTrack, BrowserRoom, PublishOptions } from "./browser-room.ts";
import { fetchFile } from "./fetch-file.ts";
import { goodbyeTimeout } from "./goodbye-timeout.ts";
import { PictureOutputs } from "./picture-outputs.ts";
import { fromPlainError } from "./plain-error.ts";
import { RoomMirror } from "./room-mirror.ts";
import { Voices } from "./voices.ts";
import { publishWindowTrack, type WindowTrack } from "./window-track.ts";
import { WorkerClient } from "./worker-client.ts";
import type { Calls, Mirrored, PlainConnection, WorkerAbilities } from "./worker-messages.ts";

/** The window's side of a room: it mirrors what the worker says, and hands it devices and elements. */
export class WindowRoom implements BrowserRoom {
  readonly name: string;
  readonly link: string;
  readonly #client: WorkerClient;
  readonly #voices: Voices;
  readonly #lifetime = new AbortController();
  readonly #mirrored = new RoomMirror();
  readonly #connection = signal<RoomConnection>({ status: "connecting", attempt: 1 });
  readonly #host = signal<RoomHostState>(NO_HOST);
  readonly #tracks = signal<readonly WindowTrack[]>([]);
  #peer = "";
  #rights: RoomRights = ALL_RIGHTS;
  #abilities: WorkerAbilities = { readsTracks: false, makesTracks: false };
  #outputs: PictureOutputs | undefined;
  #onStanding: JoinOptions["onStanding"];
  #leaving: Promise<void> | undefined;
  readonly connection: ReadonlySignal<RoomConnection> = this.#connection;
  readonly participants: Room["participants"] = this.#mirrored.participants;
  readonly messages: Room["messages"] = this.#mirrored.messages;
  readonly statistics: Room["statistics"] = this.#mirrored.statistics;
  readonly levels: Room["levels"] = this.#mirrored.levels;
  readonly encryption: Room["encryption"] = this.#mirrored.encryption;
  readonly reactions: Room["reactions"] = this.#mirrored.reactions;
  readonly captions: Room["captions"] = this.#mirrored.captions;
  readonly polls: Room["polls"] = this.#mirrored.polls;
  readonly downloads: Room["downloads"] = this.#mirrored.downloads;
  readonly host: ReadonlySignal<RoomHostState> = this.#host;
  readonly door: Room["door"] = this.#mirrored.door;
  readonly localTracks: ReadonlySignal<readonly LocalTrack[]> = this.#tracks;
  readonly audioBlocked: ReadonlySignal<boolean>;
  readonly audioMissing: ReadonlySignal<boolean>;

  /** Takes `worker` over. The room is not joined yet. */
  constructor(worker: Worker, options: { readonly name: string; readonly link: string }) {
    ({ name: this.name, link: this.link } = options);
    this.#client = new WorkerClient(worker, {
      onChange: (change) => this.#mirror(change),
      onEnded: (id) =>
        this.#tracks
          .peek()
          .find((track) => track.id === id)
          ?.end(),
      onMoved: (move) => this.#voices.moved(move),
      onStanding: (standing) => this.#onStanding?.(standing),
      onCrash: (error) => this.#closed(error),
    });
    this.#voices = new Voices({ post: (message, transfer) => this.#client.post(message, transfer) });
    this.audioBlocked = this.#voices.blocked;
    this.audioMissing = this.#voices.missing;
    // A page that goes away says so, if the browser leaves it the time. One that is only put aside comes back.
    const onPageHide = ({ persisted }: PageTransitionEvent) => {
      if (!persisted) void this.leave();
    };
    addEventListener("pagehide", onPageHide, { signal: this.#lifetime.signal });
  }

  get peer(): string {
    return this.#peer;
  }

  get rights(): RoomRights {
    return this.#rights;
  }

  /** Rejects with an SdkError, or the signal's reason, and then the room is over. */
  async join(
    options: Omit<Calls["join"]["options"], "link">,
    { signal, onStanding }: Pick<JoinOptions, "signal" | "onStanding">,
  ): Promise<void> {
    this.#onStanding = onStanding;
    const joining = new AbortController();
    const calledOff = new Promise<never>((_, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason), { signal: joining.signal });
    });
    try {
      const call = this.#client.call("join", { ...options, link: this.link });
      const joined = await Promise.race([call, calledOff]);
      ({ peer: this.#peer, rights: this.#rights, abilities: this.#abilities } = joined);
    } catch (error) {
      await this.leave();
      throw error;
    } finally {
      this.#onStanding = undefined;
      joining.abort();
    }
  }

  async sendMessage(text: string): Promise<void> {
    await this.#client.call("sendMessage", { text });
  }

  async sendFile(file: Blob, { name }: { readonly name: string }): Promise<void> {
    await this.#client.call("sendFile", { file, name });
  }

  fetchFile(message: string, { signal }: { readonly signal?: AbortSignal } = {}): Promise<Blob> {
    return fetchFile(this.#client, message, signal);
  }

  async ask(question: string, answers: readonly string[]): Promise<void> {
    await this.#client.call("ask", { question, answers });
  }

  async vote(poll: string, choice: number): Promise<void> {
    await this.#client.call("vote", { poll, choice });
  }

  async closePoll(poll: string): Promise<void> {
    await this.#client.call("closePoll", { poll });
  }

  setName(name: string): void {
    if (cleanName(name) === "") throw new TypeError("A name has at least one visible character.");
    this.#client.post({ type: "set-name", name });
  }

  setHand(raised: boolean): void {
    this.#client.post({ type: "set-hand", raised });
  }

  setReception(reception: Reception): void {
    this.#client.post({ type: "set-reception", reception });
  }

  setRecording(recording: boolean): void {
    this.#client.post({ type: "set-recording", recording });
  }

  captureAudio(): Promise<SpeakerCapture | undefined> {
    return this.#voices.capture();
  }

  setCaptionsWanted(wanted: boolean): void {
    this.#client.post({ type: "want-captions", wanted });
  }

  sendCaption({ number, text }: { readonly number: number; readonly text: string }): void {
    this.#client.post({ type: "caption", number, text });
  }

  react(kind: ReactionKind): void {
    this.#client.post({ type: "react", kind });
  }

  async publishTrack(track: MediaStreamTrack, options: PublishOptions): Promise<BrowserLocalTrack> {
    this.#throwIfLeft();
    const published = await publishWindowTrack(track, options, {
      peer: this.#peer,
      client: this.#client,
      abilities: this.#abilities,
      ownMuted: () => this.door.peek().ownMuted,
      onUnpublish: (gone) => {
        this.#tracks.value = this.#tracks.peek().filter((other) => other !== gone);
      },
    });
    if (this.#leaving !== undefined) published.close();
    this.#throwIfLeft();
    this.#tracks.value = [...this.#tracks.peek(), published];
    this.#silence();
    return published;
  }

  attachVideo(key: string, element: HTMLVideoElement | HTMLCanvasElement): () => void {
    parseTrackKey(key);
    // Views outlive the room by a moment; to them, a track of a room that is over is one that shows nothing.
    if (this.#leaving !== undefined) return () => undefined;
    this.#outputs ??= new PictureOutputs({
      post: (message, transfer) => this.#client.post(message, transfer),
      workerMakesTracks: this.#abilities.makesTracks,
    });
    return this.#outputs.attach(key, element);
  }

  setAudioOutput(deviceId: string): Promise<void> {
    return this.#voices.setDevice(deviceId);
  }

  resumeAudio(): Promise<void> {
    return this.#voices.resume();
  }

  setVolume(peer: string, volume: number): void {
    this.#voices.setVolume(peer, volume);
  }

  async remove(peer: string): Promise<void> {
    await this.#client.call("remove", { peer });
  }

  async command(order: HostCommand): Promise<void> {
    await this.#client.call("command", { order });
  }

  async enforce(order: RoomOrder): Promise<void> {
    await this.#client.call("enforce", { order });
  }

  reconnectNow(): void {
    this.#client.post({ type: "reconnect-now" });
  }

  leave(): Promise<void> {
    this.#leaving ??= this.#leave();
    return this.#leaving;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.leave();
  }

  async #leave(): Promise<void> {
    this.#voices.close();
    // A worker that failed has no goodbye to say.
    await Promise.race([this.#client.call("leave", {}).catch(() => undefined), goodbyeTimeout(this.#lifetime.signal)]);
    this.#client.close();
    this.#closed(undefined);
  }

  #mirror(change: Partial<Mirrored>): void {
    if (change.connection) this.#connectionChanged(change.connection);
    this.#mirrored.apply(change);
    if (change.host) this.#hostChanged(change.host);
    if (change.door) this.#silence();
    if (change.participants && this.#leaving === undefined) this.#voices.follow(change.participants);
  }

  /** What the worker has muted already is muted for who looks at the tracks of the window, too. */
  #hostChanged(host: RoomHostState): void {
    const lastId = this.#host.peek().acts.at(-1)?.id ?? 0;
    const fresh = host.acts.filter(({ id, forUs }) => forUs && id > lastId);
    for (const track of fresh.flatMap((act) => silencedBy(act, this.#tracks.peek()))) track.setMuted(true);
    this.#host.value = host;
  }

  /** What the worker has muted by the room's rules is muted here, too. */
  #silence(): void {
    const { ownMuted } = this.door.peek();
    for (const track of this.#tracks.peek()) if (ownMuted.includes(mutedKindOf(track))) track.setMuted(true);
  }

  #connectionChanged(connection: PlainConnection): void {
    if (this.#leaving !== undefined) return;
    if (connection.status === "waiting") {
      this.#connection.value = { ...connection, error: fromPlainError(connection.error) };
    } else if (connection.status === "closed") {
      const error = connection.error && fromPlainError(connection.error);
      this.#client.close();
      this.#closed(error instanceof SdkError ? error : undefined);
    } else this.#connection.value = connection;
  }

  /** Nothing runs any more. */
  #closed(error: SdkError | undefined): void {
    this.#leaving ??= Promise.resolve();
    this.#lifetime.abort();
    this.#voices.close();
    this.#outputs?.close();
    for (const track of this.#tracks.peek()) track.close();
    this.#tracks.value = [];
    if (this.#connection.peek().status !== "closed") {
      this.#connection.value = error === undefined ? { status: "closed" } : { status: "closed", error };
    }
  }

  #throwIfLeft(): void {
    if (this.#leaving !== undefined) throw new SdkError("room-closed", "The room was left.");
  }
}
