/** What RFC 6464 calls silence. */
export const SILENCE_DBOV = 127;

/** Below this, in −dBov, nobody hears anything in a meeting. */
const QUIET_DBOV = 60;

/** The level of `samples` (-1 to 1) as in RFC 6464: in −dBov, 0 the loudest, 127 silence. */
export function soundLevelDbov(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  if (sum === 0) return SILENCE_DBOV;
  // 0 dBov is a full-scale square wave.
  const dbov = 10 * Math.log10(sum / samples.length);
  return Math.min(SILENCE_DBOV, Math.max(0, Math.round(-dbov)));
}

/** The level in −dBov that seems as loud as `value`, 0 to 1: the other way round than {@link loudness}. */
export function levelDbov(value: number): number {
  return value <= 0 ? SILENCE_DBOV : Math.round((1 - Math.min(1, value)) * QUIET_DBOV);
}

/** 0 to 1, as loud as it seems, for a level in −dBov. */
export function loudness(dbov: number): number {
  return Math.min(1, Math.max(0, 1 - dbov / QUIET_DBOV));
}
