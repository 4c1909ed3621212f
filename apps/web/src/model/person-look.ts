/** How somebody without a picture is shown. */
export interface PersonLook {
  /** One or two letters, or two Chinese characters at most. */
  readonly initials: string;
  /** In degrees; lightness and strength are the same for all and belong to the style. */
  readonly hue: number;
}

/** Far enough apart to be told from each other; without the accent's, the danger's, and the yellows, which are mud when dark. */
const HUES = [50, 135, 195, 217, 240, 265, 290, 317, 343] as const;
const HAN = /\p{Script=Han}/u;

/** The same name looks the same everywhere. */
export function personLook(name: string): PersonLook {
  let hash = 0x811c9dc5;
  for (const character of name.normalize("NFC").toLowerCase()) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
  return { initials: initialsOf(name), hue: HUES[(hash >>> 8) % HUES.length] ?? HUES[0] };
}

function initialsOf(name: string): string {
  const words = name.split(/[\s._-]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const first = words[0];
  if (first === undefined) return "?";
  if (HAN.test(first)) {
    // A Chinese given name stands at the end and is what people are called by.
    const characters = [...first].filter((character) => /[\p{L}\p{N}]/u.test(character));
    return characters.slice(characters.length > 2 ? -2 : 0).join("");
  }
  const letters = [first, words.length > 1 ? words.at(-1) : undefined].map((word) => firstLetter(word ?? ""));
  return letters.join("").toLocaleUpperCase();
}

function firstLetter(word: string): string {
  return [...word].find((character) => /[\p{L}\p{N}]/u.test(character)) ?? "";
}
