import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { BufferPicture } from "../buffer-picture.ts";
import type { NodePicture } from "../node-picture.ts";
import { openSource } from "../open-source.ts";
import type { PictureWindow } from "../picture-window.ts";
import { pictureToRgb } from "../scale-picture.ts";
import { loadSdlLibrary } from "./sdl-library.ts";
import { openSdlWindow } from "./sdl-window.ts";

const sdl = await loadSdlLibrary();
const xvfb = ["/usr/bin/Xvfb", "/usr/local/bin/Xvfb"].find((path) => existsSync(path));
const required = process.env["MQTT_MEET_REQUIRE_ALL"] === "1";

/** A flat picture in video's colours. */
function flat([y, u, v]: readonly [number, number, number], fullRange = false): BufferPicture {
  const data = new Uint8Array(64 * 36 * 1.5);
  data
    .fill(y, 0, 64 * 36)
    .fill(u, 64 * 36, 64 * 36 * 1.25)
    .fill(v, 64 * 36 * 1.25);
  return new BufferPicture(data, { timestamp: 0, widthPx: 64, heightPx: 36, fullRange });
}

const RED = [82, 90, 240] as const;
const BLUE = [41, 240, 110] as const;

describe.skipIf(!required && !(sdl && xvfb))(
  "a window of SDL on a virtual display (libsdl2, xvfb)",
  { timeout: 20_000 },
  () => {
    let stop = () => {};
    const before = process.env["DISPLAY"];
    let window: PictureWindow | undefined;
    const keys: number[] = [];

    beforeAll(async () => {
      if (!sdl || !xvfb) throw new Error("SDL 2 or Xvfb is not installed.");
      const child = spawn(xvfb, ["-displayfd", "3", "-screen", "0", "640x360x24", "-nolisten", "tcp"], {
        stdio: ["ignore", "ignore", "ignore", "pipe"],
      });
      stop = () => child.kill();
      const number = await new Promise<string>((resolve) => {
        child.stdio[3]?.once("data", (data: Buffer) => resolve(data.toString().trim()));
      });
      process.env["DISPLAY"] = `:${number}`;
      window = openSdlWindow(sdl, {
        title: "test",
        widthPx: 640,
        heightPx: 360,
        onKey: (code) => keys.push(code),
        onClose: () => {},
      });
    });

    afterAll(() => {
      window?.close();
      window?.close();
      stop();
      if (before === undefined) delete process.env["DISPLAY"];
      else process.env["DISPLAY"] = before;
    });

    /** What the display shows, through our own screen capture. */
    async function screen(): Promise<(x: number, y: number) => number[]> {
      await using source = await openSource("screen", { widthPx: 640, heightPx: 360, frameRate: 30 });
      const picture = await new Promise<NodePicture>((resolve) => {
        const { video } = source;
        if (video) video.onPicture = resolve;
      });
      const rgb = pictureToRgb(picture, { widthPx: 640, heightPx: 360 });
      picture.close();
      return (x, y) => [...rgb.subarray((y * 640 + x) * 3, (y * 640 + x) * 3 + 3)];
    }

    const near = (colour: number[], [red, green, blue]: readonly [number, number, number]) =>
      Math.max(...[red, green, blue].map((value, i) => Math.abs(value - (colour[i] ?? 0)))) < 45;

    /** The display draws when it comes to it. In the middle is the mouse pointer. */
    async function expectScreen(places: readonly (readonly [number, number, readonly [number, number, number]])[]) {
      await vi.waitFor(
        async () => {
          const at = await screen();
          for (const [x, y, colour] of places)
            expect({ x, y, shown: at(x, y) }).toSatisfy(() => near(at(x, y), colour));
        },
        { timeout: 8_000, interval: 100 },
      );
    }

    test("shows a picture over the whole window, with the frame rate upper left", async () => {
      window?.setText("a", "FPS: 29.97");
      window?.show("a", flat(RED));
      await expectScreen([
        [420, 100, [255, 0, 0]],
        [630, 350, [255, 0, 0]],
      ]);
      const at = await screen();
      const green = Array.from({ length: 120 * 20 }, (_, i) => at(i % 120, Math.floor(i / 120)));
      expect(
        green.filter(([red = 0, value = 0, blue = 0]) => value > 150 && red < 120 && blue < 120).length,
      ).toBeGreaterThan(50);
    });

    test("the frame rate can be hidden, and full-range pictures keep their colours", async () => {
      window?.setText("a", "");
      window?.show("a", flat([76, 85, 255], true));
      await expectScreen([
        [6, 6, [255, 0, 0]],
        [30, 12, [255, 0, 0]],
        [420, 100, [255, 0, 0]],
      ]);
    });

    test("several people lie side by side; who leaves makes room", async () => {
      window?.show("a", flat(RED));
      window?.show("b", flat(BLUE));
      await expectScreen([
        [160, 120, [255, 0, 0]],
        [480, 120, [0, 0, 255]],
      ]);
      window?.remove("a");
      await expectScreen([[420, 100, [0, 0, 255]]]);
    });
  },
);
