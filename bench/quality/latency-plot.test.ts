import { expect, test } from "vitest";
import { latencyPlot } from "./latency-plot.ts";

const points = Array.from({ length: 100 }, (_, i) => [i / 10, 100] as const);

test("a plot has a line for each course, scales that cover them, and titles", () => {
  const plot = latencyPlot({
    title: "P4 <bad> & slow",
    courses: [
      { title: "ours", colour: "green", points },
      { title: "theirs", colour: "red", points: points.map(([s]) => [s, 200] as const) },
    ],
  });
  expect(plot).toContain("P4 &lt;bad> &amp; slow");
  expect(plot).toContain(">200 ms</text>");
  const heights = [...plot.matchAll(/<polyline points="[\d.]+,([\d.]+)/g)].map(([, y]) => Number(y));
  expect(heights).toHaveLength(2);
  expect(heights[0]).toBeGreaterThan(heights[1] ?? Number.NaN); // downwards is later in SVG
});

test("what is far above everything else stays inside the picture", () => {
  const plot = latencyPlot({
    title: "",
    courses: [{ title: "ours", colour: "green", points: [...points, ...points, [5, 9_000]] }],
  });
  const heights = [...plot.matchAll(/ [\d.]+,([\d.-]+)/g)].map(([, y]) => Number(y));
  expect(Math.min(...heights)).toBeGreaterThanOrEqual(34);
});

test("a plot of nothing is a picture, too", () => {
  const plot = latencyPlot({ title: "nothing", courses: [] });
  expect(plot).toMatch(/^<svg /);
  expect(plot).toMatch(/<\/svg>\n$/);
});
