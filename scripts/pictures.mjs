// npm run pictures: takes the pictures of docs/pictures from the gallery of views, which shows drawn people.
// npm run pictures -- FOLDER takes many more as PNG files, to be looked at after a change of the page.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureChromium } from "./programs.mjs";
import { main, root, ScriptError, setUp } from "./setup.mjs";
import { allShots, keptShots, SIZES } from "./shots.mjs";

const MOST_BYTES = 100_000;
/** Of WebP, from the best: the first that is small enough is taken. */
const QUALITIES = [82, 72, 60, 45];
/** The first page waits until everything was compiled, on a machine that may do other things. */
const PATIENCE_MS = 180_000;
/** So that the same page gives the same picture on every day. */
const NOON = new Date("2026-03-12T12:00:00");

main(async function pictures() {
  await setUp();
  const executablePath = await ensureChromium();
  const { chromium } = await import("playwright"); // not there before setUp
  const folder = process.argv[2];
  const pattern = new RegExp(process.argv[3] || ".");
  const server = await startGallery();
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const address = `http://127.0.0.1:${server.config.server.port}/dev/index.html`;
    const shots = (folder ? allShots() : keptShots()).filter((shot) => pattern.test(shot.name));
    for (const shot of shots) await take({ browser, address, shot, folder });
  } finally {
    await browser.close();
    await server.close();
  }
});

/** Serves the page from its sources; nothing needs to be built. */
async function startGallery() {
  const { createServer } = await import("vite");
  const conditions = ["@mqtt-meet/source", "module", "browser", "development|production"];
  const server = await createServer({
    configFile: join(root, "apps", "web", "vite.config.ts"),
    cacheDir: join(root, "node_modules", ".cache", "mqtt-meet", "gallery"),
    logLevel: "error",
    resolve: { conditions },
    server: { host: "127.0.0.1", port: 0 },
  });
  await server.listen();
  server.config.server.port = server.httpServer.address().port;
  return server;
}

async function take({ browser, address, shot, folder }) {
  const { name, size, query, touch, forced, before, click } = shot;
  const context = await browser.newContext({
    viewport: SIZES[size],
    hasTouch: Boolean(touch),
    isMobile: Boolean(touch),
    forcedColors: forced ? "active" : "none",
    reducedMotion: "reduce",
  });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const errors = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await page.clock.setFixedTime(NOON);
    await page.goto(`${address}?${query}`);
    await page.waitForSelector("main");
    await page.waitForFunction(() => [...document.querySelectorAll("video")].every((video) => video.videoWidth > 0));
    await page.waitForTimeout(700);
    if (click)
      await page
        .locator(`main ~ * button[aria-label^="${click}"], aside button[aria-label^="${click}"]`)
        .first()
        .click();
    for (const key of before || []) await page.keyboard.press(key);
    if (before || click) await page.waitForTimeout(300);
    if (errors.length > 0) throw new ScriptError(`${name}: ${errors[0]}`);
    if (folder) await save(page, join(folder, `${name}.png`));
    else await keep(page, join(root, "docs", "pictures", `${name}.webp`));
  } finally {
    await context.close();
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
