import { type ChildProcess, spawn } from "node:child_process";
import { BufferPicture } from "./buffer-picture.ts";
import type { Size } from "./fit-size.ts";
import type { NodePicture } from "./node-picture.ts";
import { packPlanes } from "./pack-planes.ts";
import type { PictureWindow, PictureWindowOptions } from "./picture-window.ts";
import { textBitmap } from "./text-bitmap.ts";
import { Y4mWriter } from "./y4m.ts";

/** Above any camera's, so that ffplay never waits before it shows a picture that has come. */
const FRAME_RATE = 120;
/** Pictures beyond this are dropped: the player is behind. */
const MAX_WAITING_PICTURES = 1;

/**
 * A window of the program ffplay, for systems without SDL as a library. It shows the first of several people only, and
 * Q and Escape close it. Calls `onMissing` where the program is not there.
 */
export function openFfplayWindow(options: PictureWindowOptions & { readonly onMissing: () => void }): PictureWindow {
  const size = ["-x", String(options.widthPx), "-y", String(options.heightPx)];
  const live = ["-fflags", "nobuffer", "-flags", "low_delay", "-framedrop", "-sync", "video", "-infbuf"];
  const input = ["-f", "yuv4mpegpipe", "-i", "pipe:0"];
  const child = spawn(
    "ffplay",
    ["-loglevel", "quiet", "-nostats", "-window_title", options.title, ...size, ...live, ...input],
    { stdio: ["pipe", "ignore", "ignore"] },
  );
  return new FfplayWindow(child, options);
}

class FfplayWindow implements PictureWindow {
  readonly #child: ChildProcess;
  readonly #writer = new Y4mWriter({ frameRate: FRAME_RATE });
  #key: string | undefined;
  #text = "";
  #closed = false;

  constructor(child: ChildProcess, options: PictureWindowOptions & { readonly onMissing: () => void }) {
    this.#child = child;
    child.on("error", () => options.onMissing());
    child.on("exit", () => {
      if (!this.#closed) options.onClose();
    });
    // A pipe that breaks is followed by the exit.
    child.stdin?.on("error", () => {});
  }

  show(key: string, picture: NodePicture): void {
    const { stdin } = this.#child;
    this.#key ??= key;
    if (this.#closed || !stdin || key !== this.#key) return;
    const pictureBytes = picture.displayWidth * picture.displayHeight * 1.5;
    if (stdin.writableLength > MAX_WAITING_PICTURES * pictureBytes) return;
    stdin.write(this.#text === "" ? this.#writer.write(picture) : this.#writeWithText(picture));
  }

  setText(key: string, text: string): void {
    if (key === this.#key) this.#text = text;
  }

  setTitle(): void {}

  remove(key: string): void {
    if (key === this.#key) this.#key = undefined;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#child.stdin?.destroy();
    this.#child.kill();
  }

  #writeWithText(picture: NodePicture): Buffer {
    const size = { widthPx: picture.displayWidth, heightPx: picture.displayHeight };
    const planes = packPlanes(picture);
    drawText(planes, size, this.#text);
    const { timestamp, fullRange } = picture;
    return this.#writer.write(new BufferPicture(planes, { timestamp, ...size, fullRange }));
  }
}

/** Green in the colours of video: brightness, and how blue and how red it is. */
const GREEN = { y: 173, u: 42, v: 26 };

/** Draws `text` on packed planes, upper left. */
function drawText(planes: Buffer, { widthPx, heightPx }: Size, text: string): void {
  const scale = Math.max(2, Math.round(heightPx / 180));
  const bitmap = textBitmap(text, { scale });
  const chromaWidth = (widthPx + 1) >> 1;
  const chromaStart = widthPx * heightPx;
  const chromaBytes = chromaWidth * ((heightPx + 1) >> 1);
  for (let y = 0; y < Math.min(bitmap.heightPx, heightPx); y++) {
    for (let x = 0; x < Math.min(bitmap.widthPx, widthPx); x++) {
      const green = bitmap.rgba[(y * bitmap.widthPx + x) * 4 + 1] === 255;
      if (!green) continue;
      const chroma = chromaStart + (y >> 1) * chromaWidth + (x >> 1);
      planes[y * widthPx + x] = GREEN.y;
      planes[chroma] = GREEN.u;
      planes[chroma + chromaBytes] = GREEN.v;
    }
  }
}
