/** Long enough for a browser to take over a file of some gigabytes. */
const KEPT_MS = 10 * 60_000;

/** Hands `file` to the browser's downloads as `name`. */
export function saveFile(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
}
