const WRAP = 0x1_0000_0000;

/** Far more frames than any track has in a second; a number wraps after a year at this rate. */
const NUMBERS_PER_MS = 0.125;

/** The first frame number of a track: a track that begins again under its name goes on above what it had. */
export function firstFrameNumber(nowMs: number): number {
  return Math.floor(nowMs * NUMBERS_PER_MS) % WRAP;
}

/** The number after `number`. */
export function nextFrameNumber(number: number): number {
  return (number + 1) % WRAP;
}

/** How far `number` is ahead of `from`; negative when it is behind. */
export function frameDistance(number: number, from: number): number {
  const ahead = (number - from + WRAP) % WRAP;
  return ahead < WRAP / 2 ? ahead : ahead - WRAP;
}
