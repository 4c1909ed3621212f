/** Durations of one frame by the mode's configuration number (RFC 6716, table 2), in microseconds. */
const SILK_US = [10_000, 20_000, 40_000, 60_000];
const HYBRID_US = [10_000, 20_000];
const CELT_US = [2_500, 5_000, 10_000, 20_000];

/** How long the sound of an Opus packet is, in microseconds (RFC 6716, 3.1 and 3.2); 0 for an empty one. */
export function opusDurationUs(packet: Uint8Array): number {
  const [toc, count = 0] = packet;
  if (toc === undefined) return 0;
  const framesByCode = [1, 2, 2, count & 63];
  return (framesByCode[toc & 3] ?? 0) * frameUs(toc >> 3);
}

function frameUs(configuration: number): number {
  if (configuration < 12) return SILK_US[configuration & 3] ?? 0;
  if (configuration < 16) return HYBRID_US[configuration & 1] ?? 0;
  return CELT_US[configuration & 3] ?? 0;
}
