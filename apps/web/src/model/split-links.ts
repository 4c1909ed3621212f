/** A piece of a chat message. */
export interface TextPart {
  readonly text: string;
  /** Where a click goes; undefined for mere text. */
  readonly href?: string;
}

const ADDRESS = /https?:\/\/[^\s<>"'，。；：！？）】》」、]+/giu;
/** What stands behind an address more often than in it. */
const TRAILING = /[.,;:!?)\]}…]+$/u;

/** Finds the web addresses in a text that a stranger wrote; everything else stays text. */
export function splitLinks(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const shown = trimAddress(match[0]);
    const href = webAddress(shown);
    if (href === undefined) continue;
    if (match.index > end) parts.push({ text: text.slice(end, match.index) });
    parts.push({ text: shown, href });
    end = match.index + shown.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return parts;
}

/** A closing bracket belongs to the address when its opening one does: `…/wiki/MQTT_(protocol)`. */
function trimAddress(address: string): string {
  const trimmed = address.replace(TRAILING, "");
  return trimmed.includes("(") && address[trimmed.length] === ")" ? `${trimmed})` : trimmed;
}

function webAddress(text: string): string | undefined {
  try {
    return new URL(text).href;
  } catch {
    return undefined;
  }
}
