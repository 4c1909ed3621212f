/** Whether `sought` occurs in `name`, whatever the case and the accents. */
export function matchesName(name: string, sought: string): boolean {
  return plain(name).includes(plain(sought.trim()));
}

function plain(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();
}
