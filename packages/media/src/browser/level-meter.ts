/** How loud a microphone is, in the window: for a lobby. */
export class LevelMeter {
  /** `track` stays the caller's. */
  constructor(track: MediaStreamTrack) {
    throw new Error(`not yet ${track}`);
  }

  /** 0 to 1, the loudest of the last moments. */
  get level(): number {
    throw new Error("not yet");
  }

  close(): void {}
}
