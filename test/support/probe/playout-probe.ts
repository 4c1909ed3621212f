import { findBeeps } from "./find-beeps.ts";

/** Samples that an analyser can hold: 680 ms at 48 kHz. */
const WINDOW = 32_768;
const LOOK_EVERY_MS = 200;
/** Two sightings of a beep closer than this are one beep; beeps are a second apart. */
const SAME_BEEP_MS = 150;

/** What a page plays, tapped where it goes to the loudspeaker. */
export class PlayoutProbe {
  /** When a beep was heard, by frequency: with the latency that the output device reports. */
  readonly beepsMs = new Map<number, number[]>();
  /** The loudness of what was played, a value each look: root mean square. */
  readonly loudness: { atMs: number; rms: number }[] = [];
  readonly #samples = new Float32Array(WINDOW);
  readonly #beepsHz: readonly number[];

  /** Taps every audio context of the page from now on. */
  constructor({ beepsHz }: { beepsHz: readonly number[] }) {
    this.#beepsHz = beepsHz;
    for (const beepHz of beepsHz) this.beepsMs.set(beepHz, []);
    const taps = new WeakMap<BaseAudioContext, AnalyserNode>();
    const connect = AudioNode.prototype.connect as (this: AudioNode, ...args: unknown[]) => AudioNode;
    const tapOf = (context: AudioContext) => {
      const tap = taps.get(context) ?? this.#tap(context);
      taps.set(context, tap);
      return tap;
    };
    AudioNode.prototype.connect = function (this: AudioNode, ...args: unknown[]) {
      if (args[0] instanceof AudioDestinationNode && this.context instanceof AudioContext)
        connect.call(this, tapOf(this.context));
      return connect.apply(this, args);
    } as AudioNode["connect"];
  }

  #tap(context: AudioContext): AnalyserNode {
    const tap = new AnalyserNode(context, { fftSize: WINDOW });
    setInterval(() => this.#look(context, tap), LOOK_EVERY_MS);
    return tap;
  }

  #look(context: AudioContext, tap: AnalyserNode): void {
    tap.getFloatTimeDomainData(this.#samples);
    const endS = context.currentTime;
    const output = context.getOutputTimestamp();
    if (context.state !== "running" || output.performanceTime === undefined || output.contextTime === undefined) return;
    const startS = endS - WINDOW / context.sampleRate;
    const recent = this.#samples.subarray(WINDOW - Math.round((LOOK_EVERY_MS / 1000) * context.sampleRate));
    this.loudness.push({
      atMs: performance.now(),
      rms: Math.sqrt(recent.reduce((sum, s) => sum + s * s, 0) / recent.length),
    });
    for (const beepHz of this.#beepsHz) {
      for (const beepS of findBeeps(this.#samples, { sampleRate: context.sampleRate, beepHz })) {
        this.#hear(beepHz, output.performanceTime + (startS + beepS - output.contextTime) * 1000);
      }
    }
  }

  #hear(beepHz: number, atMs: number): void {
    const heard = this.beepsMs.get(beepHz);
    if (heard?.every((other) => Math.abs(other - atMs) > SAME_BEEP_MS)) heard.push(atMs);
  }
}
