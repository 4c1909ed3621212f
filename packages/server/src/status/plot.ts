/** One line of a plot; undefined where nothing was measured. */
export interface PlotLine {
  readonly name: "first" | "second";
  /** `x` from 0 (long ago) to 1 (now). */
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

/** In its own units; the page stretches it. */
const [WIDTH, HEIGHT] = [300, 72];

/** The top of a plot: the next of 1, 2 and 5 times a power of ten, and at least `least`. */
export function niceTop(value: number, least: number): number {
  const wanted = Math.max(value, least);
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = [1, 2, 5, 10].find((each) => each * power >= wanted * (1 - 1e-9)) ?? 10;
  return step * power;
}

/** A plot as inline SVG: the first line with the ground under it, the second above without. `label` is for screen readers. */
export function plotSvg(
  lines: readonly PlotLine[],
  { top, label }: { readonly top: number; readonly label: string },
): string {
  const drawn = lines.map(({ name, points }) => {
    const path = pathOf(points, top);
    if (path === "") return "";
    const [first, last] = [points[0]?.x ?? 0, points.at(-1)?.x ?? 0];
    const ground = `${path}L${coordinate(last * WIDTH)} ${HEIGHT}L${coordinate(first * WIDTH)} ${HEIGHT}Z`;
    const under = name === "first" ? `<path class="ground" d="${ground}"/>` : "";
    return `${under}<path class="line ${name}" d="${path}"/>`;
  });
  const half = `<path class="rule" d="M0 ${HEIGHT / 2}H${WIDTH}"/>`;
  return (
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${label}">` +
    `<path class="rule" d="M0 .5H${WIDTH}"/>${half}${drawn.join("")}<path class="base" d="M0 ${HEIGHT - 0.5}H${WIDTH}"/></svg>`
  );
}

function pathOf(points: PlotLine["points"], top: number): string {
  if (points.length < 2) return "";
  const place = ({ x, y }: { x: number; y: number }) => {
    const share = Math.min(1, Math.max(0, y / top));
    return `${coordinate(x * WIDTH)} ${coordinate(1 + (HEIGHT - 2) * (1 - share))}`;
  };
  return `M${points.map(place).join("L")}`;
}

function coordinate(value: number): string {
  return String(Math.round(value * 10) / 10);
}
