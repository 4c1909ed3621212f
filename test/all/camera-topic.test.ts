// Cameras outside of meetings, from real publishers on the server's plain port to pictures on the page.
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Page } from "playwright";
import { expect, test } from "vitest";
import { launchChromium } from "../support/launch-chromium.ts";
import { mqttMeet } from "../support/program.ts";
import { describeWith, onPath } from "../support/requirements.ts";
import { startServer } from "../support/start-server.ts";

const WITHIN = { timeout: 60_000 };

/** One JPEG picture of ffmpeg, all of one colour. */
async function jpegOf(colour: string): Promise<Buffer> {
  const source = ["-f", "lavfi", "-i", `color=${colour}:size=320x180`, "-frames:v", "1"];
  const ffmpeg = spawn("ffmpeg", ["-loglevel", "error", ...source, "-f", "mjpeg", "-"]);
  const chunks: Buffer[] = [];
  ffmpeg.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(ffmpeg, "close");
  return Buffer.concat(chunks);
}

/** Publishes one message, as the tutorial's scripts and devices do. */
async function publishOnce(
  port: number,
  { topic, payload }: { topic: string; payload: Buffer | string },
): Promise<void> {
  const program = onPath("mosquitto_pub") ?? "mosquitto_pub";
  const publisher = spawn(program, ["-h", "127.0.0.1", "-p", String(port), "-t", topic, "-s"]);
  publisher.stdin.end(payload);
  const [code] = await once(publisher, "close");
  expect(code).toBe(0);
}

/** The middle of the camera's picture, as red, green and blue. Runs in a page. */
const MIDDLE = `(() => {
  const canvas = document.querySelector("li canvas");
  const context = new OffscreenCanvas(1, 1).getContext("2d");
  context.drawImage(canvas, canvas.width / 2, canvas.height / 2, 1, 1, 0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3).map((value) => Math.round(value / 64)).join();
})()`;

async function watch(page: Page, address: string): Promise<void> {
  const another = page.getByRole("button", { name: "Add a camera" });
  if (await another.isVisible()) await another.click();
  await page.getByRole("textbox", { name: "Camera topic" }).fill(address);
  await page.keyboard.press("Enter");
}

describeWith(["Chromium", "ffmpeg", "mosquitto"], "camera topics on the page", () => {
  test("base64 and raw pictures of any program are shown, text is counted, and nothing else is asked of anybody", async () => {
    await using server = await startServer();
    const browser = await launchChromium();
    try {
      const page = await browser.newPage({ locale: "en-GB" });
      const asked: string[] = [];
      page.on("request", (request) => asked.push(new URL(request.url()).host));
      page.on("websocket", (socket) => asked.push(new URL(socket.url()).host));
      await page.goto(`http://localhost:${server.port}/`);
      await page.getByRole("button", { name: "Watch a camera topic" }).click();

      await watch(page, "plant/camera");
      await page.getByText("Waiting for the first picture from plant/camera.").waitFor(WITHIN);
      await publishOnce(server.mqttPort, { topic: "plant/camera", payload: "ON" });
      await page.getByText("A message came from plant/camera, and it is not a JPEG picture.").waitFor(WITHIN);
      await publishOnce(server.mqttPort, { topic: "plant/camera", payload: (await jpegOf("red")).toString("base64") });
      await expect.poll(() => page.evaluate(MIDDLE), WITHIN).toBe("4,0,0");
      await publishOnce(server.mqttPort, { topic: "plant/camera", payload: await jpegOf("blue") });
      await expect.poll(() => page.evaluate(MIDDLE), WITHIN).toBe("0,0,4");
      await page.getByText(/^Last picture \d+ sec ago$/).waitFor(WITHIN);

      // A second camera that sends all the time, by its address.
      await using publisher = mqttMeet(["publish", server.topic("lab/bench"), "--source", "test", "--size", "320x180"]);
      await watch(page, `ws://localhost:${server.port}/lab/bench`);
      const bench = page.getByRole("listitem", { name: `ws://localhost:${server.port}/lab/bench` });
      await bench.getByText(/^\d+(\.\d)? fps$/).waitFor(WITHIN);
      await page.getByRole("button", { name: "Statistics: lab/bench" }).click();
      await bench.getByText("320×180").waitFor(WITHIN);

      // Another broker than the page's own is not even tried.
      await watch(page, "ws://127.0.0.1:9/yard");
      await page.getByText(/This page may reach its own server's broker only/).waitFor(WITHIN);
      expect(new Set(asked)).toEqual(new Set([`localhost:${server.port}`]));
      expect(publisher.said).not.toContain("Error");
    } finally {
      await browser.close();
    }
  });
});
