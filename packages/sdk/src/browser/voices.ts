import {
  openSpeaker,
  type SpeakerCapture,
  type SpeakerOptions,
  type SpeakerOutput,
  type SpeakerStream,
} from "@mqtt-meet/media/browser";
import type { Participant, RemoteTrack } from "@mqtt-meet/sdk";
import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { ToWorker } from "./worker-messages.ts";

/** The worklet mixes no more at once, and each has half a megabyte of memory. Many more tracks share these places. */
const MAX_PLACES = 64;

/** What {@link Voices} work with. */
export interface VoicesOptions {
  readonly post: (message: ToWorker, transfer: Transferable[]) => void;
  /** Default: the page's loudspeaker. */
  readonly open?: (options: SpeakerOptions) => Promise<Speaker>;
}

/** What of a speaker is used here. */
export type Speaker = Pick<SpeakerOutput, "blocked" | "addStream" | "capture" | "setDevice" | "resume" | "close">;

/**
 * The sound of the others in the window: one stream of the speaker for each track, as long as there are places; who has none is
 * given, by the worker, that of who is silent.
 */
export class Voices {
  readonly #post: (message: ToWorker, transfer: Transferable[]) => void;
  readonly #blocked = signal(false);
  readonly #missing = signal(false);
  readonly #streams = new Map<string, { readonly peer: string; readonly stream: SpeakerStream }>();
  /** Played without a place of their own. */
  readonly #waiting = new Set<string>();
  readonly #volumes = new Map<string, number>();
  readonly #opening: Promise<Speaker | undefined>;
  #speaker: Speaker | undefined;
  #tracks: readonly RemoteTrack[] = [];
  #closed = false;
  readonly blocked: ReadonlySignal<boolean> = this.#blocked;
  readonly missing: ReadonlySignal<boolean> = this.#missing;

  constructor({ post, open = openSpeaker }: VoicesOptions) {
    this.#post = post;
    this.#opening = this.#open(open);
  }

  /** Somebody came, left, or publishes something else. */
  follow(participants: readonly Participant[]): void {
    this.#tracks = participants.flatMap(({ tracks }) => tracks.filter(({ kind }) => kind === "audio"));
    this.#reconcile();
  }

  /** The worker plays `to` where it played `from`. Either may be gone by now: then their places are given anew. */
  moved({ from, to }: { readonly from: string; readonly to: string }): void {
    const place = this.#streams.get(from);
    const track = this.#tracks.find(({ key }) => key === to);
    this.#streams.delete(from);
    this.#waiting.delete(to);
    if (place !== undefined && track !== undefined) {
      const { stream } = place;
      this.#streams.set(to, { peer: track.peer, stream });
      stream.setVolume(this.#volumes.get(track.peer) ?? 1);
      this.#waiting.add(from);
    } else place?.stream.close();
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

  async #open(open: NonNullable<VoicesOptions["open"]>): Promise<Speaker | undefined> {
    // A page without a speaker is a page without sound, and no reason not to see anybody.
    const onMissingChange = (missing: boolean) => {
      this.#missing.value = missing;
    };
    const onBlockedChange = (blocked: boolean) => this.#setBlocked(blocked);
    const speaker = await open({ onBlockedChange, onMissingChange }).catch(() => undefined);
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
    for (const key of this.#waiting) {
      if (keys.has(key)) continue;
      this.#waiting.delete(key);
      this.#post({ type: "silence", key }, []);
    }
    for (const [key, { stream }] of this.#streams) {
      if (keys.has(key)) continue;
      this.#streams.delete(key);
      this.#post({ type: "silence", key }, []);
      stream.close();
    }
    for (const track of this.#tracks) if (!this.#streams.has(track.key)) this.#add(track);
  }

  #add({ key, peer, channels: count }: RemoteTrack): void {
    const channels = count === 2 ? 2 : 1;
    if (this.#speaker === undefined) return;
    if (this.#streams.size >= MAX_PLACES) {
      if (this.#waiting.has(key)) return;
      this.#waiting.add(key);
      this.#post({ type: "play", key, channels, connection: undefined }, []);
      return;
    }
    const stream = this.#speaker.addStream({ channels });
    const volume = this.#volumes.get(peer);
    if (volume !== undefined) stream.setVolume(volume);
    this.#waiting.delete(key);
    this.#streams.set(key, { peer, stream });
    this.#post({ type: "play", key, channels, connection: stream.connection }, stream.transfer);
  }
}
