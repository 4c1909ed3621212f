/** `754_000` ms is "12 min 34 sec" in the language of `locale`; never more than two units. */
export function durationText(durationMs: number, locale: string): string {
  const seconds = Math.max(0, Math.round(durationMs / 1000));
  const parts: [number, string][] =
    seconds < 3600
      ? [
          [Math.floor(seconds / 60), "minute"],
          [seconds % 60, "second"],
        ]
      : [
          [Math.floor(seconds / 3600), "hour"],
          [Math.floor((seconds % 3600) / 60), "minute"],
        ];
  const shown = parts.filter(([value], index) => value > 0 || (index === 1 && seconds < 60));
  return shown
    .map(([value, unit]) => new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short" }).format(value))
    .join(" ");
}

/** How long ago `timeMs` was, as people say it: "yesterday", "3 小时前". */
export function agoText(timeMs: number, { nowMs, locale }: { nowMs: number; locale: string }): string {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const minutes = Math.round((nowMs - timeMs) / 60_000);
  if (minutes < 60) return format.format(-Math.max(0, minutes), "minute");
  const hours = Math.round(minutes / 60);
  return hours < 24 ? format.format(-hours, "hour") : format.format(-Math.round(hours / 24), "day");
}

/** `754_000` ms is "12:34", and from an hour on "1:02:03", everywhere. */
export function clockText(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1000));
  const two = (number: number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
