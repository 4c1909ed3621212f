/** What a saved file is called: what it shows and when, with nothing in it that a file system minds. */
export function fileName(what: string, { at, extension }: { readonly at: Date; readonly extension: string }): string {
  const two = (number: number) => String(number).padStart(2, "0");
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(".");
  const safe = what
    .replace(/[^\p{L}\p{N} _-]+/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
  return `${safe || "meeting"} ${day} ${time}.${extension}`;
}
