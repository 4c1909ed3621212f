/**
 * The text of a document with the part between the two comments of `name` put in place of what stood there. Throws where the document has
 * no such part.
 */
export function withSection(
  document: string,
  { name, text }: { readonly name: string; readonly text: string },
): string {
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`The document has no part between "${begin}" and "${end}".`);
  return `${document.slice(0, from + begin.length)}\n${text}\n${document.slice(to)}`;
}
