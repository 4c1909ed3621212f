import { openSpeaker, type SpeakerCapture, type SpeakerOutput, type SpeakerStream } from "@mqtt-meet/media/browser";
import type { Participant, RemoteTrack } from "@mqtt-meet/sdk";
import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { ToWorker } from "./worker-messages.ts";

/** The worklet mixes no more at once; who comes later is not heard. */
const MAX_VOICES = 64;

/** The sound of the others in the window: one stream of the speaker for each track. */
export class Voices {
  readonly #post: (message: ToWorker, transfer: Transferable[]) => void;
  readonly #blocked = signal(false);
  readonly #missing = signal(false);
  readonly #streams = new Map<string, { readonly peer: string; readonly stream: SpeakerStream }>();
  readonly #volumes = new Map<string, number>();
  readonly #opening: Promise<SpeakerOutput | undefined>;
  #speaker: SpeakerOutput | undefined;
  #tracks: readonly RemoteTrack[] = [];
  #closed = false;
  readonly blocked: ReadonlySignal<boolean> = this.#blocked;
  readonly missing: ReadonlySignal<boolean> = this.#missing;

  constructor(options: { readonly post: (message: ToWorker, transfer: Transferable[]) => void }) {
    this.#post = options.post;
    this.#opening = this.#open();
  }

  /** Somebody came, left, or publishes something else. */
  follow(participants: readonly Participant[]): void {
    this.#tracks = participants.flatMap(({ tracks }) => tracks.filter(({ kind }) => kind === "audio"));
    this.#reconcile();
  }

  /** 0 to 1. */
  setVolume(peer: string, volume: number): void {
    this.#volumes.set(peer, volume);
    for (const voice of this.#streams.values()) if (voice.peer === peer) voice.stream.setVolume(volume);
  }

  async setDevice(deviceId: string): Promise<void> {
    await (await this.#opening)?.setDevice(deviceId);
  }

  /** What everybody says, as a track; undefined on a page without a speaker. */
  async capture(): Promise<SpeakerCapture | undefined> {
    return (await this.#opening)?.capture();
  }

  async resume(): Promise<void> {
    // Not after a wait: the gesture that allows it would be over.
    await this.#speaker?.resume();
  }

  close(): void {
    this.#closed = true;
    this.#missing.value = false;
    this.#tracks = [];
    this.#reconcile();
    this.#speaker?.close();
  }

  async #open(): Promise<SpeakerOutput | undefined> {
    // A page without a speaker is a page without sound, and no reason not to see anybody.
    const onMissingChange = (missing: boolean) => {
      this.#missing.value = missing;
    };
    const onBlockedChange = (blocked: boolean) => this.#setBlocked(blocked);
    const speaker = await openSpeaker({ onBlockedChange, onMissingChange }).catch(() => undefined);
    if (this.#closed) speaker?.close();
    if (this.#closed || speaker === undefined) return undefined;
    this.#speaker = speaker;
    this.#setBlocked(speaker.blocked);
    this.#reconcile();
    return speaker;
  }

  #setBlocked(blocked: boolean): void {
    this.#blocked.value = blocked && !this.#closed;
  }

  #reconcile(): void {
    const keys = new Set(this.#tracks.map(({ key }) => key));
    for (const [key, { stream }] of this.#streams) {
      if (keys.has(key)) continue;
      this.#streams.delete(key);
      this.#post({ type: "silence", key }, []);
      stream.close();
    }
    for (const track of this.#tracks) {
      if (!this.#streams.has(track.key) && this.#streams.size < MAX_VOICES) this.#add(track);
    }
  }

  #add({ key, peer, channels }: RemoteTrack): void {
    const stream = this.#speaker?.addStream({ channels: channels === 2 ? 2 : 1 });
    if (stream === undefined) return;
    const volume = this.#volumes.get(peer);
    if (volume !== undefined) stream.setVolume(volume);
    this.#streams.set(key, { peer, stream });
    this.#post({ type: "play", key, connection: stream.connection }, stream.transfer);
  }
}
