import type { DrawnScene } from "./background-choice.ts";

type Context = OffscreenCanvasRenderingContext2D;

/** Fills the canvas with one of the page's own scenes: calm, a little out of focus, nothing that draws the eye from a face. */
export function paintBackdrop(context: Context, scene: DrawnScene): void {
  context.globalCompositeOperation = "source-over";
  SCENES[scene](context);
}

const SCENES: Readonly<Record<DrawnScene, (context: Context) => void>> = {
  hills: paintHills,
  sea: paintSea,
  wall: paintWall,
};

function paintHills(context: Context): void {
  const { width, height } = context.canvas;
  fill(context, { stops: ["#c9d8dc", "#e7e3d6", "#efdcc4"], to: height * 0.75 });
  const ridges = [
    { at: 0.5, swing: 0.07, turns: 1.3, from: "#a9bcbc", to: "#b9c7c2" },
    { at: 0.62, swing: 0.06, turns: 1.9, from: "#849f9b", to: "#98aea5" },
    { at: 0.76, swing: 0.05, turns: 1.1, from: "#5d7f78", to: "#74938a" },
    { at: 0.9, swing: 0.04, turns: 2.3, from: "#3f6259", to: "#4d7066" },
  ];
  for (const [index, { at, swing, turns, from, to }] of ridges.entries()) {
    context.beginPath();
    context.moveTo(0, height);
    for (let x = 0; x <= width + 8; x += 8) {
      const phase = (x / width) * turns * 2 * Math.PI + index * 2.1;
      context.lineTo(x, height * (at - swing * (Math.sin(phase) + 0.35 * Math.sin(2.3 * phase + index))));
    }
    context.lineTo(width, height);
    context.fillStyle = vertical(context, { stops: [from, to], from: height * (at - swing), to: height });
    context.fill();
  }
}

function paintSea(context: Context): void {
  const { width, height } = context.canvas;
  const horizon = height * 0.56;
  fill(context, { stops: ["#8fb3c7", "#bfd3d9", "#ece3d2"], to: horizon });
  const glow = context.createRadialGradient(width * 0.7, horizon, 0, width * 0.7, horizon, width * 0.45);
  glow.addColorStop(0, "rgb(255 244 219 / 0.85)");
  glow.addColorStop(1, "rgb(255 244 219 / 0)");
  context.fillStyle = glow;
  context.fillRect(0, 0, width, horizon);
  context.fillStyle = vertical(context, { stops: ["#9fbcc2", "#5f8d9b", "#2f6072"], from: horizon, to: height });
  context.fillRect(0, horizon, width, height - horizon);
  for (let band = 0; band < 14; band++) {
    const depth = (band + 1) / 15;
    const middle = width * (0.7 + 0.04 * Math.sin(band * 2.4));
    const reach = width * (0.05 + 0.16 * depth * (0.6 + 0.4 * Math.sin(band * 1.7)));
    context.fillStyle = `rgb(255 246 226 / ${0.34 * (1 - depth)})`;
    context.beginPath();
    context.ellipse(middle, horizon + (height - horizon) * depth ** 1.6, reach, height * 0.006, 0, 0, 2 * Math.PI);
    context.fill();
  }
}

function paintWall(context: Context): void {
  const { width, height } = context.canvas;
  fill(context, { stops: ["#d9d2c7", "#cfc6b9", "#beb3a4"], to: height });
  // The light of a window that is not in the picture.
  context.save();
  context.filter = `blur(${Math.round(width / 90)}px)`;
  context.transform(1, -0.16, 0.22, 1, 0, 0);
  context.fillStyle = "rgb(255 246 228 / 0.5)";
  const [pane, rise, gap] = [width * 0.15, height * 0.24, width * 0.014];
  for (const column of [0, 1]) {
    for (const row of [0, 1]) {
      context.fillRect(width * 0.56 + column * (pane + gap), height * 0.2 + row * (rise + gap), pane, rise);
    }
  }
  context.restore();
  context.fillStyle = vertical(context, { stops: ["#8f7f6b", "#7d6d5b"], from: height * 0.9, to: height });
  context.fillRect(0, height * 0.9, width, height * 0.1);
}

interface Stops {
  readonly stops: readonly string[];
  readonly from?: number;
  readonly to: number;
}

function fill(context: Context, stops: Stops): void {
  context.fillStyle = vertical(context, stops);
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
}

function vertical(context: Context, { stops, from = 0, to }: Stops): CanvasGradient {
  const gradient = context.createLinearGradient(0, from, 0, to);
  for (const [index, color] of stops.entries()) gradient.addColorStop(index / (stops.length - 1), color);
  return gradient;
}
