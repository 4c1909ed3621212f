/**
 * Shares a bitrate among tracks: all get the same part, and what one does not want is shared among the others. None gets
 * more than it wants.
 */
export function shareBitrate(bitrateBps: number, wantedBps: readonly number[]): readonly number[] {
  const shares = wantedBps.map(() => 0);
  const ascending = wantedBps.map((wanted, index) => ({ wanted, index })).sort((a, b) => a.wanted - b.wanted);
  let leftBps = bitrateBps;
  for (const [i, { wanted, index }] of ascending.entries()) {
    const share = Math.min(wanted, leftBps / (ascending.length - i));
    shares[index] = Math.floor(share);
    leftBps -= share;
  }
  return shares;
}
