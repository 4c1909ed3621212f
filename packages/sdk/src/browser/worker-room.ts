import { epochNowMs, type PcmBlock } from "@mqtt-meet/media";
import {
  BitmapPicture,
  type BrowserPicture,
  createFrameReader,
  createMicrophoneReader,
  createWebCodecsBackend,
  type FrameSource,
  openSpeakerSink,
  type SoundSource,
} from "@mqtt-meet/media/browser";
import { Connection, webSocketDials } from "@mqtt-meet/mqtt";
import type { State } from "@mqtt-meet/protocol";
import { type DoorStanding, SdkError } from "@mqtt-meet/sdk";
import type { AudioPublication } from "../audio-publication.ts";
import { enterRoom } from "../door/enter-room.ts";
import { EntryAhead } from "../entry-ahead.ts";
import { hostSeat } from "../host.ts";
import { readLink, roomEntry } from "../room-access.ts";
import { RoomCore } from "../room-core.ts";
import type { OpenLink } from "../room-link.ts";
import type { VideoPublication } from "../video-publication.ts";
import { applySign } from "./apply-sign.ts";
import { FileFetches } from "./file-fetches.ts";
import { mirrorRoom } from "./mirror-room.ts";
import { toPlainError } from "./plain-error.ts";
import { ShownOutputs } from "./shown-outputs.ts";
import { VoicePlaces } from "./voice-places.ts";
import type { Call, Calls, FromWorker, ToWorker } from "./worker-messages.ts";

