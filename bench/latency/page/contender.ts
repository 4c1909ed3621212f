/** What both contenders get. */
export interface Sending {
  readonly track: MediaStreamTrack;
  readonly codec: "vp8" | "h264" | "vp9" | "av1";
  readonly bitrateBps: number;
}

/** A picture on the page that comes from a track, and its end. */
export interface Contender {
  readonly element: HTMLVideoElement;
  /** What it says of itself, for the report. */
  describe(): Promise<string>;
  close(): Promise<void>;
}
