/** A line of this many seconds is drawn. */
export const HISTORY_SECONDS = 30;

/** `history` with `value` at its end, no longer than is drawn. */
export function appendRate(history: readonly number[], value: number): readonly number[] {
  return [...history, value].slice(-HISTORY_SECONDS);
}

/** The points of an SVG polyline, newest at the right, `most` at the top. */
export function ratePoints(history: readonly number[], size: { width: number; height: number; most: number }): string {
  const step = size.width / (HISTORY_SECONDS - 1);
  const start = size.width - (history.length - 1) * step;
  return history
    .map((value, index) => {
      const part = Math.min(1, Math.max(0, value / (size.most || 1)));
      return `${(start + index * step).toFixed(1)},${((1 - part) * size.height).toFixed(1)}`;
    })
    .join(" ");
}
