import { readFileSync } from "node:fs";
import { ffmpeg, made } from "./clips.ts";

/** In Hz, of all sound that is listened to here. */
export const SAMPLE_RATE = 48_000;

/** The sound of a file, mono, as loud as somebody close to a microphone. `name`: for the file in which it is kept. */
export async function speechOf(file: string, name: string): Promise<Float32Array> {
  const path = await made(`${name}-speech.f32`, (output) =>
    ffmpeg(["-i", file, "-vn", "-af", "loudnorm=I=-20", "-ac", "1", "-ar", String(SAMPLE_RATE), "-f", "f32le", output]),
  );
  return samplesOf(readFileSync(path));
}

/** 32-bit floats as programs write them; half of one at the end is left out. */
export function samplesOf(bytes: Buffer): Float32Array {
  const samples = new Float32Array(Math.floor(bytes.length / Float32Array.BYTES_PER_ELEMENT));
  return samples.map((_, index) => bytes.readFloatLE(index * Float32Array.BYTES_PER_ELEMENT));
}

/** In dB of full scale; -120 for silence. */
function levelDb(samples: Float32Array): number {
  const energy = samples.reduce((sum, sample) => sum + sample * sample, 0);
  return 10 * Math.log10(energy / Math.max(1, samples.length) + 1e-12);
}

/** How loud most of it is, by parts of half a second, in dB of full scale: what was loud for a moment does not count. */
export function usualDb(samples: Float32Array): number {
  const length = SAMPLE_RATE / 2;
  const parts = Array.from({ length: Math.floor(samples.length / length) }, (_, index) =>
    levelDb(samples.subarray(index * length, (index + 1) * length)),
  );
  return parts.sort((a, b) => a - b)[Math.floor(parts.length / 2)] ?? Number.NaN;
}

/** Waveforms are compared at a twelfth of the rate: the voice itself, and none of what codecs make up above it. */
const COARSE = 12;
const SECOND = SAMPLE_RATE / COARSE;
const MAX_LATE = 3 * SECOND;

/**
 * How much of `sound` is `speech`, which begins within its first seconds: the usual correlation of its louder seconds with
 * what is most like them, 0 to 1. Speech of somebody else has a quarter.
 */
export function likeness(sound: Float32Array, speech: Float32Array): number {
  const [heard, said] = [coarse(sound), coarse(speech)];
  const usual = levelDb(said);
  const found: number[] = [];
  for (let from = 0; from + SECOND <= said.length; from += SECOND / 2) {
    const wanted = said.subarray(from, from + SECOND);
    if (levelDb(wanted) < usual) continue;
    let best = 0;
    for (let at = from; at <= Math.min(from + MAX_LATE, heard.length - SECOND); at++)
      best = Math.max(best, Math.abs(correlation(wanted, heard.subarray(at, at + SECOND))));
    found.push(best);
  }
  return found.sort((a, b) => a - b)[Math.floor(found.length / 2)] ?? 0;
}

function correlation(a: Float32Array, b: Float32Array): number {
  let [both, ofA, ofB] = [0, 1e-9, 1e-9];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] ?? 0, b[i] ?? 0];
    both += x * y;
    ofA += x * x;
    ofB += y * y;
  }
  return both / Math.sqrt(ofA * ofB);
}

function coarse(samples: Float32Array): Float32Array {
  return Float32Array.from({ length: Math.floor(samples.length / COARSE) }, (_, index) =>
    samples.subarray(index * COARSE, (index + 1) * COARSE).reduce((sum, sample) => sum + sample, 0),
  );
}
