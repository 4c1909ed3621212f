import type { BrowserRoom } from "@mqtt-meet/sdk/browser";

interface Feed {
  readonly video: HTMLVideoElement;
  /** Undefined for what the room shows. */
  readonly track: MediaStreamTrack | undefined;
  readonly close: () => void;
}

/** In pixels of the recording. */
interface DrawnSize {
  readonly width: number;
  readonly height: number;
}

/** Elements that nobody sees, on which what is recorded plays. */
export class VideoFeeds {
  readonly #room: Pick<BrowserRoom, "attachVideo">;
  readonly #feeds = new Map<string, Feed>();

  constructor(room: Pick<BrowserRoom, "attachVideo">) {
    this.#room = room;
  }

  /** The shapes of the pictures that have come, width by height. */
  get aspects(): ReadonlyMap<string, number> {
    const seen = [...this.#feeds].filter(([, { video }]) => video.videoWidth > 0 && video.videoHeight > 0);
    return new Map(seen.map(([key, { video }]) => [key, video.videoWidth / video.videoHeight]));
  }

  video(key: string): HTMLVideoElement | undefined {
    return this.#feeds.get(key)?.video;
  }

  /** Plays these keys as large as they are drawn, of ours the given tracks, and nothing else. */
  follow(wanted: ReadonlyMap<string, DrawnSize>, own: ReadonlyMap<string, MediaStreamTrack>): void {
    for (const [key, feed] of this.#feeds) {
      if (wanted.has(key) && feed.track === own.get(key)) continue;
      this.#feeds.delete(key);
      feed.close();
    }
    for (const [key, size] of wanted) {
      const feed = this.#feeds.get(key);
      if (feed) resize(feed.video, size);
      else this.#feeds.set(key, this.#open(key, { size, track: own.get(key) }));
    }
  }

  close(): void {
    this.follow(new Map(), new Map());
  }

  #open(
    key: string,
    { size, track }: { readonly size: DrawnSize; readonly track: MediaStreamTrack | undefined },
  ): Feed {
    const video = document.createElement("video");
    resize(video, size);
    video.muted = true;
    video.playsInline = true;
    if (track === undefined) return { video, track, close: this.#room.attachVideo(key, video) };
    video.srcObject = new MediaStream([track]);
    video.play().catch(() => undefined); // it was taken away again before it began
    const close = () => {
      video.srcObject = null;
    };
    return { video, track, close };
  }
}

/** The room lets come what an element of this size needs. */
function resize(video: HTMLVideoElement, { width, height }: DrawnSize): void {
  if (video.width !== Math.round(width)) video.width = Math.round(width);
  if (video.height !== Math.round(height)) video.height = Math.round(height);
}
