/**
 * Bytes from the notation of the packet cases: words separated by spaces, each of which its first character explains.
 * `iN` is one byte, `HN`, `kN`, `mN` and `sN` are two, `LN` four, big-endian; `vN` and `rN` variable byte integers, also
 * longer ones than MQTT has; `'text'` its UTF-8 bytes; anything else pairs of hexadecimal digits. Nothing is checked or
 * computed: wrong lengths are what is tested. Throws TypeError for a word that is none of these.
 */
export function packetBytes(text: string): Uint8Array {
  const words = text.match(/'[^']*'|[^\s']+/g) ?? [];
  return Buffer.concat(words.map(wordBytes));
}

const SIZES: Readonly<Record<string, number>> = { i: 1, H: 2, k: 2, m: 2, s: 2, L: 4 };

function wordBytes(word: string): Uint8Array {
  const first = word.charAt(0);
  if (first === "'") return Buffer.from(word.slice(1, -1));
  const number = /^[a-zA-Z]\d+$/.test(word) ? Number(word.slice(1)) : undefined;
  const size = SIZES[first];
  if (number !== undefined && size !== undefined) return bigEndian(number, size);
  if (number !== undefined && (first === "v" || first === "r")) return variableBytes(number);
  if (/^([\da-f]{2})+$/i.test(word)) return Buffer.from(word, "hex");
  throw new TypeError(`"${word}" is no word of a packet.`);
}

function bigEndian(value: number, size: number): Uint8Array {
  const bytes = Buffer.alloc(size);
  bytes.writeUIntBE(value, 0, size);
  return bytes;
}

function variableBytes(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  do {
    const digit = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? digit + 128 : digit);
  } while (rest > 0);
  return Uint8Array.from(bytes);
}
