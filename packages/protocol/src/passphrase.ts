import { KEY_BYTES } from "./secret-derivation.ts";

/** What OWASP asks of PBKDF2 with SHA-256 (2023). */
const ITERATIONS = 600_000;
/** Four words from a list of 7,776 have 51 bits: with the iterations, guessing them costs more than a meeting is worth. */
const MIN_WORDS = 4;
const MIN_WORD_CHARACTERS = 3;

/** Why `passphrase` is refused, as a sentence for people; undefined when it is good enough (K9). */
export function passphraseWeakness(passphrase: string): string | undefined {
  const words = wordsOf(passphrase).filter((word) => [...word].length >= MIN_WORD_CHARACTERS);
  if (new Set(words).size >= MIN_WORDS) return undefined;
  return `A passphrase has at least ${MIN_WORDS} different words of ${MIN_WORD_CHARACTERS} or more characters: the broker can try to guess it.`;
}

/** The secret of the room `name` with this passphrase (K8). Takes a tenth of a second. Throws a RangeError when it is weak. */
export async function passphraseSecret(name: string, passphrase: string): Promise<Uint8Array<ArrayBuffer>> {
  const weakness = passphraseWeakness(passphrase);
  if (weakness !== undefined) throw new RangeError(weakness);
  const text = new TextEncoder();
  const salt = await crypto.subtle.digest("SHA-256", text.encode(`mm/1 salt${name}`));
  const words = text.encode(wordsOf(passphrase).join(" "));
  const key = await crypto.subtle.importKey("raw", words, "PBKDF2", false, ["deriveBits"]);
  const algorithm = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ITERATIONS };
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, KEY_BYTES * 8));
}

/** Typed on different keyboards, the same words are the same bytes. */
function wordsOf(passphrase: string): readonly string[] {
  return passphrase.normalize("NFKC").toLowerCase().split(/\s+/u).filter(Boolean);
}
