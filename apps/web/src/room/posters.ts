/** Wide enough to know somebody by their colours, and nothing that a blur would have to hide. */
const WIDTH_PX = 32;
/** Two pages of people; whoever has not been seen for longest goes first. */
const MAX_POSTERS = 100;

/**
 * The last picture that was seen of each track, tiny: it is shown, blurred, until the next one comes. In memory only, and for as long as
 * the meeting.
 */
export class Posters {
  readonly #posters = new Map<string, HTMLCanvasElement>();

  /** Keeps what `video` shows now; nothing where that is nothing yet. */
  keep(trackKey: string, video: HTMLVideoElement): void {
    const { videoWidth, videoHeight } = video;
    if (videoWidth === 0 || videoHeight === 0) return;
    const poster = document.createElement("canvas");
    poster.width = WIDTH_PX;
    poster.height = Math.max(1, Math.round((WIDTH_PX * videoHeight) / videoWidth));
    poster.getContext("2d")?.drawImage(video, 0, 0, poster.width, poster.height);
    this.#posters.delete(trackKey);
    this.#posters.set(trackKey, poster);
    const [oldest] = this.#posters.keys();
    if (this.#posters.size > MAX_POSTERS && oldest !== undefined) this.#posters.delete(oldest);
  }

  /** What was kept; it stays with the caller of {@link keep}, who draws it. */
  of(trackKey: string): HTMLCanvasElement | undefined {
    return this.#posters.get(trackKey);
  }
}
