/** One line of a plot: second of the measurement, and milliseconds. */
export interface Course {
  readonly title: string;
  /** A colour of SVG. */
  readonly colour: string;
  readonly points: readonly (readonly [number, number])[];
}

const SIZE = { width: 720, height: 300 };
const PLOT = { left: 56, top: 34, right: 704, bottom: 262 };
/** Steps of the scales that people read easily. */
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];
const TICKS = 6;
/** The scale ends above this part of the values; what is higher is drawn at the edge. */
const MOST = 0.995;

/** The latency of pictures over the time of a measurement, as the text of an SVG picture. */
export function latencyPlot({
  title,
  courses,
}: {
  readonly title: string;
  readonly courses: readonly Course[];
}): string {
  const seconds = courses.flatMap(({ points }) => points.map(([second]) => second));
  const values = courses.flatMap(({ points }) => points.map(([, ms]) => ms)).toSorted((a, b) => a - b);
  const endS = Math.max(1, ...seconds);
  const highest = Math.max(10, values[Math.min(values.length - 1, Math.floor(values.length * MOST))] ?? 0);
  const stepMs = stepOf(highest);
  const topMs = Math.ceil(highest / stepMs) * stepMs;
  const x = (second: number) => PLOT.left + (second / endS) * (PLOT.right - PLOT.left);
  const y = (ms: number) => PLOT.bottom - (Math.min(ms, topMs) / topMs) * (PLOT.bottom - PLOT.top);
  const parts = [
    ...ticks(topMs, stepMs).map((ms) => gridLine({ at: y(ms), label: `${ms} ms` })),
    ...ticks(endS, stepOf(endS)).map((second) =>
      text({ x: x(second), y: PLOT.bottom + 18, anchor: "middle" }, `${second} s`),
    ),
    ...courses.map((course) => line(course, { x, y })),
    ...courses.map((course, i) => legend(course, i)),
    text({ x: PLOT.left, y: 20, anchor: "start" }, title),
  ];
  const { width, height } = SIZE;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    ...parts,
    "</svg>",
    "",
  ].join("\n");
}

function stepOf(end: number): number {
  return STEPS.find((step) => end / step <= TICKS) ?? end;
}

function ticks(end: number, step: number): number[] {
  return Array.from({ length: Math.floor(end / step + 1e-9) + 1 }, (_, i) => i * step);
}

function gridLine({ at, label }: { at: number; label: string }): string {
  const stroke = `<line x1="${PLOT.left}" x2="${PLOT.right}" y1="${round(at)}" y2="${round(at)}" stroke="#ddd"/>`;
  return stroke + text({ x: PLOT.left - 6, y: at + 4, anchor: "end" }, label);
}

/** Pictures that follow each other are joined; where some are missing, the line is steep or long. */
function line({ points, colour }: Course, { x, y }: { x: (s: number) => number; y: (ms: number) => number }): string {
  const ordered = points.toSorted(([a], [b]) => a - b);
  const list = ordered.map(([second, ms]) => `${round(x(second))},${round(y(ms))}`).join(" ");
  return `<polyline points="${list}" fill="none" stroke="${colour}" stroke-width="1.2"/>`;
}

function legend({ title, colour }: Course, index: number): string {
  const left = PLOT.right - 110 * (index + 1);
  const swatch = `<rect x="${left}" y="12" width="12" height="8" fill="${colour}"/>`;
  return swatch + text({ x: left + 18, y: 20, anchor: "start" }, title);
}

function text({ x, y, anchor }: { x: number; y: number; anchor: "start" | "middle" | "end" }, words: string): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" fill="#333">${escaped(words)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
