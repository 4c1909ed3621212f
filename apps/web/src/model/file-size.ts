const UNITS = ["byte", "kilobyte", "megabyte"] as const;

/** A size as people read it: "812 byte", "14 kB", "2.3 MB". */
export function fileSize(sizeBytes: number, locale: string): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, sizeBytes)) / 3));
  const value = sizeBytes / 1000 ** power;
  const maximumFractionDigits = power > 0 && value < 10 ? 1 : 0;
  const format = { style: "unit", unit: UNITS[power], unitDisplay: "short", maximumFractionDigits } as const;
  return value.toLocaleString(locale, format);
}
