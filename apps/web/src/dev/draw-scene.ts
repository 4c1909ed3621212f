/** Drawn pictures in the place of cameras: they need no files, look the same everywhere and show nobody who lives. */
export type Scene =
  | { readonly kind: "person"; readonly number: number }
  | { readonly kind: "bench" }
  | { readonly kind: "slides" };

type Context = CanvasRenderingContext2D;

/** The size in which scenes are drawn. */
export const SCENE_SIZE = { width: 960, height: 540 } as const;

const SKINS = ["#e9b98f", "#8d5a3b", "#f1cdb0", "#b97f56", "#6b432d", "#dba27a"];
const HAIRS = ["#2c211c", "#15110f", "#8a5a34", "#3b3a40", "#b8b2aa", "#5a2f22"];
const CLOTHES = ["#2f5d62", "#8c3f3b", "#3f4a78", "#c8913f", "#5b6e46", "#70506f", "#3a3f46"];
const WALLS = ["#c9d2cf", "#d8cfc0", "#b9c4d1", "#cdbfb8", "#bcc8b6", "#a9b4bd", "#d5d0dc"];

/** Fills `context` with the scene. */
export function drawScene(context: Context, scene: Scene): void {
  if (scene.kind === "person") drawPerson(context, scene.number);
  else if (scene.kind === "bench") drawBench(context);
  else drawSlides(context);
}

function drawPerson(context: Context, number: number): void {
  const { width, height } = SCENE_SIZE;
  const pick = (list: readonly string[], step: number) => list[(number * step + (number >> 2)) % list.length] ?? "#888";
  const wall = context.createLinearGradient(0, 0, width, height);
  wall.addColorStop(0, pick(WALLS, 3));
  wall.addColorStop(1, `color-mix(in oklch, ${pick(WALLS, 3)} 76%, black)`);
  fillRect(context, { x: 0, y: 0, width, height, colour: wall });
  drawRoom(context, number);
  const centre = width / 2 + ((number * 37) % 90) - 45;
  const skin = pick(SKINS, 5);
  const hair = pick(HAIRS, 7);
  if (number % 3 === 1) blob(context, { x: centre, y: 300, rx: 128, ry: 190, colour: hair });
  blob(context, { x: centre, y: 585, rx: 255, ry: 190, colour: pick(CLOTHES, 3) });
  roundRect(context, { x: centre - 46, y: 330, width: 92, height: 110, radius: 40, colour: shade(skin, 86) });
  blob(context, { x: centre, y: 262, rx: 96, ry: 122, colour: skin });
  drawHair(context, { number, centre, hair, skin });
  drawFace(context, { number, centre, hair, skin });
}

function drawHair(context: Context, look: { number: number; centre: number; hair: string; skin: string }): void {
  const { number, centre, hair } = look;
  context.fillStyle = hair;
  context.beginPath();
  context.ellipse(centre, 208, 106, 84, 0, Math.PI * 0.98, Math.PI * 2.02);
  context.quadraticCurveTo(centre + 40, 170 + (number % 4) * 12, centre - 106, 214);
  context.fill();
  if (number % 3 === 2) blob(context, { x: centre, y: 112, rx: 44, ry: 38, colour: hair });
}

function drawFace(context: Context, look: { number: number; centre: number; hair: string; skin: string }): void {
  const { number, centre, hair, skin } = look;
  const dark = "#2a201d";
  for (const side of [-1, 1]) {
    blob(context, { x: centre + side * 36, y: 262, rx: 7, ry: 8, colour: dark });
    line(context, { from: [centre + side * 22, 238], to: [centre + side * 50, 236], width: 6, colour: hair });
    if (number % 4 === 0) ring(context, { x: centre + side * 36, y: 262, radius: 27, colour: "#3b4248" });
  }
  if (number % 4 === 0)
    line(context, { from: [centre - 10, 260], to: [centre + 10, 260], width: 4, colour: "#3b4248" });
  line(context, { from: [centre, 272], to: [centre - 6, 296], width: 5, colour: shade(skin, 78) });
  context.strokeStyle = shade(skin, 55);
  context.lineWidth = 6;
  context.lineCap = "round";
  context.beginPath();
  context.arc(centre, 306, 34, Math.PI * 0.2, Math.PI * 0.8);
  context.stroke();
}

/** What stands behind somebody: a window, a shelf or a plant. */
function drawRoom(context: Context, number: number): void {
  const left = number % 2 === 0 ? 60 : 660;
  const draw = [drawWindow, drawShelf, drawPlant][number % 3];
  draw?.(context, { left, number });
}

function drawWindow(context: Context, { left }: { left: number }): void {
  roundRect(context, { x: left, y: 40, width: 240, height: 260, radius: 6, colour: "#f4f1e8" });
  fillRect(context, { x: left + 12, y: 52, width: 216, height: 236, colour: "#a8c9d8" });
  blob(context, { x: left + 70, y: 300, rx: 110, ry: 70, colour: "#7c9c7d" });
  fillRect(context, { x: left, y: 288, width: 240, height: 30, colour: "#f4f1e8" });
  fillRect(context, { x: left + 116, y: 40, width: 9, height: 260, colour: "#f4f1e8" });
}

