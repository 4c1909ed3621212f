/** By how much values that were taken once a minute rise in an hour: the slope of the line of least squares through them. */
export function slopePerHour(values: readonly number[]): number {
  const [meanAt, mean] = [(values.length - 1) / 2, values.reduce((sum, value) => sum + value, 0) / values.length];
  const together = values.reduce((sum, value, minute) => sum + (minute - meanAt) * (value - mean), 0);
  const spread = values.reduce((sum, _, minute) => sum + (minute - meanAt) ** 2, 0);
  return (together / spread) * 60;
}
