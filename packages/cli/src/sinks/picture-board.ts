import type { NodePicture } from "@mqtt-meet/media/node";
import type { PictureSink } from "./picture-sink.ts";

interface Shown {
  readonly label: string;
  frames: number;
  sinceMs: number;
}

/** Shows pictures in a sink with their frame rate on them. */
export class PictureBoard {
  readonly #sink: PictureSink;
  readonly #nowMs: () => number;
  readonly #shown = new Map<string, Shown>();
  #withText = true;

  constructor(sink: PictureSink, options: { readonly nowMs: () => number }) {
    this.#sink = sink;
    this.#nowMs = options.nowMs;
  }

  /** Takes `picture` over. `label`: whose it is; "" where there is only one. */
  show(key: string, picture: NodePicture, info: { readonly label: string; readonly frameRate: number }): void {
    const shown = this.#shown.get(key) ?? { label: info.label, frames: 0, sinceMs: this.#nowMs() };
    this.#shown.set(key, shown);
    shown.frames++;
    try {
      this.#sink.show(key, picture, info);
    } finally {
      picture.close();
    }
  }

  /** Once a second: writes the frame rate of that second. */
  tick(): void {
    const nowMs = this.#nowMs();
    for (const [key, shown] of this.#shown) {
      const seconds = Math.max(0.001, (nowMs - shown.sinceMs) / 1000);
      const rate = `FPS: ${(shown.frames / seconds).toFixed(2)}`;
      shown.frames = 0;
      shown.sinceMs = nowMs;
      this.#sink.setText(key, this.#withText ? `${rate} ${shown.label}`.trim() : "");
    }
  }

  /** Shows or hides the frame rate. */
  toggle(): void {
    this.#withText = !this.#withText;
    if (!this.#withText) for (const key of this.#shown.keys()) this.#sink.setText(key, "");
  }

  remove(key: string): void {
    if (this.#shown.delete(key)) this.#sink.remove(key);
  }
}
