import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../test/support/project-root.ts";

const DOCUMENT = join(projectRoot, "docs", "performance.md");

/** Whether docs/performance.md has a part of this name. */
export function documentHas(name: string): boolean {
  return placeOf(readFileSync(DOCUMENT, "utf8"), name) !== undefined;
}

/** Puts `text` into the part `name` of docs/performance.md. Throws where it has none. */
export function writeSection(name: string, text: string): void {
  writeFileSync(DOCUMENT, withSection(readFileSync(DOCUMENT, "utf8"), { name, text }));
}

/**
 * The text of a document with the part between the two comments of `name` put in place of what stood there. Throws where the document has
 * no such part.
 */
export function withSection(
  document: string,
  { name, text }: { readonly name: string; readonly text: string },
): string {
  const place = placeOf(document, name);
  if (place === undefined) {
    throw new Error(`The document has no part between "${mark(name, "begin")}" and "${mark(name, "end")}".`);
  }
  return `${document.slice(0, place.from)}\n${text}\n${document.slice(place.to)}`;
}

function placeOf(document: string, name: string): { from: number; to: number } | undefined {
  const begin = mark(name, "begin");
  const [at, to] = [document.indexOf(begin), document.indexOf(mark(name, "end"))];
  return at < 0 || to < at ? undefined : { from: at + begin.length, to };
}

function mark(name: string, which: "begin" | "end"): string {
  return `<!-- ${name}: ${which} -->`;
}