/** The room in the worker of a page: everything between the socket and the codecs, steered by the window's messages. */
export class WorkerRoom {
  readonly #post: (message: FromWorker) => void;
  readonly #leaving = new AbortController();
  readonly #outputs = new ShownOutputs({
    watch: (...parameters) => this.#core?.watchVideo(...parameters) ?? (() => undefined),
  });
  readonly #voices = new Map<string, () => void>();
  readonly #places = new VoicePlaces({
    nowMs: epochNowMs,
    onMove: (move) => this.#post({ type: "moved", ...move }),
  });
  readonly #readers = new Map<string, AbortController>();
  readonly #fetches = new FileFetches();
  readonly #backend = createWebCodecsBackend();
  readonly #entry = new EntryAhead({ find: roomEntry, nowMs: epochNowMs });
  #core: RoomCore<BrowserPicture> | undefined;
  #joining: Promise<unknown> = Promise.resolve();

  constructor(options: { readonly post: (message: FromWorker) => void }) {
    this.#post = options.post;
  }

  handle(message: ToWorker): void {
    switch (message.type) {
      case "call":
        void this.#answer(message.id, message.call);
        break;
      case "prepare":
        this.#prepare(message.link);
        break;
      case "show":
      case "hide":
      case "view":
        this.#look(message);
        break;
      case "set-reception":
        this.#core?.setReception(message.reception);
        break;
      case "reconnect-now":
        this.#core?.reconnectNow();
        break;
      case "play":
        this.#play(message);
        break;
      case "silence":
        this.#voices.get(message.key)?.();
        this.#voices.delete(message.key);
        break;
      case "drop-file":
        this.#fetches.drop(message.message);
        break;
      case "set-name":
      case "set-recording":
      case "set-hand":
      case "react":
      case "want-captions":
      case "caption":
        if (this.#core !== undefined) applySign(this.#core.signs, message);
        break;
      case "set-muted":
        this.#setMuted(message);
        break;
      case "replace-video":
        this.#readVideo(message);
        break;
      case "replace-audio":
        this.#readAudio(message);
        break;
      case "stop-reading":
        this.#stopReading(message.id);
        break;
    }
  }

  async #answer(id: number, call: Call): Promise<void> {
    try {
      this.#post({ type: "answer", id, result: await this.#perform(call) });
    } catch (error) {
      this.#post({ type: "refusal", id, error: toPlainError(error) });
    }
  }

  #perform(call: Call): Promise<unknown> {
    switch (call.name) {
      case "join":
        this.#joining = this.#join(call.options);
        return this.#joining;
      case "sendMessage":
        return this.#joined.sendMessage(call.options.text);
      case "ask":
        return this.#joined.polls.ask(call.options.question, call.options.answers);
      case "vote":
        return this.#joined.polls.vote(call.options.poll, call.options.choice);
      case "closePoll":
        return this.#joined.polls.close(call.options.poll);
      case "sendFile":
        return this.#joined.files.send(call.options.file, call.options);
      case "fetchFile":
        return this.#fetches.fetch(this.#joined.files, call.options.message);
      case "remove":
        return this.#joined.stay.remove(call.options.peer);
      case "command":
        return this.#joined.host.command(call.options.order);
      case "enforce":
        return this.#joined.door.enforce(call.options.order);
      case "publishVideo":
        return this.#publishVideo(call.options);
      case "publishAudio":
        return this.#publishAudio(call.options);
      case "unpublish":
        return this.#track(call.options.id)?.unpublish() ?? Promise.resolve();
      case "leave":
        return this.#leave();
    }
  }

  #prepare(link: string): void {
    this.#entry.prepare(readLink(link), { signal: this.#leaving.signal });
    // Both are remembered. What fails is told when the room is joined.
    for (const known of [this.#backend.encodableVideo(), this.#backend.decodableVideo()]) known.catch(() => undefined);
  }

  async #join(options: Calls["join"]["options"]): Promise<Calls["join"]["result"]> {
    const { link, name, kind = "person", passphrase, hostKey } = options;
    const { signal } = this.#leaving;
    const meeting = readLink(link);
    const backend = this.#backend;
    const [entry, encodable, video] = await Promise.all([
      this.#entry.take(meeting, { signal, passphrase }),
      backend.encodableVideo(),
      backend.decodableVideo(),
    ]);
    const { room, peer, username, password, brokerUrls, encryption, rights, door } = entry;
    const decodes: State["decodes"] = { video, audio: typeof AudioDecoder === "undefined" ? [] : ["opus"] };
    const dial = webSocketDials(brokerUrls);
    signal.throwIfAborted();
    const host = hostSeat(meeting, hostKey);
    const openLink: OpenLink = (options) => new Connection({ dial, username, password, now: epochNowMs, ...options });
    const open = (afterIncarnation: number | undefined) =>
      new RoomCore<BrowserPicture>({
        ...{ room, peer, encryption, rights, host, name, kind, backend, encodable, decodes, openLink },
        ...{ enforced: door !== undefined, afterIncarnation, expectsPictures: true },
        clone: (picture) => (picture instanceof BitmapPicture ? undefined : picture.clone()),
      });
    const onStanding = (standing: DoorStanding) => this.#post({ type: "standing", standing });
    const core = await enterRoom({ entry, name, openLink, open, onStanding, signal, nowMs: epochNowMs });
    this.#core = core;
    mirrorRoom(core, (change) => this.#post({ type: "changed", change }));
    return {
      ...{ peer, rights },
      abilities: { readsTracks: has("MediaStreamTrackProcessor"), makesTracks: has("VideoTrackGenerator") },
    };
  }

  async #publishVideo(options: Calls["publishVideo"]["options"]): Promise<Calls["publishVideo"]["result"]> {
    const { frames, ...video } = options;
    const track = this.#joined.publishVideo({
      ...video,
      // Where pictures are bitmaps there can be no second reference to one, and no second encoder.
      simulcast: video.simulcast && typeof VideoFrame !== "undefined",
      repeat: video.source === "screen" && typeof VideoFrame !== "undefined" ? repeatPicture : undefined,
      onClose: () => this.#stopReading(track.id),
    });
    track.ended.subscribe((ended) => {
      if (ended) this.#post({ type: "ended", id: track.id });
    });
    this.#readVideo({ id: track.id, frames });
    return { id: track.id };
  }

  async #publishAudio(options: Calls["publishAudio"]["options"]): Promise<Calls["publishAudio"]["result"]> {
    const { sound, ...audio } = options;
    if (typeof AudioEncoder === "undefined") {
      throw new SdkError("unsupported", "This browser cannot encode sound.");
    }
    const track = this.#joined.publishAudio({ ...audio, onClose: () => this.#stopReading(track.id) });
    track.ended.subscribe((ended) => {
      if (ended) this.#post({ type: "ended", id: track.id });
    });
    this.#readAudio({ id: track.id, sound });
    return { id: track.id };
  }

  #readVideo({ id, frames }: { readonly id: string; readonly frames: FrameSource }): void {
    const signal = this.#startReading(id);
    createFrameReader(frames, {
      onPicture: (picture, options) => {
        const track = this.#track(id);
        if (track?.kind === "video") track.push(picture, options);
        else picture.close();
      },
      onEnd: () => this.#track(id)?.end(),
      signal,
    });
  }

  #readAudio({ id, sound }: { readonly id: string; readonly sound: SoundSource }): void {
    const onBlock = (block: PcmBlock) => {
      const track = this.#track(id);
      if (track?.kind === "audio") track.push(block);
    };
    const track = this.#track(id);
    if (track?.kind === "audio") track.setSpeech(sound.format.speech ?? true);
    createMicrophoneReader(sound, { onBlock, onEnd: () => this.#track(id)?.end(), signal: this.#startReading(id) });
  }

  /** Ends what fed the track until now. */
  #startReading(id: string): AbortSignal {
    this.#stopReading(id);
    const reading = new AbortController();
    this.#readers.set(id, reading);
    return reading.signal;
  }

  #stopReading(id: string): void {
    this.#readers.get(id)?.abort();
    this.#readers.delete(id);
  }

  #look(message: Extract<ToWorker, { type: "show" | "hide" | "view" }>): void {
    if (message.type === "hide") this.#outputs.hide(message);
    else if (message.type === "view") this.#outputs.see(message);
    else if (!this.#leaving.signal.aborted) this.#outputs.show(message);
  }

  #play({ key, channels, connection }: Extract<ToWorker, { type: "play" }>): void {
    if (this.#core === undefined || this.#leaving.signal.aborted) return;
    this.#voices.get(key)?.();
    const place = connection && openSpeakerSink(connection);
    this.#voices.set(key, this.#core.watchAudio(key, this.#places.add(key, place, { channels })));
  }

  /** A host may have muted us while the window did not know: it is told, and then shows the same. */
  #setMuted({ id, muted }: Extract<ToWorker, { type: "set-muted" }>): void {
    try {
      this.#track(id)?.setMuted(muted);
    } catch (error) {
      if (!(error instanceof SdkError)) throw error;
    }
  }

  get #joined(): RoomCore<BrowserPicture> {
    if (this.#core === undefined) throw new SdkError("room-closed", "The room was not joined.");
    return this.#core;
  }

  #track(id: string): VideoPublication<BrowserPicture> | AudioPublication | undefined {
    return this.#core?.localTracks.peek().find((track) => track.id === id);
  }

  async #leave(): Promise<void> {
    this.#leaving.abort(new SdkError("room-closed", "The room was left."));
    for (const reading of this.#readers.values()) reading.abort();
    // Whoever joins yet leaves by itself: a room that is being joined, and the door.
    await this.#joining.catch(() => undefined);
    await this.#core?.leave();
    this.#outputs.close();
  }
}

/** A screen that stands still is sent again: the same picture as of now. */
function repeatPicture(picture: BrowserPicture, timestamp: number): BrowserPicture {
  return new VideoFrame(picture instanceof BitmapPicture ? picture.bitmap : picture, { timestamp });
}

function has(name: string): boolean {
  return Reflect.has(globalThis, name);
}
