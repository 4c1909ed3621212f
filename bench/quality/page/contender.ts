/** Our rooms, a WebRTC peer connection between the two pages, or the SFU Janus between them. */
export type ContenderName = "ours" | "webrtc" | "janus";

/** What every contender is given to send. */
export interface Sending {
  readonly picture: MediaStreamTrack;
  readonly sound: MediaStreamTrack;
  readonly codec: "vp8" | "h264";
  /** The most that pictures may take. */
  readonly bitrateBps: number;
  readonly fps: number;
}

/** What a viewer has counted since the beginning, as the stack itself says. */
export interface Counts {
  /** Payload of pictures, without what was sent again. */
  readonly videoBytes: number;
  readonly totalSamples: number;
  readonly concealedSamples: number;
  readonly widthPx: number;
  readonly heightPx: number;
  /** How long the newest pictures waited in queues on their way; NaN where the stack does not say. */
  readonly queueMs: number;
  /** In its own words, for whoever looks for faults. */
  readonly about: string;
}

/** What arrives at a viewer. */
export interface Viewing {
  /** What is played, on its way to the device. */
  readonly sound: Promise<MediaStreamTrack>;
  counts(): Promise<Counts>;
}
