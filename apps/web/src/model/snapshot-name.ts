/** What the file of a picture is called: who it shows and when, with nothing in it that a file system minds. */
export function snapshotName(name: string, at: Date): string {
  const two = (number: number) => String(number).padStart(2, "0");
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(".");
  const safe = name
    .replace(/[^\p{L}\p{N} _-]+/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
  return `${safe || "meeting"} ${day} ${time}.png`;
}
