/** The longest name of a participant, in code points. */
export const MAX_NAME_CHARACTERS = 64;

/** The longest text of a chat message, in UTF-16 code units; its JSON always fits into a message to everybody. */
export const MAX_CHAT_CHARACTERS = 4_000;

/** The longest caption, in UTF-16 code units: two or three sentences, of which the last are shown. */
export const MAX_CAPTION_CHARACTERS = 500;

// Controls, lone surrogates and private characters; what turns the direction
// of text around or has no width (but the joiners, which emoji and some scripts need).
const UNSEEN = /[\p{Cc}\p{Cs}\p{Co}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;
const UNSEEN_IN_CHAT = /(?![\n\t])[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/gu;

/**
 * `text` as a name that can be shown anywhere, a terminal included: without control and direction characters, white
 * space collapsed, at most {@link MAX_NAME_CHARACTERS} long. May be empty.
 */
export function cleanName(text: string): string {
  const seen = text.replace(/[\t-\r\u0085\u2028\u2029]/g, " ").replace(UNSEEN, "");
  const spaced = seen.replace(/\s+/gu, " ").trim();
  return [...spaced].slice(0, MAX_NAME_CHARACTERS).join("").trim();
}

/** `text` as a chat message: without control and direction characters, but with its line breaks and tabs. */
export function cleanChatText(text: string): string {
  return text.replaceAll("\r\n", "\n").replace(UNSEEN_IN_CHAT, "").trim();
}
