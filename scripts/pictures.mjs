// npm run pictures: takes the pictures of docs/pictures from the gallery of views, which shows drawn people.
// With DejaVu Sans, Noto Sans CJK and Noto Color Emoji the pictures come out as they are kept; on Debian it installs them.
// npm run pictures -- FOLDER takes many more as PNG files, to be looked at after a change of the page.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureChromium, ensureFonts } from "./programs.mjs";
import { main, root, ScriptError, setUp } from "./setup.mjs";
import { allShots, keptShots, SIZES } from "./shots.mjs";

const MOST_BYTES = 100_000;
/** Of WebP, from the best: the first that is small enough is taken. */
const QUALITIES = [82, 72, 60, 45];
/** For one step of one picture, on a machine that may do other things. */
const PATIENCE_MS = 60_000;
/** So that the same page gives the same picture on every day. */
const NOON = new Date("2026-03-12T12:00:00");

main(async function pictures() {
  await setUp();
  const executablePath = await ensureChromium();
  await ensureFonts();
  const { chromium } = await import("playwright"); // not there before setUp
  const folder = process.argv[2];
  const pattern = new RegExp(process.argv[3] || ".");
  const server = await openGallery();
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const contextOf = contexts(browser);
    const address = `http://127.0.0.1:${server.httpServer.address().port}/dev/index.html`;
    const shots = (folder ? allShots() : keptShots()).filter((shot) => pattern.test(shot.name));
    for (const shot of shots) await take({ context: await contextOf(shot), address, shot, folder });
  } finally {
    await browser.close();
    await server.close();
  }
});

/** Builds the gallery from the sources, which loads faster than what is compiled anew for each picture, and serves it. */
async function openGallery() {
  const { build, preview } = await import("vite");
  const conditions = ["@mqtt-meet/source", "module", "browser", "development|production"];
  const web = join(root, "apps", "web");
  const config = {
    configFile: join(web, "vite.config.ts"),
    logLevel: "error",
    resolve: { conditions },
    build: {
      outDir: join(root, "node_modules", ".cache", "mqtt-meet", "gallery"),
      emptyOutDir: true,
      minify: false,
      rolldownOptions: { input: join(web, "dev", "index.html") },
    },
    preview: { host: "127.0.0.1", port: 0 },
  };
  await build(config);
  return preview(config);
}

/** One for each kind of window: pictures of the same kind share what was loaded. The gallery keeps nothing in them. */
function contexts(browser) {
  const known = new Map();
  return async ({ size, touch, forced }) => {
    const kind = `${size} ${forced}`;
    if (known.has(kind)) return known.get(kind);
    const context = await browser.newContext({
      viewport: SIZES[size],
      hasTouch: Boolean(touch),
      isMobile: Boolean(touch),
      forcedColors: forced ? "active" : "none",
      reducedMotion: "reduce",
    });
    context.setDefaultTimeout(PATIENCE_MS);
    await context.clock.setFixedTime(NOON);
    known.set(kind, context);
    return context;
  };
}

async function take({ context, address, shot, folder }) {
  const { name, query, keys = [], press = [] } = shot;
  const page = await context.newPage();
  try {
    const errors = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(`${address}?${query}`);
    await page.waitForSelector("main");
    await page.addStyleTag({ content: "* { caret-color: transparent !important }" });
    await page.waitForFunction(() => [...document.querySelectorAll("video")].every((video) => video.videoWidth > 0));
    await page.waitForFunction(() => document.documentElement.dataset.unfinished === undefined);
    await page.waitForTimeout(700);
    for (const label of press) await page.getByRole("button", { name: label }).first().click();
    for (const key of keys) await page.keyboard.press(key);
    if (keys.length + press.length > 0) await page.waitForTimeout(300);
    if (errors.length > 0) throw new ScriptError(`${name}: ${errors[0]}`);
    if (folder) await save(page, join(folder, `${name}.png`));
    else await keep(page, join(root, "docs", "pictures", `${name}.webp`));
  } finally {
    await page.close();
  }
}

async function save(page, path) {
  mkdirSync(join(path, ".."), { recursive: true });
  await page.screenshot({ path });
}

async function keep(page, path) {
  mkdirSync(join(path, ".."), { recursive: true });
  const session = await page.context().newCDPSession(page);
  for (const quality of QUALITIES) {
    const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality });
    const picture = Buffer.from(data, "base64");
    if (picture.length > MOST_BYTES) continue;
    writeFileSync(path, picture);
    return;
  }
  throw new ScriptError(`${path} is larger than ${MOST_BYTES} bytes.`);
}
