import { encodeText, joinBytes } from "@mqtt-meet/protocol";
import type { SafetyNumber } from "../room.ts";

const DIGIT_GROUPS = 6;
const BYTES_PER_GROUP = 5;

/** Easily told apart and named in any language; one for each 6 bits. */
const EMOJI = [
  ..."🐶🐱🦁🐴🦄🐷🐘🐰🐼🐓🐧🐢🐟🐙🦋🌷",
  ..."🌳🌵🍄🌍🌙☁🔥🍌🍎🍓🌽🍕🎂❤😀🤖",
  ..."🎩👓🔧🎅👍☂⌛⏰🎁💡📕✏📎✂🔒🔑",
  ..."🔨☎🏁🚂🚲✈🚀🏆⚽🎸🎺🔔⚓🎧📁📌",
];

/** The same for everybody who sees the same participants with the same keys in the same epoch. */
export async function safetyNumber(
  signingKeys: readonly Uint8Array[],
  epochFingerprint: Uint8Array,
): Promise<SafetyNumber> {
  const sorted = signingKeys.toSorted(compareBytes);
  const input = joinBytes(encodeText("mm/1 safety"), ...sorted, epochFingerprint);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", input));
  const groups = Array.from({ length: DIGIT_GROUPS }, (_, i) =>
    hash.subarray(i * BYTES_PER_GROUP, (i + 1) * BYTES_PER_GROUP),
  );
  const digits = groups.map((group) => {
    const value = group.reduce((sum, byte) => sum * 256 + byte, 0);
    return String(value % 100_000).padStart(5, "0");
  });
  return { digits: digits.join(" "), emoji: groups.map(([byte = 0]) => EMOJI[byte % EMOJI.length] ?? "") };
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return (a[i] ?? 0) - (b[i] ?? 0);
  return 0;
}
