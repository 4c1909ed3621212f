/** Fewer bytes say too little about how even they are. */
const MIN_BYTES = 20_000;

/**
 * Pearson's χ² of how often each of the 256 values occurs, as the distance from what random bytes have on average, in
 * standard deviations (Wilson and Hilferty's approximation). Random bytes are above 6 once in 10⁹ times. Throws a
 * RangeError for too few bytes.
 */
export function byteUnevenness(bytes: Uint8Array): number {
  if (bytes.length < MIN_BYTES) throw new RangeError(`${bytes.length} bytes are too few to be judged.`);
  const counts = new Float64Array(256);
  for (const byte of bytes) counts[byte] = (counts[byte] ?? 0) + 1;
  const expected = bytes.length / 256;
  const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  const variance = 2 / (9 * 255);
  return (Math.cbrt(chiSquare / 255) - (1 - variance)) / Math.sqrt(variance);
}