function drawShelf(context: Context, { left, number }: { left: number; number: number }): void {
  for (const [row, y] of [90, 230].entries()) {
    for (let book = 0; book < 9; book++) {
      const height = 62 + ((book * 29 + number * 7 + row * 13) % 34);
      const colour = CLOTHES[(book * 3 + row + number) % CLOTHES.length] ?? "#777";
      fillRect(context, { x: left + book * 26, y: y + 100 - height, width: 21, height, colour: shade(colour, 88) });
    }
    fillRect(context, { x: left - 20, y: y + 100, width: 280, height: 12, colour: "#8a6a4c" });
  }
}

function drawPlant(context: Context, { left }: { left: number }): void {
  for (let leaf = 0; leaf < 7; leaf++) {
    context.save();
    context.translate(left + 120, 400);
    context.rotate(((leaf - 3) * Math.PI) / 9);
    blob(context, { x: 0, y: -130, rx: 24, ry: 120, colour: leaf % 2 ? "#4d7358" : "#5f8a68" });
    context.restore();
  }
  roundRect(context, { x: left + 64, y: 390, width: 112, height: 150, radius: 14, colour: "#b3694a" });
}

function drawBench(context: Context): void {
  const { width, height } = SCENE_SIZE;
  fillRect(context, { x: 0, y: 0, width, height, colour: "#6f7f86" });
  fillRect(context, { x: 0, y: 380, width, height: 160, colour: "#a87f55" });
  fillRect(context, { x: 0, y: 380, width, height: 14, colour: "#8c6843" });
  for (let tool = 0; tool < 8; tool++) {
    roundRect(context, {
      x: 110 + tool * 96,
      y: 90,
      width: 18,
      height: 90 + (tool % 3) * 24,
      radius: 9,
      colour: "#2d3438",
    });
    roundRect(context, {
      x: 102 + tool * 96,
      y: 70,
      width: 34,
      height: 40,
      radius: 8,
      colour: tool % 2 ? "#b9463c" : "#d2a13d",
    });
  }
  fillRect(context, { x: 60, y: 56, width: 840, height: 10, colour: "#4d585d" });
  roundRect(context, { x: 330, y: 300, width: 300, height: 130, radius: 10, colour: "#23404a" });
  for (let chip = 0; chip < 6; chip++) {
    roundRect(context, {
      x: 352 + chip * 44,
      y: 326 + (chip % 2) * 40,
      width: 30,
      height: 30,
      radius: 3,
      colour: "#0f1d22",
    });
  }
  blob(context, { x: 600, y: 318, rx: 7, ry: 7, colour: "#6fe3b4" });
  line(context, { from: [630, 365], to: [760, 440], width: 9, colour: "#b9463c" });
  line(context, { from: [630, 385], to: [745, 465], width: 9, colour: "#22282b" });
}

function drawSlides(context: Context): void {
  const { width, height } = SCENE_SIZE;
  fillRect(context, { x: 0, y: 0, width, height, colour: "#fbfaf6" });
  fillRect(context, { x: 60, y: 58, width: 430, height: 26, colour: "#26323a" });
  fillRect(context, { x: 60, y: 100, width: 300, height: 12, colour: "#9aa5aa" });
  for (let row = 0; row < 5; row++) {
    fillRect(context, { x: 60, y: 180 + row * 56, width: 250 - (row % 3) * 40, height: 12, colour: "#5c686e" });
    fillRect(context, { x: 60, y: 200 + row * 56, width: 190 + (row % 2) * 50, height: 10, colour: "#c3cacd" });
  }
  for (let bar = 0; bar < 8; bar++) {
    const tall = 60 + ((bar * 53) % 190) + bar * 12;
    const colour = bar === 6 ? "#14806a" : "#a9cfc4";
    fillRect(context, { x: 400 + bar * 62, y: 460 - tall, width: 42, height: tall, colour });
  }
  fillRect(context, { x: 390, y: 460, width: 510, height: 3, colour: "#26323a" });
}

function shade(colour: string, percent: number): string {
  return `color-mix(in oklch, ${colour} ${percent}%, black)`;
}

function fillRect(
  context: Context,
  box: { x: number; y: number; width: number; height: number; colour: string | CanvasGradient },
): void {
  context.fillStyle = box.colour;
  context.fillRect(box.x, box.y, box.width, box.height);
}

function roundRect(
  context: Context,
  box: { x: number; y: number; width: number; height: number; radius: number; colour: string },
): void {
  context.fillStyle = box.colour;
  context.beginPath();
  context.roundRect(box.x, box.y, box.width, box.height, box.radius);
  context.fill();
}

function blob(context: Context, at: { x: number; y: number; rx: number; ry: number; colour: string }): void {
  context.fillStyle = at.colour;
  context.beginPath();
  context.ellipse(at.x, at.y, at.rx, at.ry, 0, 0, Math.PI * 2);
  context.fill();
}

function ring(context: Context, at: { x: number; y: number; radius: number; colour: string }): void {
  context.strokeStyle = at.colour;
  context.lineWidth = 4;
  context.beginPath();
  context.arc(at.x, at.y, at.radius, 0, Math.PI * 2);
  context.stroke();
}

function line(
  context: Context,
  stroke: { from: readonly [number, number]; to: readonly [number, number]; width: number; colour: string },
): void {
  context.strokeStyle = stroke.colour;
  context.lineWidth = stroke.width;
  context.lineCap = "round";
  context.beginPath();
  context.moveTo(...stroke.from);
  context.lineTo(...stroke.to);
  context.stroke();
}
