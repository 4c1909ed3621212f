/** ISO/IEC 14496-15, AVCDecoderConfigurationRecord: version, three bytes of the profile, and the size of lengths come first. */
const SETS_AT = 5;
/** The first byte of a sequence parameter set, ITU-T H.264 7.4.1; no profile has the same number. */
const SEQUENCE_SET = 0x67;

/**
 * How a file tells players to read its H.264. Firefox writes the first byte of each parameter set twice (its bug 2031056),
 * and players that go by it refuse the file or complain: here each has it once. A description without that is returned as it is.
 */
export function mendAvcDescription(description: Uint8Array): Uint8Array {
  const sequence = readSets(description, { at: SETS_AT, countMask: 0x1f });
  const picture = sequence && readSets(description, { at: sequence.end, countMask: 0xff });
  if (!sequence || !picture) return description;
  if (!sequence.sets.some(([first, second]) => first === SEQUENCE_SET && second === SEQUENCE_SET)) return description;
  const mended = (sets: readonly Uint8Array[]) =>
    sets.flatMap((set) => {
      const once = set[0] === set[1] ? set.subarray(1) : set;
      return [once.length >> 8, once.length & 0xff, ...once];
    });
  return Uint8Array.from([
    ...description.subarray(0, SETS_AT - 1),
    0xfc | (description[SETS_AT - 1] ?? 0), // the bits that are reserved are ones
    0xe0 | sequence.sets.length,
    ...mended(sequence.sets),
    picture.sets.length,
    ...mended(picture.sets),
    ...description.subarray(picture.end),
  ]);
}

/** Undefined where the bytes end before the sets do. */
function readSets(
  bytes: Uint8Array,
  { at, countMask }: { readonly at: number; readonly countMask: number },
): { readonly sets: readonly Uint8Array[]; readonly end: number } | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  const sets: Uint8Array[] = [];
  let end = at + 1;
  for (let left = first & countMask; left > 0; left--) {
    const length = ((bytes[end] ?? 0) << 8) | (bytes[end + 1] ?? 0);
    const set = bytes.subarray(end + 2, end + 2 + length);
    if (set.length < length || length === 0) return undefined;
    sets.push(set);
    end += 2 + length;
  }
  return { sets, end };
}
