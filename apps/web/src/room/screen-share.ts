import { type BrowserLocalTrack, type BrowserRoom, MediaError, openScreen, tuneScreen } from "@mqtt-meet/sdk/browser";
import { type ReadonlySignal, signal } from "@preact/signals";

/** The screen that we share, if any. */
export class ScreenShare {
  readonly #room: Pick<BrowserRoom, "publishTrack">;
  readonly #onError: (error: unknown) => void;
  readonly #status = signal<"off" | "starting" | "on">("off");
  readonly status: ReadonlySignal<"off" | "starting" | "on"> = this.#status;
  readonly #captured = signal<readonly MediaStreamTrack[]>([]);
  /** The picture and, where there is one, the sound that are shared. */
  readonly captured: ReadonlySignal<readonly MediaStreamTrack[]> = this.#captured;
  readonly #content = signal<"detail" | "motion">("detail");
  /** Whether text is to be sharp, or movement smooth. */
  readonly content: ReadonlySignal<"detail" | "motion"> = this.#content;
  #picture: BrowserLocalTrack | undefined;
  #sound: BrowserLocalTrack | undefined;

  constructor(options: { room: Pick<BrowserRoom, "publishTrack">; onError: (error: unknown) => void }) {
    this.#room = options.room;
    this.#onError = options.onError;
  }

  /** Whether this browser can: phones cannot. */
  static get possible(): boolean {
    return typeof navigator.mediaDevices?.getDisplayMedia === "function";
  }

  toggle(): void {
    if (this.#status.peek() === "on") this.stop();
    else void this.start();
  }

  /** Never rejects. A choice that the user calls off is no error. */
  async start(): Promise<void> {
    if (this.#status.peek() !== "off" || !ScreenShare.possible) return;
    this.#status.value = "starting";
    try {
      const { video, audio } = await openScreen({ audio: true });
      this.#captured.value = audio ? [video, audio] : [video];
      // The browser's own button ends the track.
      video.addEventListener("ended", () => this.stop());
      this.#content.value = "detail";
      this.#picture = await this.#room.publishTrack(video, { source: "screen", content: "detail" });
      if (audio) this.#sound = await this.#room.publishTrack(audio, { source: "screen-audio" });
      if (video.readyState === "ended") this.stop();
      else this.#status.value = "on";
    } catch (error) {
      this.stop();
      if (!(error instanceof MediaError && error.code === "permission-denied")) this.#onError(error);
    }
  }

  /** The same screen, published anew: nobody is asked again what to share. Never rejects. */
  async setContent(content: "detail" | "motion"): Promise<void> {
    const before = this.#picture;
    const video = this.#captured.peek().find(({ kind }) => kind === "video");
    if (this.#status.peek() !== "on" || !before || !video || content === this.#content.peek()) return;
    this.#content.value = content;
    this.#picture = undefined; // until it is published, a second click finds nothing to change
    try {
      await tuneScreen(video, content);
      await before.unpublish();
      if (hasEnded(video)) return;
      this.#picture = await this.#room.publishTrack(video, { source: "screen", content });
      if (hasEnded(video)) this.stop();
    } catch (error) {
      this.stop();
      this.#onError(error);
    }
  }

  stop(): void {
    const published = [this.#picture, this.#sound].filter((track) => track !== undefined);
    this.#picture = undefined;
    this.#sound = undefined;
    for (const track of this.#captured.peek()) track.stop();
    this.#captured.value = [];
    this.#status.value = "off";
    for (const track of published) track.unpublish().catch(this.#onError);
  }
}

function hasEnded({ readyState }: MediaStreamTrack): boolean {
  return readyState === "ended";
}
