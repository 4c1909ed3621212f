const PACKET_BITS = 8 * 1_360;
/** What cubic keeps of its window after a loss. */
const KEPT = 0.7;
/** Some losses are only noticed by a timeout. */
const TIMEOUT_PART = 0.1;
const TIMEOUT_MS = 300;

/**
 * What a TCP connection carries on a line that loses packets, in bits a second, to be asked with times that grow: after a loss nothing
 * arrives for a round trip, and then less, until the window has grown again by a packet each round trip.
 */
export function lossyTcp(options: {
  readonly lineBps: number;
  readonly roundTripMs: number;
  /** Of the packets, 0 to 1. */
  readonly loss: number;
  readonly random: () => number;
}): (atMs: number) => number {
  const { lineBps, roundTripMs, loss, random } = options;
  let windowBits = 10 * PACKET_BITS;
  let stalledUntilMs = 0;
  let lastMs = 0;
  return (atMs) => {
    const elapsedMs = atMs - lastMs;
    lastMs = atMs;
    if (atMs < stalledUntilMs) return 0;
    const bps = Math.min(lineBps, (1000 * windowBits) / roundTripMs);
    windowBits += (PACKET_BITS * elapsedMs) / roundTripMs;
    const packets = (bps * elapsedMs) / 1000 / PACKET_BITS;
    if (random() < packets * loss) {
      windowBits = Math.max(2 * PACKET_BITS, windowBits * KEPT);
      stalledUntilMs = atMs + (random() < TIMEOUT_PART ? TIMEOUT_MS : roundTripMs);
    }
    return bps;
  };
}
