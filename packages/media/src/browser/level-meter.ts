import { loudness, soundLevelDbov } from "../sound-level.ts";

/** 43 ms at 48 kHz: long enough for a syllable, short enough for a needle. */
const SAMPLES = 2048;

/** How loud a microphone is, in the window: for a lobby. */
export class LevelMeter {
  readonly #context = new AudioContext();
  readonly #analyser: AnalyserNode;
  readonly #source: MediaStreamAudioSourceNode;
  readonly #samples = new Float32Array(SAMPLES);

  /** `track` stays the caller's. */
  constructor(track: MediaStreamTrack) {
    this.#source = this.#context.createMediaStreamSource(new MediaStream([track]));
    this.#analyser = new AnalyserNode(this.#context, { fftSize: SAMPLES });
    this.#source.connect(this.#analyser);
    // Before a gesture of the user it may stay suspended: then the level is 0.
    this.#context.resume().catch(() => undefined);
  }

  /** 0 to 1, of the last moment. */
  get level(): number {
    this.#analyser.getFloatTimeDomainData(this.#samples);
    return loudness(soundLevelDbov(this.#samples));
  }

  close(): void {
    this.#source.disconnect();
    if (this.#context.state !== "closed") this.#context.close().catch(() => undefined);
  }
}
