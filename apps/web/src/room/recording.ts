import type { BrowserRoom, Participant } from "@mqtt-meet/sdk/browser";
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { Recorder, RecorderSource } from "../recording/recorder.ts";

/** "saving": it has ended, and its file is being completed. */
export type RecordingStatus = "off" | "starting" | "on" | "saving";

/** Why a recording could not begin, or ended early. */
export type RecordingProblem = "unsupported" | "disk-full" | "failed";

/** What a recording needs of its meeting. */
export interface RecordingOptions {
  readonly room: Pick<BrowserRoom, "participants" | "setRecording">;
  readonly source: RecorderSource;
  readonly save: (file: File, name: string) => void;
  readonly onProblem: (problem: RecordingProblem) => void;
  readonly nowMs: () => number;
  /** Fetches what records. */
  readonly load: () => Promise<{ readonly Recorder: typeof Recorder }>;
}

/** The recording of this meeting by this browser, and what is known of those of others. */
export class Recording {
  readonly #options: RecordingOptions;
  readonly #status = signal<RecordingStatus>("off");
  readonly status: ReadonlySignal<RecordingStatus> = this.#status;
  /** When it began, by the clock of the options. */
  startedAtMs = 0;
  /** The others who record. */
  readonly others: ReadonlySignal<readonly Participant[]>;
  #recorder: Recorder | undefined;
  #saving: Promise<void> | undefined;

  constructor(options: RecordingOptions) {
    this.#options = options;
    this.others = computed(() => options.room.participants.value.filter(({ recording }) => recording));
  }

  /** Whether this browser can. */
  static get possible(): boolean {
    const { storage, locks } = navigator as Partial<Navigator>;
    return typeof VideoEncoder === "function" && typeof storage?.getDirectory === "function" && locks !== undefined;
  }

  toggle(): void {
    if (this.#status.peek() === "on") void this.stop();
    else void this.start();
  }

  /** In a gesture of the user. Never rejects. Everybody is told before the first picture is kept. */
  async start(): Promise<void> {
    if (this.#status.peek() !== "off") return;
    const { room, source, load, nowMs } = this.#options;
    this.#status.value = "starting";
    room.setRecording(true);
    try {
      const { Recorder } = await load();
      const recorder = await Recorder.start(source, { onFailure: (error) => this.#failed(error) });
      this.#recorder = recorder;
      this.startedAtMs = nowMs();
      this.#status.value = "on";
    } catch (error) {
      room.setRecording(false);
      this.#status.value = "off";
      this.#options.onProblem(problemOf(error));
    }
  }

  /** Saves what there is. Never rejects; resolves when the browser has the file. */
  stop(): Promise<void> {
    this.#saving ??= this.#save().finally(() => {
      this.#saving = undefined;
    });
    return this.#saving;
  }

  async #save(): Promise<void> {
    const recorder = this.#recorder;
    if (recorder === undefined) return;
    this.#recorder = undefined;
    this.#status.value = "saving";
    this.#options.room.setRecording(false);
    try {
      const { file, name } = await recorder.stop();
      this.#options.save(file, name);
    } catch (error) {
      this.#options.onProblem(problemOf(error));
    } finally {
      this.#status.value = "off";
    }
  }

  #failed(error: unknown): void {
    this.#options.onProblem(problemOf(error));
    void this.stop();
  }
}

function problemOf(error: unknown): RecordingProblem {
  const name = error instanceof Error ? error.name : "";
  if (name === "QuotaExceededError") return "disk-full";
  return name === "NotSupportedError" ? "unsupported" : "failed";
}
