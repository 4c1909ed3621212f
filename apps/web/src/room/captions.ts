import type { BrowserRoom } from "@mqtt-meet/sdk/browser";
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { CaptionStream } from "../model/caption-stream.ts";
import type { Speech } from "./browser-speech.ts";
import type { LocalDevice } from "./local-device.ts";

/** What captions need of their meeting. */
export interface CaptionsOptions {
  readonly room: Pick<BrowserRoom, "participants" | "setCaptionsWanted" | "sendCaption">;
  readonly microphone: Pick<LocalDevice, "state" | "track">;
  /** Undefined where the browser understands no speech. */
  readonly speech: Speech | undefined;
  readonly language: () => string;
  /** The browser does not do it after all. */
  readonly onProblem: () => void;
  readonly nowMs: () => number;
}

/**
 * What is said, as text: whether we read it, and whether we send what we say. Nothing is listened to unless the user wants
 * it, somebody reads, and the microphone is on: a browser may send the voice to its maker's service.
 */
export class Captions {
  readonly #options: CaptionsOptions;
  readonly #wanted = signal(false);
  readonly wanted: ReadonlySignal<boolean> = this.#wanted;
  readonly #sending = signal(false);
  readonly sending: ReadonlySignal<boolean> = this.#sending;
  /** Somebody else reads captions. */
  readonly asked: ReadonlySignal<boolean>;
  readonly #stream = new CaptionStream();
  readonly #dispose: () => void;
  #listening: AbortController | undefined;

  constructor(options: CaptionsOptions) {
    const { room, microphone } = options;
    this.#options = options;
    this.asked = computed(() => room.participants.value.some(({ wantsCaptions }) => wantsCaptions));
    this.#dispose = effect(() => {
      const isOn = microphone.state.value.status === "on";
      const track = isOn && this.#sending.value && this.asked.value ? microphone.track.value : undefined;
      this.#listening?.abort();
      if (track !== undefined) this.#listen(track);
    });
  }

  /** Whether what we say can become text. */
  get canSend(): boolean {
    return this.#options.speech !== undefined;
  }

  setWanted(wanted: boolean): void {
    if (wanted === this.#wanted.peek()) return;
    this.#wanted.value = wanted;
    this.#options.room.setCaptionsWanted(wanted);
  }

  setSending(sending: boolean): void {
    this.#sending.value = sending && this.canSend;
  }

  close(): void {
    this.#dispose();
    this.#listening?.abort();
  }

  #listen(track: MediaStreamTrack): void {
    const { room, speech, language, onProblem, nowMs } = this.#options;
    const listening = new AbortController();
    this.#listening = listening;
    speech?.listen({
      ...{ track, language: language(), signal: listening.signal },
      onWords: (words, { isFinal }) => {
        const caption = this.#stream.hear(words, { isFinal, nowMs: nowMs() });
        if (caption !== undefined) room.sendCaption(caption);
      },
      onProblem: () => {
        this.setSending(false);
        onProblem();
      },
    });
  }
}
