import { toneAmplitude } from "../../../test/support/probe/find-beeps.ts";

/** A part of Chromium that TypeScript's library does not know. */
declare class MediaStreamTrackProcessor {
  constructor(options: { track: MediaStreamTrack });
  readonly readable: ReadableStream<AudioData>;
}

const STEP_S = 0.005;
/** As for the probes of the tests: a tone this strong is a beep, and begins after so long without one. */
const LEAST_AMPLITUDE = 0.03;
const SILENCE_S = 0.2;
/** Of so many blocks of 10 ms, the one that came soonest came without a delay of this page. */
const CLOCK_BLOCKS = 200;

/**
 * Hears when beeps begin in a track, whatever track it is: a microphone's, what our loudspeaker is given, what a peer connection
 * plays. One ear for all of them, before any device, so that what they are compared by is the same.
 */
export class BeepEar {
  /** When a block with the beginning of a beep was there, in milliseconds of the page's clock. */
  readonly heardMs: number[] = [];

  /** Listens until the track ends. */
  constructor(track: MediaStreamTrack, { beepHz }: { beepHz: number }) {
    void this.#listen(track, beepHz);
  }

  async #listen(track: MediaStreamTrack, beepHz: number): Promise<void> {
    const offsetsMs: number[] = [];
    let [countedMs, quietS] = [0, 0];
    for await (const block of new MediaStreamTrackProcessor({ track }).readable) {
      const { numberOfFrames, sampleRate } = block;
      // A busy page reads late; samples are counted instead, from the ones that came soonest.
      offsetsMs.push(performance.now() - countedMs);
      if (offsetsMs.length > CLOCK_BLOCKS) offsetsMs.shift();
      const startMs = countedMs + Math.min(...offsetsMs);
      countedMs += (numberOfFrames / sampleRate) * 1000;
      const samples = new Float32Array(numberOfFrames);
      block.copyTo(samples, { planeIndex: 0, format: "f32-planar" });
      block.close();
      const step = Math.round(sampleRate * STEP_S);
      for (let from = 0; from + step <= numberOfFrames; from += step) {
        const loud = toneAmplitude(samples.subarray(from, from + step), beepHz / sampleRate) > LEAST_AMPLITUDE;
        if (loud && quietS >= SILENCE_S) this.heardMs.push(startMs + (from / sampleRate) * 1000);
        quietS = loud ? 0 : quietS + STEP_S;
      }
    }
  }
}
