import type { PcmBlock } from "../../codec.ts";
import { BufferPicture } from "../buffer-picture.ts";

export const WIDTH = 320;
export const HEIGHT = 180;
export const FRAME_US = 33_333;
export const START_US = 1_760_000_000_000_000;

/** A bright square that moves over a gradient: something a codec has to follow. */
export function picture(index: number, options: { width?: number; height?: number } = {}): BufferPicture {
  const { width = WIDTH, height = HEIGHT } = options;
  const data = new Uint8Array(width * height * 1.5).fill(128);
  const left = (index * 4) % (width - 40);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const inside = x >= left && x < left + 40 && y >= 20 && y < 60;
      data[y * width + x] = inside ? 235 : 16 + ((x + y) >> 2);
    }
  }
  data.fill(90, width * height, width * height * 1.25);
  return new BufferPicture(data, { timestamp: START_US + index * FRAME_US, widthPx: width, heightPx: height });
}

/** Peak signal-to-noise ratio of the luma in dB: how like the source a picture is. */
export function psnr(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < WIDTH * HEIGHT; i++) sum += ((a[i] ?? 0) - (b[i] ?? 0)) ** 2;
  return 10 * Math.log10(255 ** 2 / Math.max(sum / (WIDTH * HEIGHT), 1e-9));
}

/** Full-range luma of a limited-range picture, to compare with JPEG. */
export const toFullRange = (data: Uint8Array) =>
  data.map((value) => Math.min(255, Math.max(0, ((value - 16) * 255) / 219)));

/** 20 ms of 440 Hz. */
export function tone(index: number): PcmBlock {
  const samples = Float32Array.from({ length: 960 }, (_, i) => {
    return 0.5 * Math.sin((2 * Math.PI * 440 * (index * 960 + i)) / 48_000);
  });
  return { timestampUs: START_US + index * 20_000, sampleRate: 48_000, channels: 1, samples };
}
